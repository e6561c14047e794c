package queue_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/hindcast/hindcast/internal/queue"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/store/storetest"
)

// BenchmarkQueue adds jobs, each in a transaction of its own, and does them.
func BenchmarkQueue(b *testing.B) {
	for _, engine := range []string{"sqlite", "postgres"} {
		b.Run(engine, func(b *testing.B) {
			url := filepath.Join(b.TempDir(), "queue.db")
			if engine == "postgres" {
				url = postgres.URL(b)
			}
			db := storetest.Open(b, url).DB()
			q := queue.New(queue.Config{DB: db})
			w := &queue.Worker{Queue: q, Handlers: map[string]queue.Handler{"work": {Run: func(context.Context, *queue.Job) error { return nil }}}}
			b.ResetTimer()
			for i := range b.N {
				err := db.Write(b.Context(), func(tx *sqldb.Tx) error {
					_, err := q.Add(b.Context(), tx, queue.Job{Kind: "work", Key: fmt.Sprint(i)})
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
			}
			for done := 0; done < b.N; {
				n, err := w.Step(b.Context())
				if err != nil {
					b.Fatal(err)
				}
				done += n
			}
		})
	}
}
