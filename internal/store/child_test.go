package store_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/store/storetest"
	"github.com/hindcast/hindcast/internal/store/upkeep"
)

// The tests of this file run the test binary itself as another program, which
// writes to the store that childStore names until it is killed or fails.
const (
	childStore = "HINDCAST_TEST_CHILD_STORE"
	childLimit = "HINDCAST_TEST_CHILD_LIMIT" // bytes that a file may have; empty when it is not limited
)

// crashDocs is how many documents the child changes in turn.
const crashDocs = 4

func crashID(i int) string { return fmt.Sprintf("00000000-0000-7000-8000-%012d", i) }

// runChild writes when the binary was started as a child, and reports whether it
// was. It prints a line for every write that was acknowledged.
func runChild() bool {
	url := os.Getenv(childStore)
	if url == "" {
		return false
	}
	if err := writeUntilKilled(url); err != nil {
		fmt.Printf("error %s %v\n", hindcast.CodeOf(err), err)
	}
	return true
}

func writeUntilKilled(url string) error {
	ctx := context.Background()
	s, err := store.Open(ctx, url)
	if err != nil {
		return err
	}
	if text := os.Getenv(childLimit); text != "" {
		n, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			return err
		}
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: n, Max: n}); err != nil {
			return err
		}
	}
	for i := 0; ; i++ {
		count := 0
		err := s.Write(ctx, func(tx *store.Tx) (err error) {
			count, err = countUp(ctx, tx, crashID(i%crashDocs))
			return err
		})
		if err != nil {
			return err
		}
		fmt.Printf("done %d %d\n", i%crashDocs, count)
	}
}

// countUp writes the next number into everything that belongs to a document.
func countUp(ctx context.Context, tx *store.Tx, id string) (int, error) {
	d, err := tx.Load(ctx, id)
	if err != nil {
		return 0, err
	}
	n := int(d.Version)
	text := fmt.Sprintf("count%d %s", n, strings.Repeat("padding ", 200))
	d.Post.Incident.Title, d.Post.Sections[0].Text, d.Post.Sections[1].Text = text, text, text
	d.Post.Actions[0].Description = text
	if err := tx.Save(ctx, d); err != nil {
		return 0, err
	}
	if _, err := tx.AppendRevision(ctx, id, store.Revision{At: march, PersonID: "author", Note: text}); err != nil {
		return 0, err
	}
	return n, tx.Audit(ctx, store.AuditEntry{At: march, Act: "postmortem.edit", IncidentID: id, Detail: n})
}

// child starts the binary as a program that writes.
func child(t *testing.T, url, limit string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), childStore+"="+url, childLimit+"="+limit)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, bufio.NewScanner(out)
}

func TestKillingTheWriterLosesNothingAcknowledged(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) { killWriters(t, "sqlite:"+filepath.Join(t.TempDir(), "crash.db")) })
	t.Run("postgres", func(t *testing.T) { killWriters(t, postgres.URL(t)) })
}

