package evidence

import (
	"bufio"
	"io"
	"strings"
	"testing"
)

func TestPlainReaderOfALongLine(t *testing.T) {
	word, colored := `"word",`, "\x1b[1;32m\"word\"\x1b[0m,"
	r := &plainReader{r: bufio.NewReaderSize(strings.NewReader(strings.Repeat(colored, 200)+"\n"), 64)}
	got, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	if want := strings.Repeat(word, 200) + "\n"; string(got) != want {
		t.Errorf("read %q, want no trace of the colors", got)
	}
}
