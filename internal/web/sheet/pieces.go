package sheet

import (
	"bytes"
	"compress/flate"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"slices"

	"github.com/a-h/templ"
)

// Pieces are the parts of a page that are kept, in their order, with the slots
// between them. They do not change.
type Pieces struct {
	Title string // of the window
	list  []piece
}

// New returns the pieces of a page that was divided.
func New(title string, sheets []Sheet) *Pieces {
	p := &Pieces{Title: title}
	for _, s := range sheets {
		p.list = append(p.list, piece{Raw(s.HTML), s.Next})
	}
	return p
}

// Fill returns the page as parts, with what in returns for its slots.
func (p *Pieces) Fill(ctx context.Context, in func(Slot) templ.Component) ([]Body, error) {
	var parts []Body
	for _, x := range p.list {
		parts = append(parts, x.Body)
		if x.next == "" {
			continue
		}
		var b bytes.Buffer
		if err := in(x.next).Render(ctx, &b); err != nil {
			return nil, err
		}
		parts = append(parts, Raw(b.Bytes()))
	}
	return parts, nil
}

type piece struct {
	Body
	next Slot
}

// size is how much memory the pieces take, but for little.
func (p *Pieces) size() int {
	n := len(p.Title)
	for _, x := range p.list {
		n += len(x.raw) + len(x.packed)
	}
	return n
}

// isPacked reports whether the pieces are compressed.
func (p *Pieces) isPacked() bool { return len(p.list) > 0 && p.list[0].packed != nil }

// pack returns the pieces with their compressed forms.
func (p *Pieces) pack() (*Pieces, error) {
	out := &Pieces{Title: p.Title}
	for _, x := range p.list {
		b, err := deflated(x.raw)
		if err != nil {
			return nil, err
		}
		out.list = append(out.list, piece{b, x.next})
	}
	return out, nil
}

// isPlain reports whether what the pieces are packed from is there.
func (p *Pieces) isPlain() bool {
	return !slices.ContainsFunc(p.list, func(x piece) bool { return x.raw == nil })
}

// unpack returns packed pieces with what they are packed from.
func (p *Pieces) unpack() (*Pieces, error) {
	out := &Pieces{Title: p.Title}
	for _, x := range p.list {
		raw, err := x.Plain()
		if err != nil {
			return nil, err
		}
		x.raw = raw
		out.list = append(out.list, x)
	}
	return out, nil
}

// encode returns packed pieces as bytes to be stored, without what they are packed
// from.
func (p *Pieces) encode() []byte {
	b := appendText(nil, p.Title)
	b = binary.AppendUvarint(b, uint64(len(p.list)))
	for _, x := range p.list {
		b = appendText(b, string(x.next))
		b = binary.AppendUvarint(b, uint64(x.size))
		b = binary.LittleEndian.AppendUint32(b, x.sum)
		b = appendText(b, string(x.packed))
	}
	return b
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// errPieces says that bytes are not what encode returned.
var errPieces = errors.New("a kept page is damaged")

// decode reads what encode returned.
func decode(data []byte) (*Pieces, error) {
	d := decoder{data: data}
	p := &Pieces{Title: string(d.text())}
	for n := d.number(); n > 0 && !d.bad; n-- {
		var x piece
		x.next = Slot(d.text())
		x.size = int(d.number())
		x.sum = d.sum()
		x.packed = d.text()
		p.list = append(p.list, x)
	}
	if d.bad || len(d.data) > 0 || len(p.list) == 0 {
		return nil, errPieces
	}
	return p, nil
}

// decoder reads values from the front of data; bad once they do not fit.
type decoder struct {
	data []byte
	bad  bool
}

func (d *decoder) number() uint64 {
	n, size := binary.Uvarint(d.data)
	if size <= 0 || n > 1<<30 {
		d.bad, d.data = true, nil
		return 0
	}
	d.data = d.data[size:]
	return n
}

func (d *decoder) text() []byte {
	n := d.number()
	if n > uint64(len(d.data)) {
		d.bad, d.data = true, nil
		return nil
	}
	out := d.data[:n:n]
	d.data = d.data[n:]
	return out
}

func (d *decoder) sum() uint32 {
	if len(d.data) < 4 {
		d.bad, d.data = true, nil
		return 0
	}
	n := binary.LittleEndian.Uint32(d.data)
	d.data = d.data[4:]
	return n
}

// Plain returns what a body is packed from.
func (b Body) Plain() ([]byte, error) {
	if b.raw != nil || b.packed == nil {
		return b.raw, nil
	}
	r := flate.NewReader(io.MultiReader(bytes.NewReader(b.packed), bytes.NewReader([]byte{3, 0})))
	out := make([]byte, b.size)
	if _, err := io.ReadFull(r, out); err != nil {
		return nil, fmt.Errorf("unpack a kept page: %w", err)
	}
	if crc32.ChecksumIEEE(out) != b.sum {
		return nil, errPieces
	}
	return out, nil
}

// joined returns the checksum of two texts one after the other, of which the second
// has size bytes, from theirs: the first is shifted by so many zeros, which is a
// multiplication of polynomials modulo that of the checksum.
func joined(a, b uint32, size int) uint32 {
	shift, square := uint32(1)<<31, uint32(1)<<23 // 1, and x to the power of 8: one byte
	for ; size > 0; size >>= 1 {
		if size&1 == 1 {
			shift = times(shift, square)
		}
		square = times(square, square)
	}
	return times(shift, a) ^ b
}

// times multiplies two polynomials modulo that of IEEE 802.3, the highest bit first.
func times(a, b uint32) uint32 {
	var out uint32
	for bit := uint32(1) << 31; bit > 0; bit >>= 1 {
		if a&bit != 0 {
			out ^= b
		}
		b = b>>1 ^ crc32.IEEE&-(b&1)
	}
	return out
}
