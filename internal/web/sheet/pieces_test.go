package sheet

import (
	"bytes"
	"hash/crc32"
	"testing"
)

func TestChecksumsAreJoined(t *testing.T) {
	text := bytes.Repeat([]byte("the pool was exhausted; "), 9000)
	want := crc32.ChecksumIEEE(text)
	for _, cut := range []int{0, 1, 7, 4096, 65536, len(text) - 1, len(text)} {
		a, b := text[:cut], text[cut:]
		if got := joined(crc32.ChecksumIEEE(a), crc32.ChecksumIEEE(b), len(b)); got != want {
			t.Errorf("joined at %d = %08x, want %08x", cut, got, want)
		}
	}
}

func TestPiecesAreStoredAndRead(t *testing.T) {
	made := &Pieces{Title: "Checkout", list: []piece{{Body{raw: []byte("<p>a</p>")}, "banner"}, {Body{raw: []byte{}}, "margin"}, {Body{raw: []byte("</div>")}, ""}}}
	packed, err := made.pack()
	if err != nil {
		t.Fatal(err)
	}
	data := packed.encode()
	got, err := decode(data)
	if err != nil || got.Title != made.Title || len(got.list) != len(made.list) {
		t.Fatalf("decode = %v %v", got, err)
	}
	for i, p := range got.list {
		plain, err := p.Plain()
		if err != nil || !bytes.Equal(plain, made.list[i].raw) || p.next != made.list[i].next {
			t.Errorf("piece %d = %q before %q %v, want %q before %q", i, plain, p.next, err, made.list[i].raw, made.list[i].next)
		}
	}
	if unpacked, err := got.unpack(); err != nil || got.isPlain() || !unpacked.isPlain() || !bytes.Equal(unpacked.encode(), data) || unpacked.size() != packed.size() {
		t.Errorf("unpack = %+v %v, want what was packed", unpacked, err)
	}
	for n := range data {
		if _, err := decode(data[:n]); err == nil {
			t.Errorf("%d of %d bytes are read as a page", n, len(data))
		}
	}
	if _, err := decode(append(data, 0)); err == nil {
		t.Error("a page with a byte too many is read")
	}
}
