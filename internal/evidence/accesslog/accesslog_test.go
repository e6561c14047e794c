package accesslog_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/accesslog"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/record/recordtest"
)

// layouts are logs of many servers, with LINE TIME STATUS | MESSAGE of each record.
var layouts = []struct{ name, format, in, want string }{
	{"common", "access-log", `
10.1.2.3 - alice [15/Mar/2024:10:25:03 -0400] "GET /v1/cart?x=1 HTTP/1.1" 200 1432
::1 - - [15/Mar/2024:10:25:04 -0400] "POST /v1/cart HTTP/1.1" 502 -
`, `
1 2024-03-15T14:25:03Z 200 | GET /v1/cart 200
2 2024-03-15T14:25:04Z 502 | POST /v1/cart 502
`},
	{"combined with more fields and requests that are none", "access-log", `
10.1.2.3 - - [15/Mar/2024:14:25:03 +0000] "GET /v1/cart HTTP/1.1" 200 1432 "https://shop.example/?q=\"a\"" "Mozilla/5.0" rt=0.175 urt=-
10.1.2.3 - - [15/Mar/2024:14:25:04 +0000] "\x16\x03\x01" 400 157 "-" "-" rt=0.001 urt=-
10.1.2.3 - - [15/Mar/2024:14:25:05 +0000] "-" 408 0 "-" "-" rt=60.0 urt=-
10.1.2.3 - - [15/Mar/2024:14:25:06 +0000] "GET /a\"b HTTP/1.1" 404 0 "-" "-" rt=0.1 urt=-
`, `
1 2024-03-15T14:25:03Z 200 | GET /v1/cart 200
2 2024-03-15T14:25:04Z 400 | bad request 400
3 2024-03-15T14:25:05Z 408 | bad request 408
4 2024-03-15T14:25:06Z 404 | GET /a\"b 404
`},
	{"virtual host first", "access-log", `
shop.example:443 10.1.2.3 - - [15/Mar/2024:14:25:03 +0000] "GET / HTTP/2.0" 301 0 "-" "curl/8"
`, `
1 2024-03-15T14:25:03Z 301 | GET / 301
`},
	{"Envoy", "access-log", `
[2024-03-15T14:25:03.310Z] "POST /api/v1/locations HTTP/2" 503 UF 154 0 226 - "10.0.35.28" "nsq2http" "cc21d9b0" "locations" "tcp://10.0.2.1:80"
`, `
1 2024-03-15T14:25:03.31Z 503 | POST /api/v1/locations 503
`},
	{"load balancer with status before the request", "access-log", `
https 2024-03-15T14:25:03.186641Z app/shop/50dc6c495c0c9188 192.168.131.39:2817 10.0.0.1:80 0.086 0.048 0.037 200 200 34 366 "GET https://shop.example:443/v1/cart?x=1 HTTP/1.1" "curl/8" TLSv1.2
https 2024-03-15T14:25:04.186641Z app/shop/50dc6c495c0c9188 192.168.131.39:2818 - -1 -1 -1 503 - 34 366 "GET https://shop.example:443 HTTP/1.1" "curl/8" TLSv1.2
`, `
1 2024-03-15T14:25:03.186641Z 200 | GET /v1/cart 200
2 2024-03-15T14:25:04.186641Z 503 | GET / 503
`},
	{"Squid", "access-log", `
1710512703.734    306 192.0.2.5 TCP_MISS/503 4021 GET http://shop.example.net/api/items?x=1 - HIER_DIRECT/198.51.100.7 text/html
1710512704.012  60001 192.0.2.6 TCP_TUNNEL/200 3950 CONNECT pay.example.com:443 - HIER_DIRECT/198.51.100.8 -
1710512705.100      0 192.0.2.7 TCP_DENIED/403 3900 GET http://other.example.org/ user1 HIER_NONE/- text/html
1710512706.100  30000 192.0.2.7 NONE_NONE/000 0 - error:transaction-end-before-headers - HIER_NONE/- -
1710512707.100    120 192.0.2.8 TCP_MISS/200 4021 GET ftp://backup:hunter2secret@files.example/a?sid=hunter2 - HIER_DIRECT/198.51.100.7 -
`, `
1 2024-03-15T14:25:03.734Z 503 | GET shop.example.net/api/items 503
2 2024-03-15T14:25:04.012Z 200 | CONNECT pay.example.com:443 200
3 2024-03-15T14:25:05.1Z 403 | GET other.example.org/ 403
4 2024-03-15T14:25:06.1Z 0 | NONE_NONE error:transaction-end-before-headers
5 2024-03-15T14:25:07.1Z 200 | GET files.example/a 200
`},
	{"HAProxy in syslog", "access-log", `
Mar 15 14:25:03 lb1 haproxy[14389]: 10.0.1.2:33317 [15/Mar/2024:14:25:03.655] http-in shop/web1 10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 "GET /index.html HTTP/1.1"
Mar  5 14:25:04 lb1 haproxy[14389]: 10.0.1.2:33318 [15/Mar/2024:14:25:04.655] http-in shop/<NOSRV> 10/0/-1/-1/3009 503 212 - - sC-- 1/1/1/1/3 0/0 "GET /index.html HTTP/1.1"
`, `
1 2024-03-15T14:25:03.655Z 200 | GET /index.html 200
2 2024-03-15T14:25:04.655Z 503 | GET /index.html 503
`},
	{"HAProxy with its servers", "haproxy-log", `
Mar 15 14:25:03 lb1 haproxy[14389]: 10.0.1.2:33317 [15/Mar/2024:14:25:03.655] http-in shop/web1 10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 {1wt.eu} {} "GET /index.html?a=1 HTTP/1.1"
Mar 15 14:25:04 lb1 haproxy[14389]: Server shop/web1 is DOWN, reason: Layer4 timeout, check duration: 2001ms. 0 active and 0 backup servers left.
Mar 15 14:25:04 lb1 haproxy[14389]: backend shop has no server available!
Mar 15 14:25:05 lb1 haproxy[14389]: 10.0.1.2:33318 [15/Mar/2024:14:25:04.655] http-in shop/<NOSRV> 0/-1/-1/-1/0 503 212 - - SC-- 1/1/0/0/0 0/0 "GET /cart HTTP/1.1"
Mar 15 14:25:06 lb1 haproxy[14389]: 10.0.1.2:33320 [15/Mar/2024:14:25:03.655] mysql-in mysql/db1 0/0/5007 212 -- 0/0/0/0/3 0/0
Mar 15 14:25:07 lb1 haproxy[14389]: 10.0.1.2:33321 [15/Mar/2024:14:25:06.655] http-in http-in/<NOSRV> -1/-1/-1/-1/0 400 187 - - PR-- 1/1/0/0/0 0/0 "<BADREQ>"
`, `
1 2024-03-15T14:25:03Z 200 | GET /index.html 200
2 2024-03-15T14:25:04Z 0 | Server shop/web1 is DOWN, reason: Layer4 timeout, check duration: 2001ms. 0 active and 0 backup servers left.
3 2024-03-15T14:25:04Z 0 | backend shop has no server available!
4 2024-03-15T14:25:05Z 503 | GET /cart 503
5 2024-03-15T14:25:06Z 0 | 10.0.1.2:33320 [15/Mar/2024:14:25:03.655] mysql-in mysql/db1 0/0/5007 212 -- 0/0/0/0/3 0/0
6 2024-03-15T14:25:07Z 400 | bad request 400
`},
	{"HAProxy with a server among many requests", "haproxy-log", "\n" + strings.Repeat(`2024-03-15T14:25:03Z lb1 haproxy[14389]: 10.0.1.2:33317 [15/Mar/2024:14:25:03.655] http-in shop/web1 10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 "GET /index.html HTTP/1.1"
`, 3) + "2024-03-15T14:25:04Z lb1 haproxy[14389]: Server shop/web1 is UP, reason: Layer4 check passed.\n", `
1 2024-03-15T14:25:03Z 200 | GET /index.html 200
2 2024-03-15T14:25:03Z 200 | GET /index.html 200
3 2024-03-15T14:25:03Z 200 | GET /index.html 200
4 2024-03-15T14:25:04Z 0 | Server shop/web1 is UP, reason: Layer4 check passed.
`},
	{"Envoy with connections", "access-log", `
[2024-03-15T14:25:03.310Z] "GET /cart HTTP/1.1" 503 UF,URX upstream_reset_before_response_started{connection_failure} - "-" 0 91 12 - "-" "curl/8.0" "b7c2" "cart:8080" "10.0.0.5:8080" outbound|8080||cart.shop.svc.cluster.local - 10.96.0.1:8080 10.0.0.9:33333 - default
[2024-03-15T14:25:04.310Z] "- - -" 0 UF - - "-" 0 0 12 - "-" "-" "-" "-" "10.0.0.6:5432" outbound|5432||db.shop.svc.cluster.local - 10.96.0.2:5432 10.0.0.9:33334 - -
`, `
1 2024-03-15T14:25:03.31Z 503 | GET /cart 503
2 2024-03-15T14:25:04.31Z 0 | connection UF outbound|5432||db.shop.svc.cluster.local
`},
	{"errors of HTTP.sys", "w3c-log", `
#Software: Microsoft HTTP API 2.0
#Fields: date time c-ip c-port s-ip s-port cs-version cs-method cs-uri sc-status s-siteid s-reason s-queuename
2024-03-15 14:25:03 10.1.2.3 4321 10.0.0.1 443 HTTP/1.1 GET /cart?x=1 503 1 QueueFull shop
2024-03-15 14:25:04 10.1.2.3 4321 10.0.0.1 443 - - - - - Timer_ConnectionIdle -
`, `
3 2024-03-15T14:25:03Z 503 | GET /cart 503
4 2024-03-15T14:25:04Z 0 | 10.1.2.3 4321 10.0.0.1 443 - - - - - Timer_ConnectionIdle -
`},
	{"method before a quoted path", "access-log", `
[GIN] 2024/03/15 - 14:25:03 | 200 |     1.234ms |       10.0.0.1 | GET      "/v1/cart"
[GIN] 2024/03/15 - 14:25:04 | 500 |     1.234ms |       10.0.0.1 | POST     "/v1/cart"
`, `
1 2024-03-15T14:25:03Z 200 | GET /v1/cart 200
2 2024-03-15T14:25:04Z 500 | POST /v1/cart 500
`},
	{"IIS", "w3c-log", `
#Software: Microsoft Internet Information Services 10.0
#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) sc-status sc-substatus time-taken
2024-03-15 14:25:03 10.0.0.1 GET /shop/cart x=1 443 - 10.1.2.3 Mozilla/5.0 500 0 12
#Date: 2024-03-15 15:00:00
2024-03-15 15:25:03 10.0.0.1 GET / - 443 - 10.1.2.3 Mozilla/5.0 200 0 12
`, `
3 2024-03-15T14:25:03Z 500 | GET /shop/cart 500
5 2024-03-15T15:25:03Z 200 | GET / 200
`},
	{"CloudFront", "w3c-log", "\n" + strings.ReplaceAll(`#Version: 1.0
#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status
2024-03-15|14:25:03|FRA2|23|10.1.2.3|GET|d1.example|/a b.html|504
`, "|", "\t"), `
3 2024-03-15T14:25:03Z 504 | GET /a b.html 504
`},
}

