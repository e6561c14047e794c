package grafana_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/connector/connectortest"
	"github.com/hindcast/hindcast/internal/connector/grafana"
	"github.com/hindcast/hindcast/internal/outhttp"
	"github.com/hindcast/hindcast/internal/secret"
)

// settings are those of the tests, with some changed.
func settings(base string, changed map[string]string) connector.Settings {
	s := connector.Settings{"url": secret.New(base), "token": secret.New("t"), "secret": secret.New("s")}
	for k, v := range changed {
		s[k] = secret.New(v)
	}
	return s
}

func server(t *testing.T, base string, changed map[string]string) *grafana.Grafana {
	t.Helper()
	v, err := grafana.Vendor().Open(settings(base, changed), connector.Deps{Now: time.Now, HTTP: outhttp.New(outhttp.Config{Now: time.Now, Private: true})})
	if err != nil {
		t.Fatal(err)
	}
	return v.(*grafana.Grafana)
}

// note is an annotation of a board.
type note struct {
	ID        int64           `json:"id"`
	Dashboard string          `json:"dashboardUID"`
	Time      int64           `json:"time"`
	TimeEnd   int64           `json:"timeEnd"`
	Text      string          `json:"text"`
	Tags      []string        `json:"tags"`
	NewState  string          `json:"newState"`
	Data      json.RawMessage `json:"data,omitempty"`
}

// board keeps annotations as Grafana does, in memory, and answers queries.
type board struct {
	mu     sync.Mutex
	notes  []note
	lost   int      // how many answers are lost after a change was made
	refuse []string // paths that the token may not ask
}

// kept returns the annotations that there are.
func (b *board) kept() []note {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.notes)
}

