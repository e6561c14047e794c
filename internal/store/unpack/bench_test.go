package unpack_test

import (
	"encoding/json"
	"testing"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/store/storetest"
	"github.com/hindcast/hindcast/internal/store/unpack"
)

func BenchmarkPostmortem(b *testing.B) {
	p := storetest.Document(7, storetest.FullSize).Post
	p.Sections = nil
	text, err := json.Marshal(p)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("unpack", func(b *testing.B) {
		u := unpack.For[hindcast.Postmortem]()
		b.ReportAllocs()
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			if _, err := u.Unpack(string(text)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("encoding json", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			var p hindcast.Postmortem
			if err := json.Unmarshal(text, &p); err != nil {
				b.Fatal(err)
			}
		}
	})
}
