package shell

import (
	"bytes"
	"strings"

	"github.com/hindcast/hindcast/internal/evidence/logline"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// look is how many lines of a file are looked at to recognize it.
const look = 60

func recognizeBash(h record.Head) int {
	return share(logline.Head(h, look), 20, 92, bashStamp)
}

// bashStamp reports whether a line is "#1710513735".
func bashStamp(l []byte) bool {
	return len(l) >= 10 && len(l) <= 12 && l[0] == '#' && digits(l[1:]) == len(l)-1
}

// readBash reads commands below the line with their time. What stands before
// the first time are commands of their own.
func readBash(w *logline.Walker, emit func(entry)) {
	var c entry
	var first logline.Line
	for l, ok := w.Next(); ok; l, ok = w.Next() {
		switch {
		case bashStamp(l.Text):
			emit(c)
			first = l
			c = entry{ref: ref(l, l), at: string(l.Text[1:])}
		case c.at == "":
			emit(entry{ref: ref(l, l), command: string(l.Text)})
		case len(bytes.TrimSpace(l.Text)) > 0:
			c.command, c.ref = join(c.command, l.Text), ref(first, l)
		}
	}
	emit(c)
}

func recognizeZsh(h record.Head) int {
	return share(logline.Head(h, look), 20, 95, func(l []byte) bool {
		_, _, _, ok := zshStamp(l)
		return ok
	})
}

// zshStamp cuts ": 1710513742:579;kubectl get pods".
func zshStamp(l []byte) (at, took string, command []byte, ok bool) {
	rest, ok := bytes.CutPrefix(l, []byte(": "))
	n := digits(rest)
	if !ok || n < 9 || n > 11 || n >= len(rest) || rest[n] != ':' {
		return "", "", nil, false
	}
	m := digits(rest[n+1:])
	end := n + 1 + m
	if m == 0 || end >= len(rest) || rest[end] != ';' {
		return "", "", nil, false
	}
	return string(rest[:n]), string(rest[n+1 : end]), rest[end+1:], true
}

// readZsh reads commands with their time before them. A backslash at the end of
// a line says that the command goes on.
func readZsh(w *logline.Walker, emit func(entry)) {
	for l, ok := w.Next(); ok; l, ok = w.Next() {
		at, took, text, timed := zshStamp(l.Text)
		if !timed {
			text = l.Text
		}
		c := entry{ref: ref(l, l), at: at, took: took}
		first := l
		for {
			line, more := bytes.CutSuffix(text, []byte{'\\'})
			c.command = join(c.command, unmeta(line))
			next := w.Data
			if _, _, _, begins := zshStamp(next); !more || len(next) == 0 || begins {
				break
			}
			l, _ = w.Next()
			text, c.ref = l.Text, ref(first, l)
		}
		emit(c)
	}
}

// unmeta undoes the encoding that zsh gives to bytes above 0x82: 0x83, then the
// byte with one bit turned.
func unmeta(b []byte) []byte {
	if bytes.IndexByte(b, 0x83) < 0 {
		return b
	}
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		if b[i] == 0x83 && i+1 < len(b) {
			i++
			out = append(out, b[i]^32)
			continue
		}
		out = append(out, b[i])
	}
	return out
}

func recognizeFish(h record.Head) int {
	lines := logline.Head(h, look)
	when := func(l []byte) bool {
		at, ok := bytes.CutPrefix(l, []byte("  when: "))
		return ok && digits(at) == len(at) && len(at) >= 9
	}
	return min(share(lines, 15, 95, when), share(lines, 15, 95, func(l []byte) bool { return bytes.HasPrefix(l, []byte("- cmd: ")) }))
}

// readFish reads the entries of fish: "- cmd: COMMAND", then "  when: EPOCH" and
// the paths it named.
func readFish(w *logline.Walker, emit func(entry)) {
	var c entry
	var first logline.Line
	plain := strings.NewReplacer(`\\`, `\`, `\n`, "\n")
	for l, ok := w.Next(); ok; l, ok = w.Next() {
		if command, begins := bytes.CutPrefix(l.Text, []byte("- cmd: ")); begins {
			emit(c)
			first = l
			c = entry{ref: ref(l, l), command: plain.Replace(string(command))}
			continue
		}
		if at, ok := bytes.CutPrefix(l.Text, []byte("  when: ")); ok {
			c.at = string(at)
		}
		if first.Number > 0 && len(bytes.TrimSpace(l.Text)) > 0 {
			c.ref = ref(first, l)
		}
	}
	emit(c)
}
