package evidence

import (
	"bufio"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func TestPlainReader(t *testing.T) {
	for in, want := range map[string]string{
		"\x1b[33mcommit 1a2b\x1b[m\n\x1b[Knext":                              "commit 1a2b\nnext",
		"\x1b[1;39m{\x1b[0m\x1b[34;1m\"a\"\x1b[0m:\x1b[0;32m\"b\"\x1b[0m}\n": "{\"a\":\"b\"}\n",
		"\x1b[2Jcleared": "\x1b[2Jcleared",
		"cut \x1b[3":     "cut \x1b[3",
		"":               "",
	} {
		got, err := io.ReadAll(iotest.OneByteReader(&plainReader{r: bufio.NewReader(strings.NewReader(in))}))
		if err != nil || string(got) != want {
			t.Errorf("%q is read as %q and %v, want %q", in, got, err, want)
		}
	}
}
