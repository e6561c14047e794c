package connectortest

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
)

// Checked starts a service that answers as a test says, after every request was
// accepted by a service that holds requests against the vendor's description. The
// environment variable names the address of that one; with several descriptions,
// separated by spaces, one of them must accept a request. Refusals with one of the
// reasons in flaws are let through: those are flaws of the description or of the
// check. The test is skipped without the variable.
func Checked(t *testing.T, variable string, answer http.Handler, flaws ...string) *httptest.Server {
	t.Helper()
	addresses := strings.Fields(os.Getenv(variable))
	if len(addresses) == 0 {
		t.Skipf("%s names no service that checks requests", variable)
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
			return
		}
		var refused []string
		for _, address := range addresses {
			why := refusal(t, r, address, body)
			if why == "" {
				refused = nil
				break
			}
			refused = append(refused, why)
		}
		why := strings.Join(refused, "; ")
		if refused != nil && slices.ContainsFunc(flaws, func(f string) bool { return strings.Contains(why, f) }) {
			t.Logf("not to be checked: %s %s: %s", r.Method, r.URL.Path, why)
		} else if refused != nil {
			t.Errorf("%s %s: %s", r.Method, r.URL, why)
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		answer.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

// refusal sends a request on and returns why it is not accepted.
func refusal(t *testing.T, r *http.Request, address string, body []byte) string {
	req, err := http.NewRequestWithContext(r.Context(), r.Method, strings.TrimRight(address, "/")+r.URL.String(), bytes.NewReader(body))
	if err != nil {
		return err.Error()
	}
	req.Header = r.Header.Clone()
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err.Error()
	}
	defer func() { _ = res.Body.Close() }()
	why, err := io.ReadAll(res.Body)
	if err != nil {
		return err.Error()
	}
	if res.StatusCode >= 300 {
		return res.Status + ": " + string(why)
	}
	t.Logf("accepted: %s %s", r.Method, r.URL.Path)
	return ""
}
