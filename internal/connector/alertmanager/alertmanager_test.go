package alertmanager_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/connector/alertmanager"
	"github.com/hindcast/hindcast/internal/connector/connectortest"
	"github.com/hindcast/hindcast/internal/secret"
)

const firing = `{"receiver":"hindcast","status":"firing","alerts":[
 {"status":"firing","labels":{"alertname":"ErrorRateHigh","service":"checkout-api","severity":"critical"},"startsAt":"2024-05-12T18:24:30Z","endsAt":"0001-01-01T00:00:00Z"},
 {"status":"firing","labels":{"alertname":"ErrorRateHigh","service":"checkout-api","severity":"critical"},"startsAt":"2024-05-12T18:23:10Z","endsAt":"0001-01-01T00:00:00Z"}],
 "commonLabels":{"alertname":"ErrorRateHigh","service":"checkout-api","severity":"critical"},"commonAnnotations":{"summary":"One checkout in three fails"},"externalURL":"https://alerts.example.org","version":"4","groupKey":"{}:{alertname=\"ErrorRateHigh\"}"}`

const resolved = `{"receiver":"hindcast","status":"resolved","alerts":[{"status":"resolved","startsAt":"2024-05-12T18:24:30Z","endsAt":"2024-05-12T19:04:00Z"},{"status":"resolved","startsAt":"2024-05-12T18:23:10Z","endsAt":"2024-05-12T19:01:00Z"}],
 "commonLabels":{"alertname":"ErrorRateHigh"},"version":"4","groupKey":"{}:{alertname=\"ErrorRateHigh\"}"}`

func open(s connector.Settings) (connector.Receiver, error) {
	v, err := alertmanager.Vendor().Open(s, connector.Deps{})
	if err != nil {
		return nil, err
	}
	return v.(connector.Receiver), nil
}

func bearer(token string) http.Header { return http.Header{"Authorization": {"Bearer " + token}} }

// TestConformance leaves out what only a signature of the body can hold: a bearer
// token does not prove that nothing was changed on the way.
func TestConformance(t *testing.T) {
	connectortest.Receiver(t, connectortest.Sender{
		Open: func(credential string) (connector.Receiver, error) {
			return open(connector.Settings{"token": secret.New(credential)})
		},
		Sign:  func(_ []byte, _ time.Time, credential string) http.Header { return bearer(credential) },
		Body:  []byte(firing),
		Tells: 1, Unsigned: true,
	})
}

func TestAGroupOfAlertsIsAnIncident(t *testing.T) {
	r, err := open(connector.Settings{"token": secret.New("t")})
	if err != nil {
		t.Fatal(err)
	}
	read := func(body string) connector.Notice {
		t.Helper()
		got, err := r.Receive(bearer("t"), []byte(body), time.Now())
		if err != nil || len(got) != 1 {
			t.Fatalf("Receive = %+v, %v", got, err)
		}
		return got[0]
	}
	one, two := read(firing), read(resolved)
	if one.Ref != two.Ref || one.ID == two.ID || one.Ref == "" {
		t.Errorf("refs %q and %q, ids %q and %q; want one ref and two ids", one.Ref, two.Ref, one.ID, two.ID)
	}
	one.ID, one.Ref, two.ID, two.Ref = "", "", "", ""
	want := []connector.Notice{
		{Kind: connector.IncidentOpened, Title: "One checkout in three fails", Severity: "critical", Service: "checkout-api", At: time.Date(2024, 5, 12, 18, 23, 10, 0, time.UTC), URL: "https://alerts.example.org"},
		{Kind: connector.IncidentResolved, Title: "ErrorRateHigh", At: time.Date(2024, 5, 12, 19, 4, 0, 0, time.UTC)},
	}
	if diff := cmp.Diff(want, []connector.Notice{one, two}); diff != "" {
		t.Errorf("notices (-want +got):\n%s", diff)
	}
}

// TestTheTokenBeforeWorksForAWhile is so that both sides can change it in their own
// time.
func TestTheTokenBeforeWorksForAWhile(t *testing.T) {
	until := time.Date(2024, 5, 13, 0, 0, 0, 0, time.UTC)
	r, err := open(connector.Settings{"token": secret.New("new"), "token.old": secret.New("old"), "token.until": secret.New(until.Format(time.RFC3339))})
	if err != nil {
		t.Fatal(err)
	}
	for at, want := range map[time.Time]hindcast.Code{until.Add(-time.Hour): "", until.Add(time.Hour): hindcast.Denied} {
		if _, err := r.Receive(bearer("old"), []byte(firing), at); hindcast.CodeOf(err) != want {
			t.Errorf("the old token at %s: %v, want %q", at, err, want)
		}
	}
}
