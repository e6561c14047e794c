package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/hindcast/hindcast"
)

// around is how many unchanged lines a hunk shows on each side.
const around = 3

// Diff writes what edits, which are in order and do not overlap, change in a
// text: a unified diff that patch and git apply take.
func Diff(w io.Writer, name string, source []byte, edits []hindcast.Edit) error {
	if len(edits) == 0 {
		return nil
	}
	lines := bytes.SplitAfter(source, []byte("\n"))
	if len(lines[len(lines)-1]) == 0 {
		lines = lines[:len(lines)-1]
	}
	d := differ{lines: lines}
	at, offset := 0, 0
	for i := 0; i < len(edits); {
		for offset+len(lines[at]) <= edits[i].Start {
			offset += len(lines[at])
			at++
		}
		c := change{from: at, to: at}
		var text []byte
		begin := offset
		for ; i < len(edits) && edits[i].Start < offset+len(lines[at]); i++ {
			text = append(text, source[begin:edits[i].Start]...)
			text = append(text, edits[i].Text...)
			begin = edits[i].End
			for begin > offset+len(lines[at]) {
				offset += len(lines[at])
				at++
			}
		}
		text = append(text, source[begin:offset+len(lines[at])]...)
		c.to, c.text = at+1, text
		d.changes = append(d.changes, c)
		offset += len(lines[at])
		at++
		if at == len(lines) {
			break
		}
	}
	_, err := fmt.Fprintf(w, "--- a/%s\n+++ b/%s\n%s", name, name, d.hunks())
	return err
}

// change replaces lines.
type change struct {
	from, to int // lines, from 0; to is the one after
	text     []byte
}

type differ struct {
	lines   [][]byte
	changes []change
}

// hunks groups changes that are close to each other.
func (d differ) hunks() string {
	var b strings.Builder
	shift := 0
	for i := 0; i < len(d.changes); {
		last := i
		for last+1 < len(d.changes) && d.changes[last+1].from-d.changes[last].to <= 2*around {
			last++
		}
		shift += d.hunk(&b, d.changes[i:last+1], shift)
		i = last + 1
	}
	return b.String()
}

// hunk writes one hunk and returns by how many lines it moves what follows.
func (d differ) hunk(b *strings.Builder, changes []change, shift int) int {
	from := max(0, changes[0].from-around)
	to := min(len(d.lines), changes[len(changes)-1].to+around)
	var body strings.Builder
	added, at := 0, from
	for _, c := range changes {
		d.write(&body, " ", d.lines[at:c.from])
		d.write(&body, "-", d.lines[c.from:c.to])
		text := bytes.SplitAfter(c.text, []byte("\n"))
		if len(text[len(text)-1]) == 0 {
			text = text[:len(text)-1]
		}
		d.write(&body, "+", text)
		added += len(text) - (c.to - c.from)
		at = c.to
	}
	d.write(&body, " ", d.lines[at:to])
	fmt.Fprintf(b, "@@ -%d,%d +%d,%d @@\n%s", from+1, to-from, from+1+shift, to-from+added, body.String())
	return added
}

func (d differ) write(b *strings.Builder, mark string, lines [][]byte) {
	for _, l := range lines {
		b.WriteString(mark)
		b.Write(l)
		if !bytes.HasSuffix(l, []byte("\n")) {
			b.WriteString("\n\\ No newline at end of file\n")
		}
	}
}
