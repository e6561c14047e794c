package signature_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector/signature"
	"github.com/hindcast/hindcast/internal/secret"
)

// vector is a request that was signed by another program.
type vector struct {
	Vendor    string `json:"vendor"`
	Secret    string `json:"secret"`
	Timestamp string `json:"timestamp"`
	Body      string `json:"body"`
	BodyFile  string `json:"body_file"`
	Header    string `json:"header"`
	Value     string `json:"value"`
}

// times are the headers with the signed time.
var times = map[string]string{"slack": "X-Slack-Request-Timestamp", "grafana-timed": "X-Grafana-Alerting-Timestamp"}

// schemes are the schemes by the names that vectors give them.
func schemes() map[string]signature.Scheme {
	timed := http.Header{}
	timed.Set(times["grafana-timed"], "1")
	return map[string]signature.Scheme{
		"pagerduty": signature.PagerDuty(), "github": signature.GitHub(), "slack": signature.Slack(), "jira": signature.Jira(),
		"grafana": signature.Grafana(http.Header{}), "grafana-timed": signature.Grafana(timed),
	}
}

// vectors returns the vectors of testdata, which were signed with
//
//	printf %s BODY | openssl dgst -sha256 -hmac SECRET
//
// and, when HINDCAST_TEST_SIGNATURES names a file, the vectors in that, which
// the vendors published.
func vectors(t *testing.T) []vector {
	t.Helper()
	files := []string{filepath.Join("testdata", "vectors.json")}
	if more := os.Getenv("HINDCAST_TEST_SIGNATURES"); more != "" {
		files = append(files, more)
	}
	var out []vector
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var list []vector
		if err := json.Unmarshal(raw, &list); err != nil {
			t.Fatal(err)
		}
		for _, v := range list {
			if v.BodyFile != "" {
				body, err := os.ReadFile(filepath.Join(filepath.Dir(file), v.BodyFile))
				if err != nil {
					t.Fatal(err)
				}
				v.Body = string(body)
			}
			out = append(out, v)
		}
	}
	return out
}

// request returns the headers of a vector and when it arrived.
func (v vector) request(t *testing.T) (http.Header, time.Time) {
	t.Helper()
	h := http.Header{}
	h.Set(v.Header, v.Value)
	if v.Timestamp == "" {
		return h, time.Unix(1773583200, 0)
	}
	h.Set(times[v.Vendor], v.Timestamp)
	seconds, err := strconv.ParseInt(v.Timestamp, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return h, time.Unix(seconds, 0)
}

func TestVectors(t *testing.T) {
	tried := map[string]bool{}
	for _, v := range vectors(t) {
		tried[v.Vendor] = true
		t.Run(v.Vendor, func(t *testing.T) { alter(t, v) })
	}
	for name := range schemes() {
		if !tried[name] {
			t.Errorf("there is no vector of %s", name)
		}
	}
}

// alter holds that a vector verifies, and does not when anything of it is changed.
func alter(t *testing.T, v vector) {
	s, ok := schemes()[v.Vendor]
	if !ok {
		t.Fatalf("there is no scheme of %s", v.Vendor)
	}
	h, at := v.request(t)
	body, key := []byte(v.Body), secret.New(v.Secret)
	with := func(name, value string) http.Header {
		changed := h.Clone()
		changed.Set(name, value)
		return changed
	}
	last := v.Value[:len(v.Value)-1] + map[bool]string{true: "1", false: "0"}[strings.HasSuffix(v.Value, "0")]
	_, digits, versioned := strings.Cut(v.Value, "=")
	if !versioned {
		digits = v.Value
	}
	other := strings.Replace(v.Value, digits, strings.Repeat("0", 64), 1)
	for name, tt := range map[string]struct {
		header http.Header
		body   []byte
		keys   []secret.Text
		want   bool
	}{
		"as it was sent":             {h, body, []secret.Text{key}, true},
		"one key of two":             {h, body, []secret.Text{secret.New("new"), key}, true},
		"one signature of two":       {with(v.Header, other+", "+v.Value), body, []secret.Text{key}, true},
		"another key":                {h, body, []secret.Text{secret.New(v.Secret + "x")}, false},
		"no key":                     {h, body, nil, false},
		"an empty key":               {h, body, []secret.Text{{}}, false},
		"a byte more":                {h, append([]byte(v.Body), ' '), []secret.Text{key}, false},
		"no body":                    {h, nil, []secret.Text{key}, false},
		"another digit":              {with(v.Header, last), body, []secret.Text{key}, false},
		"a part of the signature":    {with(v.Header, v.Value[:len(v.Value)-2]), body, []secret.Text{key}, false},
		"another version":            {with(v.Header, "x"+v.Value), body, []secret.Text{key}, false},
		"without the version":        {with(v.Header, digits), body, []secret.Text{key}, !versioned},
		"no signature":               {with(v.Header, ""), body, []secret.Text{key}, false},
		"more than are looked at":    {with(v.Header, strings.Repeat(other+",", 8)+v.Value), body, []secret.Text{key}, false},
		"no headers":                 {http.Header{}, body, []secret.Text{key}, false},
		"the name of another header": {http.Header{"X-Signature": {v.Value}}, body, []secret.Text{key}, false},
	} {
		err := s.Verify(tt.header, tt.body, at, tt.keys...)
		if (err == nil) != tt.want || err != nil && hindcast.CodeOf(err) != hindcast.Denied {
			t.Errorf("%s: Verify = %v, want genuine: %t", name, err, tt.want)
		}
		if err != nil && strings.Contains(err.Error(), v.Secret) {
			t.Errorf("%s: the error shows the key: %v", name, err)
		}
	}
}

func TestOldRequests(t *testing.T) {
	for _, v := range vectors(t) {
		s := schemes()[v.Vendor]
		h, at := v.request(t)
		for _, tt := range []struct {
			away time.Duration
			want bool
		}{{0, true}, {signature.Window, true}, {-signature.Window, true}, {signature.Window + time.Second, !s.Timed()}, {-signature.Window - time.Second, !s.Timed()}} {
			if err := s.Verify(h, []byte(v.Body), at.Add(tt.away), secret.New(v.Secret)); (err == nil) != tt.want {
				t.Errorf("%s, %v away: Verify = %v, want genuine: %t", v.Vendor, tt.away, err, tt.want)
			}
		}
		if !s.Timed() {
			continue
		}
		for _, text := range []string{"", "soon", v.Timestamp + "0", strconv.FormatInt(at.Unix()+1, 10)} {
			h.Set(times[v.Vendor], text)
			if err := s.Verify(h, []byte(v.Body), at, secret.New(v.Secret)); hindcast.CodeOf(err) != hindcast.Denied {
				t.Errorf("%s with time %q: Verify = %v, want Denied", v.Vendor, text, err)
			}
		}
	}
}
