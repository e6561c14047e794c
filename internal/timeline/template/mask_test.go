package template

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// maskedBy returns the shape of a message with <*> for a variable and <**> for
// a list of them.
func maskedBy(msg string, status int) string {
	var m masker
	return strings.NewReplacer("\x01", "<*>", "\x02", "<**>").Replace(string(m.shape([]byte(msg), status)))
}

func TestShape(t *testing.T) {
	tests := []struct{ name, msg, want string }{
		{"empty", "", ""},
		{"blank", " \t ", ""},
		{"words", "cache warmed", "cache warmed"},
		{"blanks are folded", "a\t b \x1b  c ", "a b c"},
		{"numbers", "took 12 of 3.5, -7 left, +1", "took <*> of <*>, <*> left, <*>"},
		{"end of sentence", "retry 3. then 4: stop 5!", "retry <*>. then <*>: stop <*>!"},
		{"units", "12ms 1.5s 64KB 99.9% 1m30s 12.1µs", "<*> <*> <*> <*>% <*> <*>"},
		{"hexadecimal", "at 0xFEE1dead addr 00105e8c id a64f992", "at <*> addr <*> id <*>"},
		{"address", "from 10.0.0.1:8080 to fe80:12::1", "from <*> to <*>"},
		{"hardware address", "dhcp from 00:1a:2b:3c:4d:5e", "dhcp from <*>"},
		{"addresses joined", "10.0.0.1,10.0.0.2 GET", "<*> GET"},
		{"host with digits", "node-12.alpha.internal up", "<*> up"},
		{"host with port", "dial db.internal:5432 failed", "dial <*> failed"},
		{"name and address", "from db-1/10.0.0.7:5432 lost", "from <*> lost"},
		{"source file and line", "panic at server.go:120", "panic at server.go:<*>"},
		{"package with digits", "org.apache.log4j.spi missing", "org.apache.log4j.spi missing"},
		{"times", "at 12:16:49.123 on 2005-07-09T12:16:49Z", "at <*> on <*>"},
		{"date in words", "since Sat Jul  9 12:16:49 2005 ok", "since <*> ok"},
		{"not a date", "May fail, Sun shines", "May fail, Sun shines"},
		{"uuid", "req 4a5b6c7d-aaaa-bbbb-cccc-ddddeeeeffff done", "req <*> done"},
		{"uuid behind a key", "plug:a1b2c3d4-aaaa-bbbb-cccc-ddddeeeeffff", "plug:<*>"},
		{"path", "open /var/log/app.log: denied", "open <*>: denied"},
		{"path behind a key", "file=/etc/x,mode=ro", "file=<*>,mode=ro"},
		{"path with brackets", "wrote /a/b/[x,1]-2.txt, now", "wrote <*>, now"},
		{"windows path", `load C:\App\x.dll failed`, "load <*> failed"},
		{"relative path", "build src/main/java/App.java", "build <*>"},
		{"words with a slash", "read/write and/or text/html", "read/write and/or text/html"},
		{"path behind a quote mark", "run `a/b.txt` ok", "run `<*>` ok"},
		{"url", "GET https://a.example/x?y=1&z=2, then", "GET <*>, then"},
		{"url in quotes", `url="http://a.example:80/b" ok`, `url="<*>" ok`},
		{"query of a path", "GET /x?a=1&b=2 done", "GET <*> done"},
		{"mail", "sent to jo@example.org today", "sent to <*> today"},
		{"identifier", "block blk_-160 of rdd_2_3 by u004521", "block <*> of <*> by <*>"},
		{"names with digits stay", "ssh2 via IPv6 on eth0 with http2", "ssh2 via IPv6 on eth0 with http2"},
		{"version", "agent v1.2.3 on jetty-6.1.26", "agent <*> on jetty-<*>"},
		{"pod", "pod api-7d9f8c6b5d-x2x4z ready", "pod api-<*> ready"},
		{"pod without digits at the end", "pod api-7d9f8c6b5d-xkqzv ready", "pod api-<*> ready"},
		{"place in a rack", "R16-M1-L2-U18-C bit 5", "<*> bit <*>"},
		{"numbers in a row", "steps=15##7007##54", "steps=<*>"},
		{"true, false, null", "ok=true err=null dry:FALSE is false at: nil (NULL)", "ok=<*> err=<*> dry:<*> is <*> at: <*> (<*>)"},
		{"null in a sentence", "column x NOT NULL contains null values", "column x NOT NULL contains null values"},
		{"words that end like true", "untrue construe", "untrue construe"},
		{"key and value", "uid=0 user=root size=12KB", "uid=<*> user=root size=<*>"},
		{"json", `{"id":17,"ok":true,"name":"x","at":1.5e3}`, `{"id":<*>,"ok":<*>,"name":"x","at":<*>}`},
		{"list of three", "in (1, 2, 3)", "in (<*>, <*>, <*>)"},
		{"long list", "in (1, 2, 3, 4, 5, 6, 7)", "in (<**>)"},
		{"long list with blanks", "channels 1 2 3 4 5 6 7 8 9 10 ok", "channels <**> ok"},
		{"rough quantity", "lifetime <1 sec and <12", "lifetime <*> and <*>"},
		{"quantity said twice", "1190 bytes (1.16 KB) sent", "<*> bytes sent"},
		{"brackets after a word", "code (12 KB) sent", "code (<*> KB) sent"},
		{"multi-byte text", "Процесс 12 завершён", "Процесс <*> завершён"},
		{"invalid bytes", "bad \xff\xfe 12", "bad \xff\xfe <*>"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := maskedBy(tt.msg, 0); got != tt.want {
				t.Errorf("shape(%q) = %q, want %q", tt.msg, got, tt.want)
			}
		})
	}
}

