package lsp

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestOffset(t *testing.T) {
	const source = "ab\r\n🔥é\rx\n"
	cases := []struct {
		name string
		at   Position
		want int
	}{
		{"begin", Position{0, 0}, 0},
		{"within a line", Position{0, 1}, 1},
		{"end of a line", Position{0, 2}, 2},
		{"beyond a line", Position{0, 9}, 2},
		{"second line", Position{1, 0}, 4},
		{"within a character", Position{1, 1}, 4},
		{"after two units", Position{1, 2}, 8},
		{"after two bytes", Position{1, 3}, 10},
		{"beyond a line that ends in a return", Position{1, 4}, 10},
		{"after a return", Position{2, 0}, 11},
		{"the last, empty line", Position{3, 0}, 13},
		{"beyond the text", Position{4, 0}, 13},
		{"before the text", Position{-1, 0}, 0},
		{"before a line", Position{1, -1}, 4},
	}
	text := newText([]byte(source))
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := text.offset(c.at); got != c.want {
				t.Errorf("offset(%v) = %d, want %d", c.at, got, c.want)
			}
		})
	}
}

func TestReplace(t *testing.T) {
	cases := []struct {
		name, source string
		r            Range
		with, want   string
	}{
		{"insert", "ac", Range{Position{0, 1}, Position{0, 1}}, "b", "abc"},
		{"delete a line", "a\nb\nc", Range{Position{1, 0}, Position{2, 0}}, "", "a\nc"},
		{"wrong order", "abc", Range{Position{0, 2}, Position{0, 1}}, "x", "axc"},
		{"append beyond the end", "a", Range{Position{5, 0}, Position{6, 0}}, "b", "ab"},
		{"after a wide character", "🔥a", Range{Position{0, 2}, Position{0, 3}}, "b", "🔥b"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := string(newText([]byte(c.source)).replace(c.r, c.with).source); got != c.want {
				t.Errorf("replace = %q, want %q", got, c.want)
			}
		})
	}
}

// FuzzPositions holds that each character's position leads back to it, by bytes
// and by UTF-16 units.
func FuzzPositions(f *testing.F) {
	f.Add("ab\r\n🔥é\rx\n")
	f.Fuzz(func(t *testing.T, source string) {
		if !utf8.ValidString(source) {
			t.Skip("texts from JSON are valid")
		}
		text := newText([]byte(source))
		units := 0
		for i, c := range source {
			p := text.position(i)
			if q := text.positionOfUnit(units); q != p {
				t.Fatalf("byte %d is at %v, its unit %d at %v", i, p, units, q)
			}
			units += utf16Len(c)
			if c == '\n' && i > 0 && source[i-1] == '\r' {
				continue // no position is between them
			}
			if got := text.offset(p); got != i {
				t.Fatalf("offset(position(%d)) = %d", i, got)
			}
		}
	})
}

// FuzzFrames holds that frames of any bytes end in messages of the length that
// they announce, or in an error that says so.
func FuzzFrames(f *testing.F) {
	f.Add([]byte("Content-Length: 2\r\n\r\n{}Content-Length: 3\r\n\r\n[1]"))
	f.Add([]byte("Content-Type: a; charset=utf-16\r\nContent-Length: 1\r\n\r\n1"))
	f.Add([]byte("Content-Length: 200\r\n\r\n1"))
	f.Add([]byte("Content-Length: 99\r\n\r\n" + strings.Repeat("x", 99) + "Content-Length: 0\r\n\r\n"))
	f.Fuzz(func(t *testing.T, input []byte) {
		const most = 64
		in := bufio.NewReader(bytes.NewReader(input))
		for range len(input) + 1 {
			body, err := readFrame(in, most)
			var skip skipped
			switch {
			case errors.Is(err, io.EOF):
				return
			case errors.As(err, &skip) || err == nil:
			case err.Error() == "":
				t.Fatal("an error without words")
			default:
				return
			}
			if len(body) > most {
				t.Fatalf("a message of %d bytes, at most %d are allowed", len(body), most)
			}
			if err == nil && !bytes.Contains(input, body) {
				t.Fatalf("the message %q was not in the input", body)
			}
		}
		t.Fatal("reading does not end")
	})
}

func TestFramesInTurn(t *testing.T) {
	in := bufio.NewReader(strings.NewReader("Content-Length: 2\r\n\r\n{}Content-Length: 70\r\n\r\n" + strings.Repeat("x", 70) + "Content-Length: 3\r\nX-Y: z\r\n\r\n[1]"))
	var got []string
	for {
		body, err := readFrame(in, 64)
		if errors.Is(err, io.EOF) {
			break
		}
		got = append(got, fmt.Sprintf("%s %v", body, err))
	}
	want := []string{"{} <nil>", " the message has 70 bytes; at most 64 are read", "[1] <nil>"}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("messages %q, want %q", got, want)
	}
}
