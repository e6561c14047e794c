// Package sysstat reads what the tools of sysstat print about a machine: sar, mpstat,
// pidstat, iostat -t and sadf -d.
//
//	Linux 6.1.0 (db-1)  10/21/2025  _x86_64_ (8 CPU)
//
//	04:00:00 PM     CPU     %user     %idle      a heading: the names of metrics
//	04:01:00 PM     all      0.48     99.52      a row: columns in capitals are labels
//	Average:        all      0.48     99.52      no sample
//
// Rows have a clock alone; their day is that of the head, or the next when the clock has
// passed midnight since. iostat -t prints the time above each of its tables, and sadf -d
// whole times in columns that semicolons divide. The host is a label of every series.
package sysstat

import (
	"bufio"
	"bytes"
	"io"
	"slices"
	"strings"

	"github.com/hindcast/hindcast/internal/evidence/logline"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// head finds the first line of a report, with the host and the date as the locale of
// the machine writes it.
var head = lazyregexp.New(`^Linux \S+ \(([^)]*)\)\s+(\d{1,4}[-/.]\d\d[-/.]\d{2,4})\s+_\w+_`)

// sadfHead begins the heading of a table of sadf -d.
const sadfHead = "# hostname;interval;timestamp"

// sure is more than what is known and not read.
const sure = 80

// Formats returns the one format of reports of sysstat.
func Formats() []record.Format {
	return []record.Format{{Name: "sysstat", Recognize: recognize, Parse: parse}}
}

// recognize wants the head and a row with a time: iostat and vmstat print reports
// without any.
func recognize(h record.Head) int {
	lines := logline.Head(h, 12)
	if len(lines) < 2 {
		return 0
	}
	if slices.ContainsFunc(lines, func(l []byte) bool { return bytes.HasPrefix(l, []byte(sadfHead)) }) {
		return sure
	}
	if !head.MatchString(string(lines[0])) {
		return 0
	}
	for _, l := range lines[1:] {
		f := strings.Fields(string(l))
		if n := clockFields(f); n > 0 && len(f) > n || moment.MatchString(string(l)) {
			return sure
		}
	}
	return 0
}

func parse(f *record.File, r io.Reader, sink record.Sink) error {
	p := newReport(f, sink)
	in := bufio.NewReader(r)
	for number := 1; ; number++ {
		line, err := in.ReadString('\n')
		if len(line) <= logline.MaxMessage {
			p.line(strings.TrimRight(line, "\r\n"), number)
		} else {
			p.problems.Add(number, "the line is too long to be a row; it was skipped")
		}
		if err != nil {
			p.close()
			if err == io.EOF {
				err = nil
			}
			return err
		}
	}
}
