package unpack_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/store/unpack"
)

type inner struct {
	Phases  hindcast.Phases
	Private int `json:"-"`
}

type sample struct {
	Text  string            `json:"text"`
	Kind  hindcast.Tag      `json:"kind,omitempty"`
	N     int               `json:"n"`
	Small int8              `json:"small"`
	F     float64           `json:"f"`
	Yes   bool              `json:"yes"`
	At    time.Time         `json:"at,omitzero"`
	On    hindcast.Date     `json:"on,omitzero"`
	Ptr   *float64          `json:"ptr"`
	List  []inner           `json:"list"`
	Names []string          `json:"names"`
	Map   map[string]string `json:"map"`
	hindcast.Phases
	Plain int
}

func TestUnpackReadsWhatEncodingJSONReads(t *testing.T) {
	u := unpack.For[sample]()
	for _, text := range []string{
		`{}`, `null`, `{"text":"a","kind":"root","n":-12,"f":1.5e3,"yes":true,"at":"2024-03-15T10:00:00.123456Z","on":"2024-03-15"}`,
		`{"text":"tab\t quote\" back\\ slash\/ \u00e9 \ud83d\ude00 \ud83d"}`, `{"text":"é 😀"}`, "{\"text\":\"\xff\"}", "{\"text\":\"a\nb\"}", `{"text":"a\"`,
		`{"ptr":null}`, `{"ptr":3}`, `{"ptr":-0.0}`, `{"list":null}`, `{"list":[]}`, `{"list":[{},{"Phases":{"started_at":"2024-03-15T10:00:00+05:30"}}]}`,
		`{"names":["a","b","c"]}`, `{"map":{}}`, `{"map":{"a":"b","c":"d"}}`, `{"map":null}`, `{"started_at":"2024-03-15T10:00:00Z","Plain":1}`,
		`{"n":1,"text":"out of order"}`, `{"TEXT":"another case"}`, `{"unknown":[{"a":1}],"n":2}`, `{ "n" : 3 }`, `{"n":1.5}`, `{"n":300,"small":300}`, `{"n":"1"}`, `{"n":01}`, `{"n":+1}`, `{"f":.5}`, `{"f":5.}`, `{"f":01}`, `{"f":1e400}`,
		`{"text":1}`, `{"at":"2024-03-15"}`, `{"at":"2024-03-15T10:00:00,5Z"}`, `{"at":"2024-03-15T1:00:00Z"}`, `{"at":null}`, `{"on":""}`, `{"on":"March"}`, `{"yes":tru}`, `{"yes":null}`, `{"list":[,]}`, `{"list":[{}`, `{"n":1,}`, `{"n":1}x`, `{"n":1,"n":2}`, `{"list":[{"Phases":{"started_at":"2024-03-15T10:00:00Z"}}],"list":[{}]}`, ``, `[`, `"`, `{"`, `{"text"`,
	} {
		check(t, u, text)
	}
}

func check[T any](t *testing.T, u *unpack.Unpacker[T], text string) {
	t.Helper()
	var want T
	wantErr := json.Unmarshal([]byte(text), &want)
	got, err := u.Unpack(text)
	if (err == nil) != (wantErr == nil) {
		t.Errorf("%s: error %v, encoding/json says %v", text, err, wantErr)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-encoding/json +unpack):\n%s", text, diff)
	}
}

func FuzzUnpack(f *testing.F) {
	p := hindcast.Postmortem{Incident: hindcast.Incident{Title: "a \"b\" <c> \u2028", Phases: hindcast.Phases{StartedAt: time.Unix(1710496800, 0).UTC()}},
		Actions: []hindcast.ActionItem{{ID: "a1", Due: hindcast.Date{Year: 2024, Month: 3, Day: 15}, Verification: &hindcast.Verification{How: "seen"}}}}
	text, err := json.Marshal(p)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(text))
	f.Add(`{"incident":{"phase_why":{"started_at":"x"},"impact":{"users":{"state":"measured","value":12.5}}},"timeline":[{"evidence":[{"line":3}]}]}`)
	u, s := unpack.For[hindcast.Postmortem](), unpack.For[sample]()
	f.Fuzz(func(t *testing.T, text string) {
		check(t, u, text)
		check(t, s, text)
	})
}
