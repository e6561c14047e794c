package grafana_test

import (
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/connector/grafana"
)

var begun = time.Date(2024, 3, 15, 13, 37, 0, 500_000_000, time.UTC)

// fetch reads every page, each by a connection opened anew, as after a crash.
func fetch(t *testing.T, g *grafana.Grafana, w connector.Window) (out []connector.File, err error) {
	t.Helper()
	for after, pages := "", 0; pages == 0 || after != ""; pages++ {
		b, err := g.Fetch(t.Context(), w, after)
		if err != nil || pages > 100 {
			return out, err
		}
		out = append(out, b.Files...)
		after = b.Next
	}
	return out, nil
}

// ids are those of the annotations in files, in order.
func ids(t *testing.T, files []connector.File) (out []int64) {
	t.Helper()
	for _, f := range files {
		var list []note
		if err := json.Unmarshal(f.Body, &list); err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		for _, n := range list {
			out = append(out, n.ID)
		}
	}
	slices.Sort(out)
	return out
}

// TestEveryAnnotationComesOnce pages through windows in which points and regions
// lie at random, many of them in the same moment, and across the window's ends.
func TestEveryAnnotationComesOnce(t *testing.T) {
	w := connector.Window{From: begun, To: begun.Add(time.Hour)}
	from, to := w.From.UnixMilli(), w.To.UnixMilli()
	for name, within := range map[string]int64{"spread": 3_600_000, "crowded": 40, "in one moment": 1} {
		t.Run(name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, uint64(within)))
			b := &board{}
			var want []int64
			for id := int64(1); id <= 5000; id++ {
				at := from - 200_000 + r.Int64N(within) + r.Int64N(2)*300_000
				n := note{ID: id, Time: at, TimeEnd: at}
				if id%7 == 0 {
					n.TimeEnd += r.Int64N(7_200_000)
				}
				b.notes = append(b.notes, n)
				if n.Time <= to && n.TimeEnd >= from {
					want = append(want, id)
				}
			}
			files, err := fetch(t, server(t, run(t, b), nil), w)
			if err != nil {
				t.Fatal(err)
			}
			if got := ids(t, files); !slices.Equal(got, want) {
				t.Errorf("%d annotations on %d pages, want %d, each once", len(got), len(files), len(want))
			}
			if len(files) < 2 {
				t.Errorf("one page for %d annotations; the test does not test pages", len(want))
			}
		})
	}
}

func TestMoreInOneMomentThanCanBeTold(t *testing.T) {
	b := &board{}
	for id := range int64(16_001) {
		b.notes = append(b.notes, note{ID: id, Time: begun.UnixMilli(), TimeEnd: begun.UnixMilli()})
	}
	_, err := fetch(t, server(t, run(t, b), nil), connector.Window{From: begun, To: begun.Add(time.Hour)})
	if hindcast.CodeOf(err) != hindcast.Invalid || !strings.Contains(err.Error(), "choose tags") {
		t.Errorf("Fetch = %v, want what to do", err)
	}
}

// TestWhatIsFetched looks at the requests, the names and the bytes.
func TestWhatIsFetched(t *testing.T) {
	at := begun.UnixMilli()
	b := &board{notes: []note{
		{ID: 1, Dashboard: "d1", Time: at, TimeEnd: at + 5, Text: "checkout v3", Tags: []string{"deploy"}},
		{ID: 2, Dashboard: "d2", Time: at, TimeEnd: at, Tags: []string{"flag", "deploy"}},
		{ID: 3, Dashboard: "d1", Time: at, TimeEnd: at, NewState: "Alerting"},
		{ID: 4, Dashboard: "d3", Time: at, TimeEnd: at, Tags: []string{"deploy"}},
		{ID: 5, Dashboard: "d1", Time: at, TimeEnd: at, Tags: []string{"deploy", "hindcast-i-1"}},
	}}
	var asked []string
	base := run(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.RequestURI())
		b.ServeHTTP(w, r)
	}))
	g := server(t, base, map[string]string{"dashboards": "d1\nd2\n", "tags": "deploy\nflag", "type": "annotation", "datasource": "prom1", "queries": "up"})
	files, err := fetch(t, g, connector.Window{From: begun, To: begun.Add(6 * time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range files {
		names = append(names, f.Name+" of "+f.Source)
	}
	want := []string{
		"annotations-d1.json of Grafana annotations of dashboard d1", "annotations-d2.json of Grafana annotations of dashboard d2",
		"prom1/01-up.json of Grafana data source prom1 up", `prom1/alerts.json of Grafana data source prom1 ALERTS{alertstate="firing"}`,
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if got, want := string(files[0].Body), `[{"id":1,"dashboardUID":"d1","time":1710509820500,"timeEnd":1710509820505,"text":"checkout v3","tags":["deploy"],"newState":""}]`+"\n"; got != want {
		t.Errorf("what came is handed on as %s, want %s", got, want)
	}
	want = []string{
		"/api/annotations?dashboardUID=d1&from=1710509820500&limit=1000&matchAny=true&tags=deploy&tags=flag&to=1710531420500&type=annotation",
		"/api/annotations?dashboardUID=d2&from=1710509820500&limit=1000&matchAny=true&tags=deploy&tags=flag&to=1710531420500&type=annotation",
		"/api/datasources/proxy/uid/prom1/api/v1/query_range?end=1710531420.500&query=up&start=1710509820.500&step=6",
		"/api/datasources/proxy/uid/prom1/api/v1/query_range?end=1710531420.500&query=ALERTS%7Balertstate%3D%22firing%22%7D&start=1710509820.500&step=6",
	}
	if diff := cmp.Diff(want, asked); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	asked = nil
	if _, err := fetch(t, g, connector.Window{From: begun, To: begun.Add(6 * time.Hour), Query: "[prom1] rate(x[1m])"}); err != nil {
		t.Error(err)
	}
	if want := []string{"/api/datasources/proxy/uid/prom1/api/v1/query_range?end=1710531420.500&query=rate%28x%5B1m%5D%29&start=1710509820.500&step=6"}; !slices.Equal(asked, want) {
		t.Errorf("for a query of its own it asks %q, want %q", asked, want)
	}
}

func TestPagesThatThereAreNot(t *testing.T) {
	g := server(t, run(t, &board{}), map[string]string{"datasource": "prom1", "queries": "up"})
	for _, after := range []string{"x", "1", "-1", "0:x", "query:", "query:2", "query:-1", "99999999999"} {
		if _, err := g.Fetch(t.Context(), connector.Window{}, after); hindcast.CodeOf(err) != hindcast.Invalid {
			t.Errorf("after %q: %v, want %s", after, err, hindcast.Invalid)
		}
	}
	if _, err := server(t, "http://grafana.example.org", nil).Fetch(t.Context(), connector.Window{Query: "up"}, ""); hindcast.CodeOf(err) != hindcast.Invalid {
		t.Errorf("a query of no data source: %v, want %s", err, hindcast.Invalid)
	}
}
