// Package accesslog reads the logs of web servers, proxies and load balancers:
// one line per request with its time and status.
//
// Servers differ in what stands around the request, so a file's own lines show
// where time and status are. The message of a record is method, path without
// query, and status: "GET /v1/orders 503".
package accesslog

import (
	"bytes"

	"github.com/hindcast/hindcast/internal/evidence/logline"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/textlog"
)

// Formats returns the formats of web servers' logs.
func Formats() []record.Format {
	return []record.Format{
		{
			Name: "access-log",
			Recognize: func(h record.Head) int {
				if l := settle(logline.Head(h, maxSample)); l != nil {
					return sureAccess
				}
				return 0
			},
			Lines: func(f *record.File, h record.Head) record.LineParser {
				return newParser(f, settle(logline.Head(h, maxSample)), false)
			},
		},
		{
			Name:      "w3c-log",
			Recognize: func(h record.Head) int { return sureIf(settleColumns(h) != nil, sureW3C) },
			Lines: func(f *record.File, h record.Head) record.LineParser {
				return newParser(f, settleColumns(h), true)
			},
		},
		haproxy(),
		errorLog("nginx-error-log", "nginx", nginxError),
		errorLog("apache-error-log", "Apache", apacheError),
	}
}

// maxSample is how many lines of the head are looked at.
const maxSample = 200

// Sureness of recognition.
const (
	sureAccess = 70
	sureW3C    = 75
	sureError  = 60
)

func sureIf(ok bool, n int) int {
	if ok {
		return n
	}
	return 0
}

// errorLog is the log of a server's own messages. Its lines are those of other
// text logs; only its origin is known.
func errorLog(name, source string, is func(line []byte) bool) record.Format {
	return record.Format{
		Name: name, Source: source,
		Recognize: func(h record.Head) int {
			lines := logline.Head(h, maxSample)
			n := 0
			for _, l := range lines {
				if is(l) {
					n++
				}
			}
			return sureIf(n > 0 && n*10 >= len(lines)*8, sureError)
		},
		Lines: func(f *record.File, h record.Head) record.LineParser {
			return textlog.NewParser(f, textlog.SettleLines(logline.Head(h, maxSample)))
		},
	}
}

// nginxError recognizes "2024/03/15 10:25:03 [error] 12#34: ".
func nginxError(line []byte) bool {
	if len(line) < 30 || line[4] != '/' || line[7] != '/' || line[13] != ':' || line[20] != '[' {
		return false
	}
	_, rest, ok := bytes.Cut(line[21:], []byte("] "))
	hash := bytes.IndexByte(rest[:min(len(rest), 12)], '#')
	return ok && hash > 0 && rest[0]-'0' < 10
}

// apacheError recognizes "[Sun Dec 04 04:47:44 2005] [core:error] ".
func apacheError(line []byte) bool {
	if len(line) < 32 || line[0] != '[' || line[4] != ' ' || line[8] != ' ' || line[14] != ':' {
		return false
	}
	at, rest, ok := bytes.Cut(line, []byte("] ["))
	return ok && len(at) < 40 && bytes.IndexByte(rest[:min(len(rest), 32)], ']') > 0
}
