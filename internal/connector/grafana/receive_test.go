package grafana_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/connector/connectortest"
	"github.com/hindcast/hindcast/internal/connector/grafana"
)

func receiver(key string) (connector.Receiver, error) {
	v, err := grafana.Vendor().Open(settings("https://grafana.example.org", map[string]string{"secret": key}), connector.Deps{})
	if err != nil {
		return nil, err
	}
	return v.(connector.Receiver), nil
}

// signed signs in Grafana's way, with the time or without.
func signed(timed bool) func([]byte, time.Time, string) http.Header {
	return func(body []byte, at time.Time, key string) http.Header {
		h := http.Header{}
		mac := hmac.New(sha256.New, []byte(key))
		if timed {
			seconds := strconv.FormatInt(at.Unix(), 10)
			h.Set("X-Grafana-Alerting-Timestamp", seconds)
			mac.Write([]byte(seconds + ":"))
		}
		mac.Write(body)
		h.Set("X-Grafana-Alerting-Signature", hex.EncodeToString(mac.Sum(nil)))
		return h
	}
}

func bearer(_ []byte, _ time.Time, key string) http.Header {
	return http.Header{"Authorization": {"Bearer " + key}}
}

func basic(_ []byte, _ time.Time, key string) http.Header {
	r := http.Request{Header: http.Header{}}
	r.SetBasicAuth("hindcast", key)
	return r.Header
}

const firing = `{"receiver":"Hindcast","status":"firing","orgId":1,"version":"1","groupKey":"{}/{team=\"shop\"}:{alertname=\"CheckoutErrors\"}","state":"alerting","title":"[FIRING:2] CheckoutErrors",
"commonLabels":{"alertname":"CheckoutErrors","severity":"critical","service":"checkout"},"commonAnnotations":{"summary":"checkout answers 5xx"},"externalURL":"https://grafana.example.org/",
"alerts":[{"status":"firing","labels":{"alertname":"CheckoutErrors"},"startsAt":"2024-03-15T14:38:30+01:00","endsAt":"0001-01-01T00:00:00Z","generatorURL":"https://grafana.example.org/alerting/a/edit"},
{"status":"firing","labels":{"alertname":"CheckoutErrors"},"startsAt":"2024-03-15T14:37:30+01:00","endsAt":"0001-01-01T00:00:00Z"}]}`

const resolved = `{"status":"resolved","orgId":1,"version":"1","groupKey":"{}/{team=\"shop\"}:{alertname=\"CheckoutErrors\"}","commonLabels":{"alertname":"CheckoutErrors"},"title":"[RESOLVED]","externalURL":"https://grafana.example.org/",
"alerts":[{"status":"resolved","labels":{"alertname":"CheckoutErrors"},"startsAt":"2024-03-15T14:38:30+01:00","endsAt":"2024-03-15T15:00:00+01:00","generatorURL":"https://grafana.example.org/alerting/a/edit"}]}`

const trial = `{"status":"firing","orgId":1,"version":"1","groupKey":"test","title":"[FIRING:1] TestAlert","alerts":[{"labels":{"alertname":"TestAlert","instance":"Grafana"},"startsAt":"2024-03-15T14:38:30Z"}]}`

func TestReceiverConformance(t *testing.T) {
	for name, s := range map[string]connectortest.Sender{
		"signed with the time": {Sign: signed(true), Timed: true},
		"signed":               {Sign: signed(false)},
		"bearer":               {Sign: bearer, Unsigned: true},
		"basic":                {Sign: basic, Unsigned: true},
	} {
		t.Run(name, func(t *testing.T) {
			s.Open, s.Body, s.Tells = receiver, []byte(firing), 1
			connectortest.Receiver(t, s)
		})
	}
}