func TestShapeOfRequests(t *testing.T) {
	tests := []struct {
		name, msg string
		status    int
		want      string
	}{
		{"path", "GET /api/v1/orders/1234 200", 200, "\x12 GET /api/v1/orders/<*>"},
		{"query", "GET /v1/search/2024-05-01?q=a&n=5 HTTP/1.1", 200, "\x12 GET /v1/search/<*> HTTP/<*>"},
		{"segments", "GET /v1/a-2/4a5b6c7d-aaaa-bbbb-cccc-ddddeeeeffff/x.png", 200, "\x12 GET /v1/a-<*>/<*>/x.png"},
		{"root", "GET / 200", 200, "\x12 GET /"},
		{"without status", "GET /health", 503, "\x15 GET /health"},
		{"other number", "GET /x 404", 200, "\x12 GET /x <*>"},
		{"message", "request failed: timeout after 30 s", 500, "\x15 request failed: timeout after <*> s"},
		{"not a status", "GET /a/b", 7, "GET <*>"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := maskedBy(tt.msg, tt.status); got != tt.want {
				t.Errorf("shape(%q, %d) = %q, want %q", tt.msg, tt.status, got, tt.want)
			}
		})
	}
}

func TestShapeOfLongMessage(t *testing.T) {
	long := strings.Repeat("word ", 1000)
	got := maskedBy(long, 0)
	if len(got) > maxShaped+4 || !strings.HasSuffix(got, "word <*>") {
		t.Errorf("shape of %d bytes has %d bytes and ends in %q", len(long), len(got), got[len(got)-12:])
	}
	if other := maskedBy(long+"and more", 0); other != got {
		t.Error("the shape depends on what follows the part that is looked at")
	}
	maskedBy(strings.Repeat("x", 5000), 200)
	maskedBy(strings.Repeat("9 x,", 5000), 0)
	if got := maskedBy("x"+strings.Repeat("é", 2000), 0); !utf8.ValidString(got) {
		t.Errorf("shape cuts a character: %q", got[len(got)-12:])
	}
}
