package logfield_test

import (
	"fmt"
	"testing"

	"github.com/hindcast/hindcast/internal/evidence/logfield"
	"github.com/hindcast/hindcast/internal/evidence/logtime"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/record/recordtest"
)

// read reads a line of logfmt: TIME LEVEL SERVICE INSTANCE TRACE STATUS | MESSAGE.
func read(line string) string {
	var r logfield.Record
	_, rest := r.Pairs([]byte(line), 0)
	l := record.Log{At: record.NoTime}
	r.Fill(&l, logtime.NewClock(&record.File{}, logtime.Habit{}))
	m := r.Message(r.Text(logfield.Message), l.Status)
	if len(m) == 0 {
		m = rest
	}
	return fmt.Sprintf("%s %s %s %s %s %d | %s", recordtest.Time(l.At), l.Level, l.Service, l.Instance, l.TraceID, l.Status, m)
}

func TestPairs(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"usual names", `ts=2024-03-15T14:25:03Z level=warn service=cart pod=cart-7d9f8c-0abcd trace_id=ab12 msg="low stock"`,
			"2024-03-15T14:25:03Z warn cart cart-7d9f8c-0abcd ab12 0 | low stock"},
		{"service from the pod", `time=2024-03-15T14:25:03Z podName=cart-7d9f8c-0abcd message=ok`, "2024-03-15T14:25:03Z  cart cart-7d9f8c-0abcd  0 | ok"},
		{"a program with host and process", `time=1710513421 name=shop hostname=web1 pid=12 level=30 msg=up`, "2024-03-15T14:37:01Z info shop web1  0 | up"},
		{"a logger is no service", `time=1710513421 name=shop.cart level=info msg=up`, "2024-03-15T14:37:01Z info    0 | up"},
		{"a request with little to say", `level=info msg=request method=GET path=/v1/feed?page=2 status=200`, " info    200 | request GET /v1/feed 200"},
		{"a failed request", `level=error msg="request failed" path=/v1/feed status=500 error="no such column"`, " error    500 | request failed: no such column"},
		{"a request that says enough", `level=error msg="payment provider did not answer" path=/pay status=504`, " error    504 | payment provider did not answer"},
		{"a request line", `request="POST /pay HTTP/1.1" status=502`, "     502 | POST /pay 502"},
		{"an error that the message repeats", `msg="read: timeout" err=timeout`, "     0 | read: timeout"},
		{"no error", `msg=done error=null`, "     0 | done"},
		{"a status that is a level", `status=error msg=down`, " error    0 | down"},
		{"a level beside such a status", `status=error level=warn msg=down`, " warn    0 | down"},
		{"a status that is none", `status=shipped msg="order moved"`, "     0 | order moved"},
		{"no message", `level=info user=u1 action="log in"`, ` info    0 | user=u1 action="log in"`},
		{"a level named at", `at=error code=H12 desc="Request timeout"`, ` error    0 | code=H12 desc="Request timeout"`},
		{"a duration named service", `at=info service=9ms msg=x`, " info    0 | x"},
		{"an open quote", `level=info msg="broken off`, " info    0 | broken off"},
		{"words between pairs", `hello level=info world msg=x`, " info    0 | x"},
		{"date and time apart", `date=2024-03-15 time=14:25:03 devname="fw1" tz="+0000" level="critical" msg="HA heartbeat lost"`, "2024-03-15T14:25:03Z fatal    0 | HA heartbeat lost"},
		{"their zone apart", `date=2024-03-15 time=14:25:03 devname="fw1" tz="+0100" level="critical" msg="HA heartbeat lost"`, "2024-03-15T13:25:03Z fatal    0 | HA heartbeat lost"},
		{"a setting that was changed", `date=2024-03-15 time=14:25:03 level="information" logdesc="Attribute configured" user="engineer-a" action="Edit" cfgpath="system.settings" cfgattr="timeout[30->60]" msg="Edit system.settings "`,
			"2024-03-15T14:25:03Z info    0 | setting of the device changed: Edit system.settings timeout[30->60] by engineer-a"},
		{"a path of a setting in another log", `level=error cfg_path=/etc/app.yaml user=svc msg="failed to load" error="permission denied"`, " error    0 | failed to load: permission denied"},
		{"a date alone", `date=2024-03-15 level=info msg=x`, " info    0 | x"},
		{"a time of .NET", `TimeCreated="\/Date(1710513421000)\/" LevelDisplayName=Warning ProviderName=w32time Message=x`, "2024-03-15T14:37:01Z warn w32time   0 | x"},
		{"a level that MongoDB counts", `t=2024-03-15T14:25:03Z s=D1 msg=x`, "2024-03-15T14:25:03Z debug    0 | x"},
		{"a level from 0 to 4", `time=2024-03-15T14:25:03Z severityLevel=3 msg=x`, "2024-03-15T14:25:03Z error    0 | x"},
		{"nothing", ``, "     0 | "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := read(tt.in); got != tt.want {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

func TestLookup(t *testing.T) {
	tests := []struct {
		group, key string
		want       logfield.Role
	}{
		{"", "@timestamp", logfield.Time},
		{"", "traceId", logfield.Trace},
		{"", "trace_id", logfield.Trace},
		{"trace", "id", logfield.Trace},
		{"", "trace.id", logfield.Trace},
		{"log", "level", logfield.Level},
		{"", "Level", logfield.Level},
		{"", "logger", logfield.None},
		{"", "component", logfield.None},
		{"", "", logfield.None},
		{"", "a_name_that_is_longer_than_any_that_anybody_would_ever_give_to_a_field_of_a_log", logfield.None},
	}
	for _, tt := range tests {
		t.Run(tt.group+" "+tt.key, func(t *testing.T) {
			if got := logfield.Lookup(tt.group, []byte(tt.key)).Role; got != tt.want {
				t.Errorf("Lookup(%q, %q) = %d, want %d", tt.group, tt.key, got, tt.want)
			}
		})
	}
}

func TestUnescape(t *testing.T) {
	tests := []struct{ name, in, line, whole string }{
		{"usual escapes", `a\t\"b\"\\\/`, "a\t\"b\"\\/", "a\t\"b\"\\/"},
		{"several lines", `boom\n  at x`, "boom", "boom\n  at x"},
		{"an empty line first", `\nboom\nx`, "\nboom", "\nboom\nx"},
		{"unicode", `caf\u00e9 \ud83d\ude80`, "café 🚀", "café 🚀"},
		{"half a pair", `\ud83d!`, "\ufffd!", "\ufffd!"},
		{"broken escapes", `\x \u12 \`, `\x \u12 \`, `\x \u12 \`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := string(logfield.Unescape(nil, []byte(tt.in), true)); got != tt.line {
				t.Errorf("one line: got %q, want %q", got, tt.line)
			}
			if got := string(logfield.Unescape(nil, []byte(tt.in), false)); got != tt.whole {
				t.Errorf("whole: got %q, want %q", got, tt.whole)
			}
		})
	}
}

func TestStatusOf(t *testing.T) {
	tests := map[string]int{
		"GET /v1/cart 200 12ms":      200,
		"POST /v1/cart HTTP/1.1 502": 502,
		"GET /v1/cart - 12 ms":       0,
		"GET /v1/cart took 3000 ms":  0,
		"ERROR 500 from upstream":    0,
		"get /v1/cart 200":           0,
		"":                           0,
	}
	for in, want := range tests {
		t.Run(in, func(t *testing.T) {
			if got := logfield.StatusOf([]byte(in)); got != want {
				t.Errorf("StatusOf(%q) = %d, want %d", in, got, want)
			}
		})
	}
}

func TestRequestLine(t *testing.T) {
	tests := []struct {
		in, method, path string
		ok               bool
	}{
		{"GET /a?b HTTP/1.1", "GET", "/a?b", true},
		{"GET /a", "GET", "/a", true},
		{"get /a", "", "", false},
		{"\\x16\\x03", "", "", false},
		{"-", "", "", false},
	}
	for _, tt := range tests {
		t.Run(tt.in, func(t *testing.T) {
			m, p, ok := logfield.RequestLine([]byte(tt.in))
			if string(m) != tt.method || string(p) != tt.path || ok != tt.ok {
				t.Errorf("RequestLine(%q) = %q, %q, %t", tt.in, m, p, ok)
			}
		})
	}
}

func FuzzPairs(f *testing.F) {
	f.Add(`ts=2024-03-15T14:25:03Z level=warn msg="a\u00e9\n" status=500 error=x`)
	f.Add(`a="`)
	f.Fuzz(func(t *testing.T, s string) { read(s) })
}
