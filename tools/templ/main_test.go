package main

import (
	"bytes"
	"os"
	"testing"
)

func TestCodeOfTemplatesIsCommitted(t *testing.T) {
	n := 0
	err := each("../../internal/web", func(template string, code []byte) error {
		n++
		got, err := os.ReadFile(target(template))
		if err != nil {
			return err
		}
		if !bytes.Equal(got, code) {
			t.Errorf("%s is not what %s gives; run go run ./tools/templ", target(template), template)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n == 0 {
		t.Error("there are no templates")
	}
}
