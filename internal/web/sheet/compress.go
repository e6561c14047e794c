package sheet

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"net/http"
	"strings"
	"sync"
)

// Body is a part of a page. The compressed form of a part that is shown often is
// kept with it.
type Body struct {
	raw    []byte // nil when packed is all that is there
	packed []byte // deflate blocks of raw that end at a byte, of which none is the last; nil to compress when it is sent
	size   int    // of raw, when packed
	sum    uint32 // of raw, when packed
}

// Raw returns a part that is not compressed.
func Raw(b []byte) Body { return Body{raw: b} }

// deflated returns a part with its compressed form.
func deflated(raw []byte) (Body, error) {
	var b bytes.Buffer
	w := small.Get().(*flate.Writer)
	defer small.Put(w)
	w.Reset(&b)
	if _, err := w.Write(raw); err != nil {
		return Body{}, err
	}
	if err := w.Flush(); err != nil {
		return Body{}, err
	}
	return Body{raw, b.Bytes(), len(raw), crc32.ChecksumIEEE(raw)}, nil
}

// Takes reports whether a client takes answers in a coding.
func Takes(r *http.Request, coding string) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, q, _ := strings.Cut(strings.TrimSpace(part), ";")
		if name == coding && strings.ReplaceAll(q, " ", "") != "q=0" {
			return true
		}
	}
	return false
}

// Compressors are used again, since one takes most of a megabyte: fast ones for what
// is sent once, and those that make it small for what is kept.
var fast, small = compressors(flate.BestSpeed), compressors(6)

func compressors(level int) *sync.Pool {
	return &sync.Pool{New: func() any {
		w, err := flate.NewWriter(io.Discard, level)
		if err != nil {
			panic(fmt.Sprintf("sheet: flate refuses its own level: %v", err))
		}
		return w
	}}
}

// Stitch joins parts to one gzip stream (RFC 1952). Parts that are compressed
// already are copied: deflate blocks that end at a byte can stand anywhere.
func Stitch(parts []Body) ([]byte, error) {
	var b bytes.Buffer
	b.Write([]byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255})
	w := fast.Get().(*flate.Writer)
	defer fast.Put(w)
	sum, size := uint32(0), uint32(0)
	for _, p := range parts {
		if p.packed != nil {
			sum = joined(sum, p.sum, p.size)
			size += uint32(p.size)
			b.Write(p.packed)
			continue
		}
		if len(p.raw) == 0 {
			continue
		}
		sum = crc32.Update(sum, crc32.IEEETable, p.raw)
		size += uint32(len(p.raw))
		w.Reset(&b)
		if _, err := w.Write(p.raw); err != nil {
			return nil, err
		}
		if err := w.Flush(); err != nil {
			return nil, err
		}
	}
	b.Write([]byte{3, 0}) // an empty block, the last one
	return binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(b.Bytes(), sum), size), nil
}
