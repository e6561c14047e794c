package letter_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/connector/email"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/workflow"
)

// BenchmarkPost is what telling one person costs in the transaction of what it
// tells: in the inbox only, and by mail.
func BenchmarkPost(b *testing.B) {
	for _, engine := range []string{"sqlite", "postgres"} {
		for name, kind := range map[string]workflow.NoteKind{"inbox": workflow.NoteMoved, "mail": workflow.NoteReview} {
			b.Run(engine+"/"+name, func(b *testing.B) {
				url := filepath.Join(b.TempDir(), "hindcast.db")
				if engine == "postgres" {
					url = postgres.URL(b)
				}
				r, err := open(b.Context(), url, b.TempDir(), time.Now, everybody(), email.Server{Addr: "127.0.0.1:1"})
				if err != nil {
					b.Fatal(err)
				}
				defer func() { _ = r.store.Close() }()
				d, err := r.wf.Create(b.Context(), lead, workflow.NewIncident{Title: "Outage"})
				if err == nil {
					_, err = r.wf.Share(b.Context(), lead, d.ID, member.PersonID, access.Participant)
				}
				if err != nil {
					b.Fatal(err)
				}
				b.ResetTimer()
				err = r.store.DB().Write(b.Context(), func(tx *sqldb.Tx) error {
					for range b.N {
						if err := r.notices.Post(b.Context(), tx, d.ID, workflow.Note{Kind: kind, To: []string{"member"}, Subject: "Something", Path: "/p/1"}); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					b.Fatal(err)
				}
			})
		}
	}
}
