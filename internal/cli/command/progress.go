package command

import (
	"fmt"
	"io"
	"os"
)

// Progress shows on a terminal how much has been read.
type Progress struct {
	w    io.Writer // nil when nobody watches
	next int64
}

// NewProgress shows progress on w when it is a terminal.
func NewProgress(w io.Writer) *Progress {
	f, ok := w.(*os.File)
	if !ok {
		return &Progress{}
	}
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return &Progress{}
	}
	return &Progress{w: w}
}

// Bytes shows the bytes read, every 16 MiB.
func (p *Progress) Bytes(n int64) {
	if p.w == nil || n < p.next {
		return
	}
	p.next = n + 16<<20
	fmt.Fprintf(p.w, "\rreading evidence: %d MiB", n>>20)
}

// Done clears the line.
func (p *Progress) Done() {
	if p.w != nil && p.next > 0 {
		fmt.Fprint(p.w, "\r\033[K")
	}
}
