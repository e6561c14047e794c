package spool_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast/internal/connector/kubernetes"
	"github.com/hindcast/hindcast/internal/connector/kubernetes/spool"
)

// TestWhatIsRemovedIsNotCovered fills a folder until its oldest events are removed, and
// opens it again.
func TestWhatIsRemovedIsNotCovered(t *testing.T) {
	dir, now := t.TempDir(), time.Date(2026, 3, 15, 12, 0, 0, 0, time.UTC)
	open := func() *spool.Spool {
		s, err := spool.Open(spool.Config{Dir: dir, MaxBytes: 500, Now: func() time.Time { return now }})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	s, began := open(), now
	for i := range 5 {
		line := fmt.Sprintf(`{"metadata":{"uid":"%d","resourceVersion":"%d"},"lastTimestamp":%q,"message":%q}`, i, i, now.Format(time.RFC3339), strings.Repeat("x", 100))
		if _, err := s.Append([][]byte{[]byte(line)}); err != nil {
			t.Fatal(err)
		}
		if err := s.SetPosition("", fmt.Sprint(i)); err != nil {
			t.Fatal(err)
		}
		if err := s.Cover("", began, now); err != nil {
			t.Fatal(err)
		}
		now = now.Add(2 * time.Hour)
	}
	want := s.Covered("")
	if len(want) != 1 || !want[0].From.After(began) || !want[0].To.Equal(now.Add(-2*time.Hour)) {
		t.Errorf("covered %v, want less than from %s", want, began)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open()
	defer func() { _ = s.Close() }()
	if diff := cmp.Diff(want, s.Covered("")); diff != "" {
		t.Errorf("opened again (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]kubernetes.Span(nil), s.Covered("pay")); diff != "" {
		t.Errorf("of another namespace (-want +got):\n%s", diff)
	}
}
