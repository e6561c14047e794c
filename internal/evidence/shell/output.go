package shell

import (
	"bytes"
	"path"
	"strings"

	"github.com/hindcast/hindcast/internal/evidence/logline"
	"github.com/hindcast/hindcast/internal/evidence/logtime"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

func recognizeOutput(h record.Head) int {
	lines := logline.Head(h, look)
	clock := clockOf(lines)
	return share(lines, 60, 88, func(l []byte) bool {
		numbered, at, command := cutOutput(clock, l)
		return at != "" && len(command) > 0 && (numbered || known(command))
	})
}

// clockOf returns a clock that reads most of the times of lines.
func clockOf(lines [][]byte) *logtime.Clock {
	var best *logtime.Clock
	most := -1
	for _, order := range logtime.Orders {
		clock := logtime.NewClock(&record.File{}, logtime.Habit{Order: order})
		n := 0
		for _, l := range lines {
			if _, at, _ := cutOutput(clock, l); at != "" {
				n++
			}
		}
		if n > most {
			best, most = clock, n
		}
	}
	return best
}

// cutOutput cuts a line that history printed: "  611  2024-05-12 17:02:09 git
// status", "611* [2024-05-12 17:02] git status", or without a number a time and a tab,
// two spaces or the sign of a prompt. at is empty when there is no time.
func cutOutput(clock *logtime.Clock, l []byte) (numbered bool, at string, command []byte) {
	rest := bytes.TrimLeft(l, " ")
	if n := digits(rest); n > 0 && n < 8 && n < len(rest) && (rest[n] == ' ' || rest[n] == '*' || rest[n] == '\t') {
		if _, year := clock.Read(rest); year && n == 4 { // 2024 Mar 15, as a switch writes it
			return false, "", rest
		}
		numbered = true
		rest = bytes.TrimLeft(rest[n:], "* \t")
	}
	inner := bytes.TrimLeft(rest, "[(<")
	s, ok := clock.Read(inner)
	if !ok || s.N >= len(inner) || s.Month == 0 && !s.Epoch {
		return numbered, "", rest
	}
	after := bytes.TrimLeft(inner[s.N:], "])>")
	if !numbered && len(after) > 0 && after[0] != '\t' && !bytes.HasPrefix(after, []byte("  ")) && !bytes.HasPrefix(after, []byte(" $ ")) {
		return false, "", rest
	}
	return numbered, string(inner[:s.N]), bytes.TrimPrefix(bytes.TrimLeft(after, "])>:;|, \t"), []byte("$ "))
}

// readOutput reads what history printed. A line without a number goes on with
// the command before it.
func readOutput(w *logline.Walker, emit func(entry)) {
	clock := clockOf(logline.Head(record.Head{Bytes: w.Data, Whole: true}, look))
	dates := orderOf(clock, *w)
	var c entry
	var first logline.Line
	for l, ok := w.Next(); ok; l, ok = w.Next() {
		numbered, at, command := cutOutput(clock, l.Text)
		if numbered || at != "" || first.Number == 0 {
			emit(c)
			first = l
			at, _ = dates.iso(at)
			c = entry{ref: ref(l, l), at: at, command: string(command)}
			continue
		}
		c.command, c.ref = join(c.command, l.Text), ref(first, l)
	}
	emit(c)
}

// orderOf settles the order of dates whose year has two digits.
func orderOf(clock *logtime.Clock, w logline.Walker) order {
	var times []string
	for l, ok := w.Next(); ok; l, ok = w.Next() {
		if _, at, _ := cutOutput(clock, l.Text); at != "" {
			times = append(times, at)
		}
	}
	return settleOrder(times)
}

// commands are the words that many lines of a history begin with.
var commands = wordSet(`kubectl k helm docker podman git cd ls ll cat less tail head grep rg awk sed vi vim nano ssh scp curl wget
	sudo systemctl journalctl service ps top htop kill df du free psql mysql redis-cli mongosh aws gcloud az terraform ansible make go npm yarn python python3
	exit clear history man export source echo pwd mkdir rm mv cp chmod chown tar find xargs watch dig ping nc netstat ss tcpdump stern k9s argocd
	Get-Process Get-Service Restart-Service Get-Content Get-ChildItem Set-Location Invoke-WebRequest dir`)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		set[w] = true
	}
	return set
}

// known reports whether a command begins with a word that is one.
func known(command []byte) bool {
	word, rest, more := bytes.Cut(bytes.TrimSpace(command), []byte{' '})
	if more && bytes.IndexByte(word, '=') > 0 { // a variable before it
		return known(rest)
	}
	return commands[string(word)]
}

func recognizeUntimed(h record.Head) int {
	lines := logline.Head(h, look)
	fits := func(l []byte) bool {
		rest := bytes.TrimLeft(l, " ")
		if n := digits(rest); n > 0 {
			rest = rest[n:]
		}
		return known(rest)
	}
	if strings.Contains(strings.ToLower(path.Base(h.Name)), "history") {
		return share(lines, 40, 70, fits)
	}
	if len(lines) < 3 {
		return 0
	}
	return share(lines, 70, 40, fits)
}

// readUntimed reads one command a line, with or without a number.
func readUntimed(w *logline.Walker, emit func(entry)) {
	for l, ok := w.Next(); ok; l, ok = w.Next() {
		text := bytes.TrimLeft(l.Text, " ")
		if n := digits(text); n > 0 && n < 8 && bytes.HasPrefix(text[n:], []byte("  ")) {
			text = text[n:]
		}
		emit(entry{ref: ref(l, l), command: string(text)})
	}
}