func killWriters(t *testing.T, url string) {
	t.Parallel()
	writes := 1000
	if testing.Short() {
		writes = 50
	}
	seedCrash(t, url)
	acknowledged := map[int]int{}
	r := rand.New(rand.NewPCG(1, 2))
	kills := 0
	for done := 0; done < writes; kills++ {
		cmd, lines := child(t, url, "")
		for stop := 1 + r.IntN(120); stop > 0 && lines.Scan(); stop-- {
			done += acknowledge(t, lines.Text(), acknowledged)
		}
		if err := cmd.Process.Signal(syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		for lines.Scan() { // what was acknowledged before it died
			done += acknowledge(t, lines.Text(), acknowledged)
		}
		_ = cmd.Wait() // it was killed
		checkCrash(t, url, acknowledged)
	}
	t.Logf("%d writers were killed", kills)
}

func seedCrash(t *testing.T, url string) {
	t.Helper()
	s := storetest.Open(t, url)
	for i := range crashDocs {
		insert(t, s, draft(func(d *store.Document) { d.ID = crashID(i) }))
	}
}

// acknowledge notes a line of the child.
func acknowledge(t *testing.T, line string, acknowledged map[int]int) int {
	t.Helper()
	var doc, count int
	if _, err := fmt.Sscanf(line, "done %d %d", &doc, &count); err != nil {
		t.Fatalf("the writer says %q", line)
	}
	acknowledged[doc] = count
	return 1
}

// checkCrash opens the store as after a crash and checks that every document is
// whole and has what was acknowledged.
func checkCrash(t *testing.T, url string, acknowledged map[int]int) {
	t.Helper()
	s, err := store.Open(t.Context(), url)
	if err != nil {
		t.Fatalf("open after a crash: %v", err)
	}
	defer func() { _ = s.Close() }() // a test's
	for i := range crashDocs {
		d := get(t, s, author, crashID(i))
		n := int(d.Version) - 1
		if n < acknowledged[i] {
			t.Errorf("document %d has %d changes, but %d were acknowledged", i, n, acknowledged[i])
		}
		if n == 0 {
			continue
		}
		want := fmt.Sprintf("count%d ", n)
		for what, text := range map[string]string{"title": d.Post.Incident.Title, "section 0": d.Post.Sections[0].Text, "section 1": d.Post.Sections[1].Text, "action": d.Post.Actions[0].Description} {
			if !strings.HasPrefix(text, want) {
				t.Errorf("document %d: %s begins with %.20q, want %q: a write was kept in part", i, what, text, want)
			}
		}
		r, err := s.Revisions(t.Context(), author, d.ID, "", 1)
		if err != nil || len(r.Items) != 1 || r.Items[0].N != int64(n) || !strings.HasPrefix(r.Items[0].Note, want) {
			t.Errorf("document %d: last revision %v, %v; want %d", i, r.Items, err, n)
		}
		hits, err := s.Search(t.Context(), author, store.Search{Text: want})
		if err != nil || !hasNum(hits.Items, d.Num) {
			t.Errorf("document %d: %q is not found: %v", i, want, err)
		}
	}
	if err := upkeep.Check(t.Context(), s); err != nil {
		t.Errorf("after a crash: %v", err)
	}
}

func hasNum(hits []store.Hit, num int64) bool {
	for _, h := range hits {
		if h.Num == num {
			return true
		}
	}
	return false
}

func TestFullDiskIsAClearErrorAndLosesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "full.db")
	seedCrash(t, path)
	cmd, lines := child(t, path, strconv.Itoa(3<<20))
	acknowledged := map[int]int{}
	last := ""
	for lines.Scan() {
		if last = lines.Text(); strings.HasPrefix(last, "done") {
			acknowledge(t, last, acknowledged)
		}
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	if len(acknowledged) < crashDocs || !strings.HasPrefix(last, "error unavailable") || !strings.Contains(last, "nothing was saved") {
		t.Errorf("after %v the writer says %q, want that the disk refuses", acknowledged, last)
	}
	checkCrash(t, path, acknowledged)
}

func TestFullDeviceIsAClearError(t *testing.T) {
	folder := t.TempDir()
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "size=2m"); err != nil {
		t.Skipf("no small disk can be made here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(folder, 0); err != nil {
			t.Error(err)
		}
	})
	s, err := store.Open(t.Context(), filepath.Join(folder, "small.db"))
	if err != nil {
		t.Fatal(err)
	}
	for err == nil {
		err = s.Write(t.Context(), func(tx *store.Tx) error {
			return tx.Insert(t.Context(), draft(func(d *store.Document) { d.Post.Sections[0].Text = strings.Repeat("long ", 20_000) }))
		})
	}
	if hindcast.CodeOf(err) != hindcast.Unavailable || !strings.Contains(err.Error(), "is full; nothing was saved; free some space") {
		t.Errorf("Write on a full disk = %v (%s), want unavailable and what to do", err, hindcast.CodeOf(err))
	}
	if list, err := s.List(t.Context(), author, store.Filter{}); err != nil || len(list.Items) == 0 {
		t.Errorf("reading on a full disk = %v, %v", list.Items, err)
	}
	if err := errors.Join(upkeep.Check(t.Context(), s), s.Close()); err != nil {
		t.Error(err)
	}
}

func TestLostServerIsUnavailable(t *testing.T) {
	s := storetest.Open(t, postgres.URL(t))
	insert(t, s, draft())
	err := s.DB().Write(t.Context(), func(tx *sqldb.Tx) error {
		if _, err := tx.Exec(t.Context(), `select pg_terminate_backend(pg_backend_pid())`); err != nil {
			return err
		}
		return nil
	})
	if hindcast.CodeOf(err) != hindcast.Unavailable {
		t.Errorf("Write on a connection that was cut = %v (%s), want unavailable", err, hindcast.CodeOf(err))
	}
	get(t, s, author, "#1") // the next connection works
}
