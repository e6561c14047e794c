package shell

import (
	"bytes"
	"regexp"
	"strings"
	"time"

	"github.com/hindcast/hindcast/internal/evidence/logline"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// recognizeTranscript takes what Start-Transcript of PowerShell writes.
func recognizeTranscript(h record.Head) int {
	begin := bytes.TrimLeft(bytes.TrimPrefix(h.Bytes, []byte("\xef\xbb\xbf")), "*\r\n")
	if line, _, _ := bytes.Cut(begin, []byte("\n")); len(begin) < len(h.Bytes) && bytes.Contains(line, []byte("PowerShell transcript start")) {
		return 96
	}
	return 0
}

var (
	// prompt is what stands before a command: a time, when somebody set one, and where
	// the shell is.
	prompt = regexp.MustCompile(`^(?:\[?(\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?: ?[+-]\d\d:\d\d|Z)?)\]? )?(?:\[[^\]]*\]: )?PS(?: [^>]*)?> ?(.*)$`)
	// user is whose shell it is, and started the time of the command below, in a header
	// between lines of stars.
	user    = regexp.MustCompile(`^Username: (?:[^\\]*\\)?(\S+)\s*$`)
	started = regexp.MustCompile(`^(?:Command start time|Start time): (\d{14})\s*$`)
)

// readTranscript reads the commands of a transcript, each with the time of its prompt, or of
// the header above it: what it printed is left out.
func readTranscript(w *logline.Walker, emit func(entry)) {
	at, who, header := "", "", false
	for l, ok := w.Next(); ok; l, ok = w.Next() {
		text := strings.TrimRight(string(l.Text), "\r")
		if strings.HasPrefix(text, "**********") {
			header = !header
			continue
		}
		if m := started.FindStringSubmatch(text); header && m != nil {
			at = ""
			if t, err := time.Parse("20060102150405", m[1]); err == nil {
				at = t.Format("2006-01-02 15:04:05")
			}
			continue
		}
		if m := user.FindStringSubmatch(text); header && m != nil {
			who = m[1]
		}
		m := prompt.FindStringSubmatch(text)
		if m == nil || strings.TrimSpace(m[2]) == "" {
			continue
		}
		c := entry{ref: ref(l, l), at: at, command: m[2], who: who}
		if m[1] != "" {
			c.at = strings.Replace(m[1], " ", "T", 1)
			c.at = strings.ReplaceAll(c.at, " ", "")
		}
		emit(c)
		at = ""
	}
}
