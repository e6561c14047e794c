package analysis

import (
	"net/url"
	"strings"
	"testing"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/part"
)

func incident() *hindcast.Postmortem {
	return &hindcast.Postmortem{
		Incident: hindcast.Incident{Title: "Search answered slowly", Kind: hindcast.KindIncident}, Status: hindcast.StatusDraft,
		Factors: []hindcast.Factor{
			{ID: "a", Description: "the pool was empty", LedTo: []hindcast.Edge{{To: hindcast.Outcome}}},
			{ID: "b", Description: "nobody owned the pool", LedTo: []hindcast.Edge{{To: "a"}}},
		},
		Timeline: []hindcast.Entry{{ID: "e1", Kind: hindcast.Symptom, Title: "empty", Evidence: []hindcast.Ref{{File: "a.log", Line: 1}}}},
	}
}

func TestDecide(t *testing.T) {
	for _, tt := range []struct {
		name, sent string
		want       string // the paths of the changes, or the beginning of the error
	}{
		{"an answer", "do=add&at=a&to=a&description=It+was+small&again=1", "factors/f-it-was-small"},
		{"an empty answer", "do=add&at=a&to=a&description=+", "the factor says nothing"},
		{"a root without an answer", "do=set&at=a&description=x&tag=root", "answer first"},
		{"a root with its answer", "do=set&at=a&description=x&tag=root&counterfactual.answer=no", "factors/a"},
		{"a circle", "do=link&at=a&way=to&to=b", "that would make a circle"},
		{"a link the other way", "do=link&at=a&way=from&to=b&how=so", "factors/b"},
		{"a link to nothing", "do=link&at=a&way=to", "choose what it is linked to"},
		{"an unlink", "do=unlink&at=a&from=b&to=a", "factors/b"},
		{"a split", "do=split&at=b&parts=one%0Atwo%0A", "factors/b factors/f-two"},
		{"a split of one", "do=split&at=b&parts=one", "write at least two thoughts"},
		{"a merge", "do=merge&at=a&other=b", "factors/a factors/b"},
		{"ruled out", "do=rule-out&at=b&by=a+test", "factors/b"},
		{"evidence", "do=evidence&at=b&entry=e1", "factors/b"},
		{"evidence of nothing", "do=evidence&at=b&entry=e9", "choose the entry"},
		{"evidence that is gone", "do=detach&at=b&ref=0", "the evidence changed"},
		{"something else", "do=dance&at=b", "there is no act"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sent, err := url.ParseQuery(tt.sent)
			if err != nil {
				t.Fatal(err)
			}
			d, err := decide(incident(), hindcast.Policy{}, sent)
			if err != nil {
				if !strings.HasPrefix(err.Error(), tt.want) {
					t.Errorf("decide = %v, want %s", err, tt.want)
				}
				return
			}
			var got []string
			for _, c := range d.changes {
				got = append(got, c.Path)
			}
			if s := strings.Join(got, " "); s != tt.want {
				t.Errorf("decide changes %s, want %s", s, tt.want)
			}
			if _, _, err := part.Apply(*incident(), d.changes); err != nil {
				t.Errorf("the changes do not fit: %v", err)
			}
		})
	}
}

func TestAnActIsMadeFromWhatThePanelShowed(t *testing.T) {
	d, err := decide(incident(), hindcast.Policy{}, url.Values{"do": {"rule-out"}, "at": {"b"}, "by": {"a test"}, "base": {"stale"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := part.Apply(*incident(), d.changes); err == nil {
		t.Error("a change from a stale version was made")
	}
}