func show(sink *recordtest.Sink) string {
	var b strings.Builder
	for _, l := range sink.Logs {
		fmt.Fprintf(&b, "%d %s %d | %s\n", l.Line, l.At, l.Status, l.Message)
	}
	return b.String()
}

func TestLayouts(t *testing.T) {
	for _, tt := range layouts {
		t.Run(tt.name, func(t *testing.T) {
			in, want := []byte(strings.TrimPrefix(tt.in, "\n")), strings.TrimPrefix(tt.want, "\n")
			if got := recordtest.Recognize(accesslog.Formats(), "access.log", in); got != tt.format {
				t.Fatalf("recognized as %q, want %q", got, tt.format)
			}
			f := &record.File{Name: "shop/access.log", Year: 2024}
			sink := recordtest.Parse(t, accesslog.Formats(), tt.format, f, in)
			if diff := cmp.Diff(want, show(sink)); diff != "" {
				t.Errorf("records differ (-want +got):\n%s", diff)
			}
			for _, l := range sink.Logs {
				if l.Service != "shop" && tt.format != "haproxy-log" {
					t.Errorf("line %d: service %q, want the file's", l.Line, l.Service)
				}
			}
			for _, p := range sink.Problems {
				if p.Line != 0 {
					t.Errorf("problem: %s", p)
				}
			}
		})
	}
}

