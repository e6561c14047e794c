package server_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// metrics answers as the API of Prometheus does: an error rate, and the words of its
// parser.
func metrics(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	if q := r.URL.Query().Get("query"); strings.HasPrefix(q, "sum(") && !strings.HasSuffix(q, ")") {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"status":"error","errorType":"bad_data","error":"invalid parameter \"query\": 1:9: parse error: unclosed left parenthesis"}`)
		return
	}
	_, _ = io.WriteString(w, `{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":"error_rate","service":"checkout"},"values":[[1710509820,"0.01"],[1710509880,"0.62"],[1710509940,"0.01"]]}]}}`)
}

// TestAQueryForOneIncident asks a double of Prometheus in the pages and by the API.
func TestAQueryForOneIncident(t *testing.T) {
	t.Parallel()
	prometheus := httptest.NewServer(http.HandlerFunc(metrics))
	defer prometheus.Close()
	r, _ := listen(t, nil)
	admin := r.admin()
	var end struct {
		ID    string
		Asked bool
	}
	admin.api("POST", "/endpoints", map[string]any{"kind": "prometheus", "name": "Production", "settings": map[string]string{"url": prometheus.URL, "queries": "up"}}, &end)
	if !end.Asked {
		t.Error("a new connection lets no queries be asked, want that it does")
	}
	var d struct {
		ID     string
		Number int
	}
	admin.api("POST", "/incidents", map[string]any{"title": "Checkout fails"}, &d)
	var saved any
	admin.api("PATCH", "/incidents/"+d.ID, map[string]any{"changes": []map[string]any{{"path": "phases/started_at", "value": map[string]string{"at": "2024-03-15T13:37:00Z"}}}}, &saved)
	at := fmt.Sprintf("/p/%d/ask", d.Number)
	if _, page := admin.do("GET", at, "", ""); !strings.Contains(page, "Production is asked") || !strings.Contains(page, `value="2024-03-15T12:37"`) || !strings.Contains(page, `value="2024-03-15T14:07"`) {
		t.Errorf("the form does not propose the window of the incident: %s", page)
	}
	send := func(queries string) (*http.Response, string) {
		return admin.do("POST", at, "application/x-www-form-urlencoded", url.Values{"place": {end.ID}, "queries": {queries}, "from": {"2024-03-15T12:37"}, "to": {"2024-03-15T14:07"}}.Encode())
	}
	res, page := send("up\r\nsum(rate(")
	if res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, "Line 2: 1:9: parse error: unclosed left parenthesis.") || !strings.Contains(page, "sum(rate(</textarea>") {
		t.Errorf("a query that is wrong: %s %s", res.Status, page)
	}
	if res, page := send("error_rate{service=\"checkout\"}\r\n"); res.StatusCode >= 400 {
		t.Fatalf("a query: %s %s", res.Status, page)
	}
	var list []struct{ Name, Query, Source, Format string }
	for deadline := time.Now().Add(20 * time.Second); len(list) != 1 || list[0].Format == ""; {
		if time.Now().After(deadline) {
			t.Fatalf("evidence %+v, want one file that is read", list)
		}
		admin.api("GET", "/incidents/"+d.ID+"/evidence", nil, &list)
	}
	if e := list[0]; e.Query != `error_rate{service="checkout"}` || e.Format != "prometheus-query" || e.Source == "" {
		t.Errorf("evidence %+v, want the answer with its query", e)
	}
	if _, page := admin.do("GET", fmt.Sprintf("/p/%d/evidence", d.Number), "", ""); !strings.Contains(page, "error_rate{service=&#34;checkout&#34;}") || !strings.Contains(page, at) {
		t.Errorf("the page of the evidence lacks the query: %s", page)
	}
	var build struct{ State string }
	admin.api("POST", "/incidents/"+d.ID+"/ask", map[string]any{"endpoint_id": end.ID, "queries": []string{"error_rate"}}, &build)
	var can struct{ Places []struct{ ID, Name string } }
	if admin.api("GET", "/incidents/"+d.ID+"/ask", nil, &can); len(can.Places) != 1 || build.State == "" {
		t.Errorf("by the API: %+v of %+v", build, can)
	}
	admin.api("PUT", "/endpoints/"+end.ID, map[string]any{"name": "Production", "asked": false}, &end)
	if res, page := send("up"); end.Asked || res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, "Nothing can be asked") {
		t.Errorf("where none are allowed: %s %s", res.Status, page)
	}
}
