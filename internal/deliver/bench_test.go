package deliver_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector/webhook"
	"github.com/hindcast/hindcast/internal/deliver"
	"github.com/hindcast/hindcast/internal/secret"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/workflow"
)

// BenchmarkAnnounce is what a change costs more because somebody may want to know
// of it: nobody, and one who is told of each publication.
func BenchmarkAnnounce(b *testing.B) {
	st, d, _, _, err := parts(b.Context(), filepath.Join(b.TempDir(), "hindcast.db"), b.TempDir(), time.Now, webhook.Vendor())
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = st.Close() }()
	announce := func(b *testing.B) {
		err := st.DB().Write(b.Context(), func(tx *sqldb.Tx) error {
			for range b.N {
				if err := d.Announce(b.Context(), tx, workflow.Event{Kind: workflow.PostmortemPublished, At: time.Now(), IncidentID: "i", Title: "Outage", Status: hindcast.StatusPublished}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	announce(b) // so that statements are prepared
	b.Run("nobody", announce)
	put := deliver.Put{Kind: "webhook", Name: "Chat", Events: deliver.Events(), Settings: map[string]secret.Text{"url": secret.New("https://example.org")}}
	if _, _, err := d.PutEndpoint(b.Context(), admin, put); err != nil {
		b.Fatal(err)
	}
	b.Run("one", announce)
}