func TestErrorLogs(t *testing.T) {
	tests := []struct{ format, in, want string }{
		{"nginx-error-log", "2024/03/15 14:25:03 [error] 1234#5678: *56 connect() failed (111: Connection refused) while connecting to upstream, client: 10.1.2.3, server: shop.example, request: \"GET / HTTP/1.1\"\n",
			"1 2024-03-15T14:25:03Z error *56 connect() failed (111: Connection refused) while connecting to upstream, client: 10.1.2.3, server: shop.example, request: \"GET / HTTP/1.1\"\n"},
		{"apache-error-log", "[Fri Mar 15 14:25:03.123456 2024] [proxy:error] [pid 35708:tid 1234] AH00957: http: attempt to connect to 10.0.0.1:80 failed\n",
			"1 2024-03-15T14:25:03.123456Z error http: attempt to connect to 10.0.0.1:80 failed\n"},
		{"apache-error-log", "[Fri Mar 15 14:25:03 2024] [notice] child pid 12 exit signal\n[Fri Mar 15 14:25:04 2024] [error] [client 10.1.2.3] File does not exist: /srv/x\n",
			"1 2024-03-15T14:25:03Z info child pid 12 exit signal\n2 2024-03-15T14:25:04Z error [client 10.1.2.3] File does not exist: /srv/x\n"},
	}
	for _, tt := range tests {
		t.Run(tt.in[:20], func(t *testing.T) {
			if got := recordtest.Recognize(accesslog.Formats(), "error.log", []byte(tt.in)); got != tt.format {
				t.Fatalf("recognized as %q, want %q", got, tt.format)
			}
			got := ""
			for _, l := range recordtest.Parse(t, accesslog.Formats(), tt.format, &record.File{Name: "error.log"}, []byte(tt.in)).Logs {
				got += fmt.Sprintf("%d %s %s %s\n", l.Line, l.At, l.Level, l.Message)
			}
			if got != tt.want {
				t.Errorf("got:\n%swant:\n%s", got, tt.want)
			}
		})
	}
}

