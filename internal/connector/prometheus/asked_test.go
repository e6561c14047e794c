package prometheus_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/connector/connectortest"
)

// TestQueries holds that a query of one's own is asked alone, and that the words with
// which Prometheus 2 and 3 refuse one reach who wrote it.
func TestQueries(t *testing.T) {
	connectortest.Queries(t, connectortest.Service{Open: open, Answer: func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("query") == connectortest.BadQuery {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, `{"status":"error","errorType":"bad_data","error":"invalid parameter \"query\": 1:5: parse error: unclosed left parenthesis"}`)
			return
		}
		_, _ = io.WriteString(w, `{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[1773583200,"1"]]}]}}`)
	}}, "1:5: parse error: unclosed left parenthesis")
}

func TestWordsOfARefusal(t *testing.T) {
	const many = "query processing would load too many samples into memory in query execution"
	for name, c := range map[string]struct {
		status     int
		body, want string
		code       hindcast.Code
	}{
		"execution": {422, `{"status":"error","errorType":"execution","error":"` + many + `"}`, many, hindcast.Invalid},
		"quotes":    {400, `{"status":"error","errorType":"bad_data","error":"1:1: parse error: unknown function with name \"ratte\""}`, `unknown function with name "ratte"`, hindcast.Invalid},
		"long":      {400, `{"status":"error","errorType":"bad_data","error":"1:3: parse error: unexpected ` + strings.Repeat("x", 300) + `"}`, "1:3: parse error: unexpected xxx", hindcast.Invalid},
		"a page":    {400, `<html>no</html>`, "400 Bad Request", hindcast.Invalid},
		"no words":  {400, `{"error":5}`, "400 Bad Request", hindcast.Invalid},
		"forbidden": {403, `{"status":"error","error":"tenant"}`, "credential is not accepted", hindcast.Denied},
	} {
		t.Run(name, func(t *testing.T) {
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(c.status)
				_, _ = io.WriteString(w, c.body)
			}))
			defer s.Close()
			_, err := server(t, s.URL).Fetch(t.Context(), connector.Window{From: time.Unix(1773583200, 0), To: time.Unix(1773590400, 0), Query: "up"}, "")
			if err == nil || hindcast.CodeOf(err) != c.code || !strings.Contains(err.Error(), c.want) {
				t.Errorf("Fetch: %v (%s), want %s with %q", err, hindcast.CodeOf(err), c.code, c.want)
			}
		})
	}
}

// TestAQueryThatFindsNothing gives no file, which would say nothing.
func TestAQueryThatFindsNothing(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"status":"success","data":{"resultType":"matrix","result":[]}}`)
	}))
	defer s.Close()
	b, err := server(t, s.URL).Fetch(t.Context(), connector.Window{From: time.Unix(1773583200, 0), To: time.Unix(1773590400, 0), Query: "nothing"}, "")
	if err != nil || len(b.Files) != 0 || b.Next != "" {
		t.Errorf("Fetch = %+v, %v, want nothing", b, err)
	}
}