func (b *board) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if r.Header.Get("Authorization") != "Bearer t" {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	if slices.Contains(b.refuse, r.URL.Path) {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	switch path := r.URL.Path; {
	case path == "/api/annotations" && r.Method == http.MethodGet:
		_ = json.NewEncoder(w).Encode(b.find(r.URL.Query()))
	case path == "/api/annotations":
		b.put(w, r, 0)
	case strings.HasPrefix(path, "/api/annotations/") && r.Method == http.MethodPatch:
		id, _ := strconv.ParseInt(strings.TrimPrefix(path, "/api/annotations/"), 10, 64)
		b.put(w, r, id)
	case path == "/api/org":
		_, _ = io.WriteString(w, `{"id":1,"name":"Main Org."}`)
	case path == "/api/access-control/user/permissions":
		_, _ = io.WriteString(w, `{"annotations:read":["annotations:type:*"],"annotations:create":["annotations:type:organization"],"datasources:query":["datasources:*"]}`)
	case path == "/api/datasources":
		_, _ = io.WriteString(w, `[{"uid":"prom1","name":"Production","type":"prometheus"},{"uid":"l","name":"Logs","type":"loki"}]`)
	case strings.HasPrefix(path, "/api/datasources/proxy/uid/prom1/api/v1/query"):
		result := `[]`
		if r.URL.Query().Get("query") == "up" {
			result = `[{"metric":{"__name__":"up","job":"checkout"},"values":[[1710509820,"1"],[1710509880,"0"]]}]`
		}
		fmt.Fprintf(w, `{"status":"success","data":{"resultType":"matrix","result":%s}}`, result)
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

// find answers as Grafana does: the latest end first, what overlaps the span.
func (b *board) find(q map[string][]string) []note {
	number := func(name string, none int64) int64 {
		if len(q[name]) == 0 {
			return none
		}
		n, _ := strconv.ParseInt(q[name][0], 10, 64)
		return n
	}
	from, to, limit := number("from", 0), number("to", 1<<60), number("limit", 100)
	out := []note{}
	for _, n := range b.notes {
		has := func(t string) bool { return slices.Contains(n.Tags, t) }
		tagged := !slices.ContainsFunc(q["tags"], func(t string) bool { return !has(t) })
		if len(q["matchAny"]) > 0 {
			tagged = slices.ContainsFunc(q["tags"], has)
		}
		kind := map[bool]string{true: "alert", false: "annotation"}[n.NewState != ""]
		if n.Time <= to && n.TimeEnd >= from && tagged && (len(q["type"]) == 0 || q["type"][0] == kind) && (len(q["dashboardUID"]) == 0 || q["dashboardUID"][0] == n.Dashboard) {
			out = append(out, n)
		}
	}
	slices.SortStableFunc(out, func(a, b note) int { return int(b.TimeEnd - a.TimeEnd) })
	return out[:min(int64(len(out)), limit)]
}

// put makes an annotation, or changes the one with an id.
func (b *board) put(w http.ResponseWriter, r *http.Request, id int64) {
	var n note
	if err := json.NewDecoder(r.Body).Decode(&n); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	if i := slices.IndexFunc(b.notes, func(x note) bool { return x.ID == id }); i >= 0 {
		n.ID = id
		b.notes[i] = n
	} else {
		n.ID = int64(len(b.notes) + 1)
		b.notes = append(b.notes, n)
	}
	if b.lost > 0 {
		b.lost--
		panic(http.ErrAbortHandler)
	}
	fmt.Fprintf(w, `{"message":"Annotation added","id":%d}`, n.ID)
}

func run(t *testing.T, h http.Handler) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

// TestQueries holds that a query of one's own is asked of the data source, and that the
// words with which Prometheus refuses one reach who wrote it.
func TestQueries(t *testing.T) {
	connectortest.Queries(t, connectortest.Service{
		Open: func(base string, d connector.Deps, credential string) (any, error) {
			return grafana.Vendor().Open(settings(base, map[string]string{"token": credential, "datasource": "prom1"}), d)
		},
		Answer: func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Query().Get("query") == connectortest.BadQuery {
				w.WriteHeader(http.StatusBadRequest)
				_, _ = io.WriteString(w, `{"status":"error","errorType":"bad_data","error":"1:5: parse error: unclosed left parenthesis"}`)
				return
			}
			_, _ = io.WriteString(w, `{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[1710509820,"1"]]}]}}`)
		},
	}, "1:5: parse error: unclosed left parenthesis")
}

// TestAQueryGoesToADataSourceOfTheConnection and to no other that the token may see.
func TestAQueryGoesToADataSourceOfTheConnection(t *testing.T) {
	for name, c := range map[string]struct {
		settings    map[string]string
		query, says string // empty when it is answered
	}{
		"its own":            {map[string]string{"datasource": "prom1"}, "up", ""},
		"named":              {map[string]string{"datasource": "prom1"}, "[prom1] up", ""},
		"of its queries":     {map[string]string{"datasource": "other", "queries": "[prom1] x"}, "[prom1] up", ""},
		"the only one":       {map[string]string{"queries": "[prom1] x"}, "up", ""},
		"another":            {map[string]string{"datasource": "prom1"}, "[secret] up", "the data source secret is none of this connection; ask prom1"},
		"none":               {nil, "[prom1] up", "names no data source"},
		"one of two":         {map[string]string{"queries": "[prom1] x\n[prom2] y"}, "up", "one of prom1, prom2"},
		"a path in brackets": {map[string]string{"datasource": "prom1"}, "[../../admin] up", "write [UID]"},
	} {
		t.Run(name, func(t *testing.T) {
			b, err := server(t, run(t, &board{}), c.settings).Fetch(t.Context(), connector.Window{From: begun, To: begun.Add(time.Hour), Query: c.query}, "")
			if c.says == "" && (err != nil || len(b.Files) != 1) {
				t.Errorf("Fetch = %+v, %v, want one file", b, err)
			}
			if c.says != "" && (hindcast.CodeOf(err) != hindcast.Invalid || !strings.Contains(err.Error(), c.says)) {
				t.Errorf("Fetch: %v, want %s with %q", err, hindcast.Invalid, c.says)
			}
		})
	}
}

func TestConformance(t *testing.T) {
	open := func(base string, d connector.Deps, credential string) (any, error) {
		return grafana.Vendor().Open(settings(base, map[string]string{"token": credential, "queries": "[p] up\n"}), d)
	}
	answer := func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method != http.MethodGet:
			_, _ = io.WriteString(w, `{"message":"Annotation added","id":1}`)
		case r.URL.Path == "/api/annotations" && r.URL.Query().Has("tags"):
			_, _ = io.WriteString(w, `[]`)
		case r.URL.Path == "/api/annotations":
			_, _ = io.WriteString(w, `[{"id":1,"time":1773583300000,"timeEnd":1773583300000,"text":"deploy","tags":["deploy"]}]`)
		default:
			_, _ = io.WriteString(w, `{"status":"success","data":{"resultType":"matrix","result":[]}}`)
		}
	}
	t.Run("source", func(t *testing.T) {
		t.Parallel()
		connectortest.Source(t, connectortest.Service{Open: open, Answer: answer, Pages: 3})
	})
	t.Run("announcer", func(t *testing.T) {
		t.Parallel()
		connectortest.Announcer(t, connectortest.Service{Open: open, Answer: answer, Key: func(_ *http.Request, body []byte) string {
			var made struct{ Tags []string }
			_ = json.Unmarshal(body, &made)
			return strings.Join(made.Tags, " ")
		}})
	})
}