func TestProblems(t *testing.T) {
	const good = `10.1.2.3 - - [15/Mar/2024:14:25:03 +0000] "GET / HTTP/1.1" 200 1432` + "\n"
	tests := []struct {
		name, in string
		want     []hindcast.Problem
	}{
		{"a damaged line", good + "10.1.2.3 - - [15/Mar/2024:14:2\n" + good,
			[]hindcast.Problem{{File: "a", Line: 2, Message: "this line is no request as the lines around it are; it was skipped"}}},
		{"the last line still being written", good + "10.1.2.3 - - [15/Mar/2024:14:2", nil},
		{"empty lines", good + "\n" + good, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := recordtest.Parse(t, accesslog.Formats(), "access-log", &record.File{Name: "a"}, []byte(tt.in)).Problems
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("problems differ (-want +got):\n%s", diff)
			}
		})
	}
}

func TestOthersAreNotRecognized(t *testing.T) {
	tests := map[string]string{
		"program that logs requests": "2024-03-15 14:25:03 INFO handled \"GET / HTTP/1.1\" in 5 ms\n",
		"JSON":                       "{\"time\":\"2024-03-15T14:25:03Z\",\"request\":\"GET / HTTP/1.1\",\"status\":200}\n",
		"text":                       "2024-03-15 14:25:03 INFO started\n",
		"nothing":                    "",
	}
	for name, in := range tests {
		t.Run(name, func(t *testing.T) {
			if got := recordtest.Recognize(accesslog.Formats(), "access.log", []byte(in)); got != "" {
				t.Errorf("recognized as %q", got)
			}
		})
	}
}

func TestCutAnywhere(t *testing.T) {
	for _, tt := range layouts {
		t.Run(tt.name, func(t *testing.T) {
			data := []byte(strings.Repeat(strings.TrimPrefix(tt.in, "\n"), 5))
			for _, format := range accesslog.Formats() {
				if format.Name == tt.format {
					recordtest.CutAnywhere(t, format, &record.File{Name: "a.log", Year: 2024}, data)
				}
			}
		})
	}
}

func FuzzFormats(f *testing.F) {
	seeds := make([]string, 0, len(layouts))
	for _, tt := range layouts {
		seeds = append(seeds, strings.TrimPrefix(tt.in, "\n"))
	}
	recordtest.Fuzz(f, accesslog.Formats(), seeds...)
}

func BenchmarkChunk(b *testing.B) {
	var data []byte
	const lines = 10000
	for i := range lines {
		data = fmt.Appendf(data, `198.51.100.127 - - [15/Mar/2024:14:25:%02d +0000] "GET /v1/orders/%d HTTP/1.1" 200 1432 "-" "Mozilla/5.0 (iPhone; CPU iPhone OS 17_3 like Mac OS X)" rt=0.175 urt=-`+"\n", i/100%60, i)
	}
	f := &record.File{Name: "a.log"}
	p := accesslog.Formats()[0].Lines(f, recordtest.Head(f.Name, data))
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		p.Chunk(data, 1, 0, recordtest.Discard{})
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/lines, "ns/line")
}
