//go:build unix

package command

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

func TestWriteFileToAPipe(t *testing.T) {
	name := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(name, 0o600); err != nil {
		t.Fatal(err)
	}
	read := make(chan string)
	go func() {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Error(err)
		}
		read <- string(data)
	}()
	if err := WriteFile(name, []byte("a draft\n"), false); err != nil {
		t.Fatal(err)
	}
	if got := <-read; got != "a draft\n" {
		t.Errorf("the pipe holds %q, want the draft", got)
	}
}