func TestSettings(t *testing.T) {
	for name, tt := range map[string]struct {
		changed map[string]string
		want    string // what the error begins with; empty for none
	}{
		"the least":                    {nil, ""},
		"no address":                   {map[string]string{"url": "grafana"}, "url: "},
		"no token":                     {map[string]string{"token": ""}, "token: "},
		"a query of no data source":    {map[string]string{"queries": "up"}, "queries: say which"},
		"a query of another one":       {map[string]string{"queries": "[a_b-1] up"}, ""},
		"brackets that do not end":     {map[string]string{"queries": "[p up"}, "queries: write [UID]"},
		"a path for a UID":             {map[string]string{"datasource": "../../admin", "queries": "up"}, "datasource: "},
		"a path in brackets":           {map[string]string{"queries": "[../x] up"}, "queries: write [UID]"},
		"too many queries":             {map[string]string{"datasource": "p", "queries": strings.Repeat("up\n", 51)}, "queries: write up to"},
		"a dashboard by its address":   {map[string]string{"dashboards": "https://grafana.example.org/d/x"}, "dashboards: "},
		"a kind that there is not":     {map[string]string{"type": "alerts"}, "type: "},
		"what was entered, taken back": {map[string]string{"tags": "*", "dashboards": "*", "queries": "-", "type": "both"}, ""},
		"two faults, which both stay":  {map[string]string{"url": "", "token": ""}, "url: "},
	} {
		_, err := grafana.Vendor().Check(settings("https://grafana.example.org/", tt.changed))
		if tt.want == "" && err != nil || tt.want != "" && (hindcast.CodeOf(err) != hindcast.Invalid || !strings.HasPrefix(err.Error(), tt.want)) {
			t.Errorf("%s: %v, want %q", name, err, tt.want)
		}
	}
	where, err := grafana.Vendor().Check(settings("https://grafana.example.org/", nil))
	if err != nil || where != "https://grafana.example.org" {
		t.Errorf("Check = %q, %v", where, err)
	}
}

func TestProbe(t *testing.T) {
	now := time.Now().UnixMilli()
	for name, tt := range map[string]struct {
		changed map[string]string
		refuse  []string
		want    []string
		code    hindcast.Code
	}{
		"all is well": {map[string]string{"datasource": "prom1", "queries": "up"}, nil,
			[]string{"The token sees 2 annotations of the last seven days in the organization “Main Org.”, with", "It may mark what is published, ask data sources.", "It may not bring a mark up to date (annotations:write).", "Production [prom1].", "Every query finds something."}, ""},
		"one tag":                     {map[string]string{"tags": "deploy"}, nil, []string{"sees 1 annotation of"}, ""},
		"a query that finds nothing":  {map[string]string{"datasource": "prom1", "queries": "up\nx"}, nil, []string{"Nothing is there at the moment for: x."}, ""},
		"a data source that is not":   {map[string]string{"queries": "[gone] up"}, nil, []string{"no data source gone"}, hindcast.Invalid},
		"no annotations":              {nil, []string{"/api/annotations"}, []string{"read annotations in Grafana"}, hindcast.Denied},
		"nothing but the annotations": {nil, []string{"/api/org", "/api/datasources", "/api/access-control/user/permissions"}, []string{"The token sees 2 annotations of the last seven days, with", "may not list data sources"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			b := &board{refuse: tt.refuse, notes: []note{{ID: 1, Time: now, TimeEnd: now, Tags: []string{"deploy"}}, {ID: 2, Time: now - 1000, TimeEnd: now, NewState: "Alerting"}, {ID: 3, Time: 1, TimeEnd: 1}}}
			got, err := server(t, run(t, b), tt.changed).Probe(t.Context())
			if hindcast.CodeOf(err) != tt.code {
				t.Fatalf("Probe: %v", err)
			}
			if err != nil {
				got = err.Error()
			}
			for _, w := range tt.want {
				if !strings.Contains(got, w) {
					t.Errorf("Probe says %q, want %q in it", got, w)
				}
			}
		})
	}
}
