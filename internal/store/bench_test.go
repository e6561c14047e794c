package store_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/store/storetest"
)

// libraryVariable is how many post-mortems the benchmarks work on, 10,000 unless
// it is set. The library is kept between runs in the folder for temporary files.
const libraryVariable = "HINDCAST_BENCH_LIBRARY"

// postgresVariable asks for a library in a PostgreSQL database, filled each time.
// Its server's processor time is not counted; look at the time that passed.
const postgresVariable = "HINDCAST_BENCH_POSTGRES"

func library(b *testing.B) (*store.Store, int) {
	b.Helper()
	n := 10_000
	if text := os.Getenv(libraryVariable); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil {
			b.Fatalf("%s is %q; write a number", libraryVariable, text)
		}
	}
	if os.Getenv(postgresVariable) != "" {
		s := storetest.Open(b, postgres.URL(b))
		if err := storetest.Fill(b.Context(), s, n, storetest.FullSize); err != nil {
			b.Fatal(err)
		}
		if _, err := s.DB().SQL().ExecContext(b.Context(), `vacuum analyze`); err != nil { // as autovacuum does within a minute
			b.Fatal(err)
		}
		return s, n
	}
	folder := filepath.Join(os.TempDir(), fmt.Sprintf("hindcast-bench-%d", n))
	done := filepath.Join(folder, "complete")
	if _, err := os.Stat(done); err != nil {
		if err := os.RemoveAll(folder); err != nil {
			b.Fatal(err)
		}
		s, err := store.Open(b.Context(), filepath.Join(folder, "hindcast.db"))
		if err != nil {
			b.Fatal(err)
		}
		if err := storetest.Fill(b.Context(), s, n, storetest.FullSize); err != nil {
			b.Fatal(err)
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(done, nil, 0o600); err != nil {
			b.Fatal(err)
		}
	}
	return storetest.Open(b, filepath.Join(folder, "hindcast.db")), n
}

// cpu returns the processor time that the program has used so far.
func cpu(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// measure runs op and reports the processor time of one.
func measure(b *testing.B, name string, op func(i int) error) {
	b.Run(name, func(b *testing.B) {
		for i := range 20 { // statements are prepared, pages read
			if err := op(i); err != nil {
				b.Fatal(err)
			}
		}
		before := cpu(b)
		for i := range b.N {
			if err := op(i); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(cpu(b)-before)/float64(b.N)/1e6, "cpu-ms/op")
	})
}

func BenchmarkLibrary(b *testing.B) {
	s, n := library(b)
	ctx := b.Context()
	v := hindcast.Viewer{PersonID: "person7", Role: hindcast.RoleMember}
	one := func(i int) string { return strconv.Itoa(1 + (i*7919)%n) }
	seen := func(i int) string { // published and not private
		num := (i * 7919) % n
		for num%5 == 0 || num%33 == 0 {
			num = (num + 1) % n
		}
		return strconv.Itoa(num + 1)
	}
	found := func(err error) error {
		if hindcast.CodeOf(err) == hindcast.NotFound {
			return nil
		}
		return err
	}
	measure(b, "view, any document", func(i int) error { _, err := s.Get(ctx, v, seen(i)); return err })
	measure(b, "view, one of fifty", func(i int) error { _, err := s.Get(ctx, v, seen(i%50)); return err })
	measure(b, "view, maybe hidden", func(i int) error { _, err := s.Get(ctx, v, one(i)); return found(err) })
	list := func(f store.Filter) func(int) error {
		return func(int) error {
			p, err := s.List(ctx, v, f)
			if err == nil && len(p.Items) == 0 {
				return fmt.Errorf("nothing in the list %+v", f)
			}
			return err
		}
	}
	measure(b, "list", list(store.Filter{}))
	measure(b, "list, updated", list(store.Filter{Sort: store.SortUpdated}))
	measure(b, "list, service", list(store.Filter{Service: "ledger"}))
	measure(b, "list, severity and status", list(store.Filter{Severity: 1, Status: hindcast.StatusPublished}))
	measure(b, "list, near misses", list(store.Filter{Kind: hindcast.KindNearMiss}))
	measure(b, "list, mine", list(store.Filter{Mine: true}))
	measure(b, "actions, open", func(int) error { _, err := s.Actions(ctx, v, store.ActionFilter{Open: true}); return err })
	measure(b, "counts", func(int) error { _, err := s.Counts(ctx, v, time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)); return err })
	measure(b, "services", func(int) error { _, err := s.Services(ctx, v, "", 25); return err })
	search := func(text string, want int) func(int) error {
		return func(int) error {
			p, err := s.Search(ctx, v, store.Search{Text: text})
			if err == nil && len(p.Items) < want {
				return fmt.Errorf("%d hits for %s, want %d", len(p.Items), text, want)
			}
			return err
		}
	}
	measure(b, "search, rare word", search(storetest.RareWord, 3))
	measure(b, "search, common word", search(storetest.CommonWord, 25))
	measure(b, "search, two words", search("exhausted "+storetest.CommonWord, 25))
	measure(b, "search, phrase", search(`"pool of ledger"`, 1))
	measure(b, "save", func(i int) error {
		return s.Write(ctx, func(tx *store.Tx) error {
			id := fmt.Sprintf("%08x-0000-7000-8000-%012x", (i*7919)%n, (i*7919)%n)
			d, err := tx.Load(ctx, id)
			if err != nil {
				return err
			}
			d.Post.Sections[i%8].Text = fmt.Sprintf("%d %s", i, d.Post.Sections[i%8].Text)
			if err := tx.Save(ctx, d); err != nil {
				return err
			}
			if _, err := tx.AppendRevision(ctx, id, store.Revision{At: d.UpdatedAt, PersonID: "person7", Paths: []string{"sections/summary"}, Reverse: []byte(`[]`)}); err != nil {
				return err
			}
			return tx.Audit(ctx, store.AuditEntry{At: d.UpdatedAt, Act: "postmortem.edit", IncidentID: id})
		})
	})
}
