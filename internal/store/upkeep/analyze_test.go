package upkeep_test

import (
	"testing"

	"github.com/hindcast/hindcast/internal/store/storetest"
	"github.com/hindcast/hindcast/internal/store/upkeep"
)

// TestAnalyzeTellsHowMuchThereIs asks PostgreSQL what it believes the tables hold.
func TestAnalyzeTellsHowMuchThereIs(t *testing.T) {
	s := storetest.Open(t, postgres.URL(t))
	const n = 30
	if err := storetest.Fill(t.Context(), s, n, storetest.Size{Prose: 100}); err != nil {
		t.Fatal(err)
	}
	if err := upkeep.Analyze(t.Context(), s.DB()); err != nil {
		t.Fatal(err)
	}
	var believed float64
	if err := s.DB().QueryRow(t.Context(), `select reltuples from pg_class where oid = 'incident'::regclass`).Scan(&believed); err != nil {
		t.Fatal(err)
	}
	if believed != n {
		t.Errorf("after analyzing, the database believes in %v incidents, want %d", believed, n)
	}
	if err := upkeep.Analyze(t.Context(), storetest.SQLite(t).DB()); err != nil {
		t.Error(err)
	}
}
