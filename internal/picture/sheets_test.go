package picture_test

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"testing"

	"github.com/hindcast/hindcast/internal/picture"
)

// TestSheetsCutNoBox divides pictures of many causes in their narrow form and
// expects that the sheets are the whole, in order, and cut through no box.
func TestSheetsCutNoBox(t *testing.T) {
	box := regexp.MustCompile(`<rect class="cause[^"]*" x="\d+" y="(\d+)" width="\d+" height="(\d+)"`)
	for _, n := range []int{0, 3, 20, 60} {
		for name, draw := range pictures(uint64(n), n, 620) {
			var b bytes.Buffer
			if err := draw(&b); err != nil {
				t.Fatal(err)
			}
			_, height := picture.Size(b.Bytes())
			at := 0
			for _, s := range picture.Sheets(b.Bytes(), 843) {
				if s.From != at || s.To <= s.From || s.To-s.From > 843 {
					t.Fatalf("%s of %d: sheet %v after %d", name, n, s, at)
				}
				at = s.To
				for _, m := range box.FindAllStringSubmatch(b.String(), -1) {
					y, _ := strconv.Atoi(m[1])
					h, _ := strconv.Atoi(m[2])
					if y < s.To && y+h > s.To {
						t.Errorf("%s of %d: the sheet ends at %d within the box from %d to %d", name, n, s.To, y, y+h)
					}
				}
				if want := fmt.Sprintf(`viewBox="0 %d 620 %d"`, s.From, s.To-s.From); !bytes.Contains(picture.Cut(b.Bytes(), s), []byte(want)) {
					t.Errorf("%s of %d: the part does not have %s", name, n, want)
				}
			}
			if at != height {
				t.Errorf("%s of %d: the sheets end at %d, want %d", name, n, at, height)
			}
		}
	}
}