// TestWhatDoesNotProve holds that nothing weaker is taken when a request says that
// it is signed, and that the secret before holds for its day only.
func TestWhatDoesNotProve(t *testing.T) {
	now := time.Unix(1773583200, 0)
	body := []byte(firing)
	without := signed(true)(body, now, "s")
	without.Del("X-Grafana-Alerting-Timestamp")
	added := signed(false)(body, now, "s")
	added.Set("X-Grafana-Alerting-Timestamp", strconv.FormatInt(now.Unix(), 10))
	both := signed(false)(body, now, "wrong")
	both.Set("Authorization", "Bearer s")
	for name, tt := range map[string]struct {
		header http.Header
		at     time.Time
		want   hindcast.Code
	}{
		"the time is taken away":                {without, now, hindcast.Denied},
		"a time is added":                       {added, now, hindcast.Denied},
		"a wrong signature beside the secret":   {both, now, hindcast.Denied},
		"an empty secret":                       {http.Header{"Authorization": {"Bearer "}}, now, hindcast.Denied},
		"another scheme":                        {http.Header{"Authorization": {"Token s"}}, now, hindcast.Denied},
		"the secret before, on its day":         {bearer(nil, now, "old"), now, ""},
		"the secret before, signed":             {signed(true)(body, now, "old"), now, ""},
		"the secret before, when it is over":    {bearer(nil, now, "old"), now.Add(25 * time.Hour), hindcast.Denied},
		"signed with it, when it is over":       {signed(false)(body, now, "old"), now.Add(25 * time.Hour), hindcast.Denied},
		"six minutes old, and signed with time": {signed(true)(body, now, "s"), now.Add(6 * time.Minute), hindcast.Denied},
	} {
		v, err := grafana.Vendor().Open(settings("https://grafana.example.org", map[string]string{"secret.old": "old", "secret.until": now.Add(24 * time.Hour).UTC().Format(time.RFC3339)}), connector.Deps{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := v.(connector.Receiver).Receive(tt.header, body, tt.at); hindcast.CodeOf(err) != tt.want {
			t.Errorf("%s: %v, want %q", name, err, tt.want)
		}
	}
}

func TestWhatANotificationTells(t *testing.T) {
	at := func(clock string) time.Time {
		x, err := time.Parse(time.RFC3339, "2024-03-15T"+clock+"Z")
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	for name, tt := range map[string]struct {
		body string
		want connector.Notice
	}{
		"a group of two":           {firing, connector.Notice{Kind: connector.IncidentOpened, Title: "checkout answers 5xx", Severity: "critical", Service: "checkout", At: at("13:37:30"), URL: "https://grafana.example.org/"}},
		"it is over":               {resolved, connector.Notice{Kind: connector.IncidentResolved, Title: "CheckoutErrors", At: at("14:00:00"), URL: "https://grafana.example.org/alerting/a/edit"}},
		"a trial of the contact":   {trial, connector.Notice{Kind: connector.NothingToDo, Title: "[FIRING:1] TestAlert", At: at("14:38:30")}},
		"over, at a time not told": {`{"status":"resolved","version":"1","groupKey":"k","alerts":[{"labels":{"alertname":"A"}}]}`, connector.Notice{Kind: connector.IncidentResolved, At: at("16:00:00")}},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := receiver("s")
			if err != nil {
				t.Fatal(err)
			}
			got, err := r.Receive(bearer(nil, time.Time{}, "s"), []byte(tt.body), at("16:00:00"))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]connector.Notice{tt.want}, got, cmpopts.IgnoreFields(connector.Notice{}, "ID", "Ref")); diff != "" {
				t.Errorf("notices (-want +got):\n%s", diff)
			}
		})
	}
	r, err := receiver("s")
	if err != nil {
		t.Fatal(err)
	}
	first, _ := r.Receive(bearer(nil, time.Time{}, "s"), []byte(firing), at("16:00:00"))
	last, _ := r.Receive(bearer(nil, time.Time{}, "s"), []byte(resolved), at("16:00:00"))
	if first[0].Ref != last[0].Ref || first[0].ID == last[0].ID {
		t.Errorf("it fires as %q and is over as %q: one incident, two notices", first[0].Ref, last[0].Ref)
	}
	for _, body := range []string{`{}`, `[]`, `{"version":"4","groupKey":"k","status":"firing","alerts":[{}]}`, `{"version":"1","groupKey":"k","status":"odd","alerts":[{}]}`, `{"version":"1","groupKey":"k","status":"firing"}`} {
		if _, err := r.Receive(bearer(nil, time.Time{}, "s"), []byte(body), at("16:00:00")); hindcast.CodeOf(err) != hindcast.Invalid {
			t.Errorf("%s: %v, want %s", body, err, hindcast.Invalid)
		}
	}
}
