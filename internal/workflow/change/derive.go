package change

import (
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/store"
)

// Derive sets what follows from a document and the policy: whether it is required,
// what its severity is called, and when it is due.
func Derive(policy hindcast.Policy, d *store.Document) {
	inc := &d.Post.Incident
	d.Required, d.Why = policy.Requires(d.Post)
	d.DraftDue, d.PublishDue = time.Time{}, time.Time{}
	sev, ok := policy.Level(inc.Severity)
	if !ok || inc.ResolvedAt.IsZero() {
		return
	}
	inc.SeverityName = sev.Name
	d.DraftDue, d.PublishDue = policy.Calendar.Due(inc.ResolvedAt, sev.DraftDays), policy.Calendar.Due(inc.ResolvedAt, sev.PublishDays)
}
