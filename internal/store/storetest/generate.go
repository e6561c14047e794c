package storetest

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document"
	"github.com/hindcast/hindcast/internal/store"
)

// Words whose frequency in a generated library is known.
const (
	CommonWord = "failover"  // in two of five documents
	RareWord   = "albatross" // in five documents of any library with more than 4,007
)

// Size says how large the documents of a generated library are.
type Size struct {
	Entries, Factors, Actions int
	Prose                     int // bytes, about
	Revisions                 int
}

// FullSize is the size of a thorough post-mortem.
var FullSize = Size{Entries: 40, Factors: 12, Actions: 5, Prose: 8 << 10, Revisions: 20}

// people is how many people take part in a generated library: person0 and so on.
const people = 200

// Fill writes a library of n documents, the same for the same n and size. Four of
// five are published; the others are drafts of three people each.
func Fill(ctx context.Context, s *store.Store, n int, size Size) error {
	const batch = 50
	for from := 0; from < n; from += batch {
		err := s.Write(ctx, func(tx *store.Tx) error {
			for i := from; i < min(from+batch, n); i++ {
				if err := add(ctx, tx, i, size); err != nil {
					return fmt.Errorf("add document %d of a library: %w", i, err)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func add(ctx context.Context, tx *store.Tx, i int, size Size) error {
	d := Document(i, size)
	if err := tx.Insert(ctx, d); err != nil {
		return err
	}
	r := newWriter(i + 1<<32)
	for n := range size.Revisions {
		reverse, err := json.Marshal([]map[string]string{{"path": "sections/summary", "value": r.sentences(300)}})
		if err != nil {
			return err
		}
		revision := store.Revision{At: d.CreatedAt.Add(time.Duration(n) * time.Hour), PersonID: r.person(), Paths: []string{"sections/summary"}, Reverse: reverse}
		if n == size.Revisions-1 && d.Post.Status == hindcast.StatusPublished {
			revision.Snapshot = string(document.Markdown(d.Post))
		}
		if _, err := tx.AppendRevision(ctx, d.ID, revision); err != nil {
			return err
		}
	}
	return tx.Audit(ctx, store.AuditEntry{At: d.CreatedAt, PersonID: d.CreatedBy, Act: "incident.create", IncidentID: d.ID})
}

// Document returns document i of a library, not yet inserted.
func Document(i int, size Size) *store.Document {
	w := newWriter(i)
	start := time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(i)*53*time.Minute + time.Duration(w.IntN(3600))*time.Second)
	d := &store.Document{
		ID: fmt.Sprintf("%08x-0000-7000-8000-%012x", i, i), CreatedAt: start.Add(2 * time.Hour), UpdatedAt: start.Add(72 * time.Hour),
		Post: w.postmortem(i, start, size), Required: i%2 == 0, Why: "by severity",
		DraftDue: start.AddDate(0, 0, 3), PublishDue: start.AddDate(0, 0, 7), Private: i%33 == 0,
	}
	for len(d.People) < 3 {
		if p := w.person(); !d.Participates(p) {
			d.People = append(d.People, store.Participant{PersonID: p, Role: "responder", AddedAt: d.CreatedAt, AddedBy: p})
		}
	}
	d.CreatedBy, d.UpdatedBy = d.People[0].PersonID, d.People[1].PersonID
	if i%5 > 0 {
		d.Post.Status = hindcast.StatusPublished
		for n, to := range []hindcast.Status{hindcast.StatusInReview, hindcast.StatusApproved, hindcast.StatusPublished} {
			d.Post.History = append(d.Post.History, hindcast.Transition{To: to, At: start.Add(time.Duration(24*(n+1)) * time.Hour), By: "reviewer"})
		}
	}
	return d
}

// writer makes prose by chance.
type writer struct {
	*rand.Rand
	zipf *rand.Zipf
}

func newWriter(seed int) writer {
	r := rand.New(rand.NewPCG(20240315, uint64(seed)))
	return writer{r, rand.NewZipf(r, 1.15, 6, 9000)}
}

func pick[T any](w writer, list []T) T { return list[w.IntN(len(list))] }

func (w writer) person() string { return fmt.Sprintf("person%d", w.IntN(people)) }

var (
	nouns = strings.Fields(`pool queue cache deploy alert replica certificate index shard retry timeout quota disk leader token
		gateway scheduler migration dashboard runbook rollback config flag partition consumer backlog lock thread socket session`)
	verbs = strings.Fields(`exhausted delayed dropped rejected blocked saturated reloaded restarted drained throttled expired
		corrupted duplicated skipped ignored slowed flooded`)
	kinds    = strings.Fields(`stale slow full cold missing shared manual unbounded silent hidden nightly regional`)
	services = strings.Fields(`checkout-api payments search ledger catalog identity mailer billing edge-proxy scheduler inventory
		notifications reports media profile pricing shipping fraud audit-log gateway`)
	syllables = strings.Fields(`ba ce di fo gu ha je ki lo mu na pe qui ro su ta ve wi xo yu zan bel cor dun fel gar hin jor kal`)
)

// word returns one of some 9,000 words, a few of them often.
func (w writer) word() string {
	n := int(w.zipf.Uint64())
	var b strings.Builder
	for b.Len() < 4 || n > 0 {
		b.WriteString(syllables[n%len(syllables)])
		n /= len(syllables)
	}
	return b.String()
}

func (w writer) sentence() string {
	switch w.IntN(4) {
	case 0:
		return fmt.Sprintf("The %s %s of %s %s the %s after %s. ", pick(w, kinds), pick(w, nouns), pick(w, services), pick(w, verbs), pick(w, nouns), w.word())
	case 1:
		return fmt.Sprintf("A %s on %s was %s while the %s of %s stayed %s. ", pick(w, nouns), w.word(), pick(w, verbs), w.word(), pick(w, services), pick(w, kinds))
	case 2:
		return fmt.Sprintf("Nobody had tested the %s with %s %s, because %s and %s were %s. ", pick(w, nouns), pick(w, kinds), w.word(), w.word(), w.word(), pick(w, verbs))
	default:
		return fmt.Sprintf("At %d%% of the %s, %s %s the %s %s. ", 1+w.IntN(99), w.word(), pick(w, services), pick(w, verbs), w.word(), pick(w, nouns))
	}
}

// sentences returns at least so many bytes of prose.
func (w writer) sentences(bytes int) string {
	var b strings.Builder
	for b.Len() < bytes {
		b.WriteString(w.sentence())
	}
	return strings.TrimSpace(b.String())
}

func (w writer) postmortem(i int, start time.Time, size Size) hindcast.Postmortem {
	p := hindcast.Postmortem{
		Incident: hindcast.Incident{
			Number: fmt.Sprintf("INC-%d", 100000+i), Title: strings.TrimSuffix(strings.TrimSpace(w.sentence()), "."),
			Kind: hindcast.KindIncident, Severity: 1 + w.IntN(3), Services: []string{pick(w, services), w.word()}, Detection: "alert",
			Phases: hindcast.Phases{StartedAt: start, DetectedAt: start.Add(4 * time.Minute), AcknowledgedAt: start.Add(6 * time.Minute),
				MitigatedAt: start.Add(40 * time.Minute), ResolvedAt: start.Add(time.Hour)},
			Participants: []hindcast.Participant{{Role: "incident commander"}, {Role: "on-call engineer"}},
		},
		Status: hindcast.StatusDraft, Owner: pick(w, services) + " team", Category: pick(w, hindcast.CategoryWords()),
	}
	if i%20 == 1 { // published ones too
		p.Incident.Kind = hindcast.KindNearMiss
	}
	w.sections(&p, i, size)
	w.records(&p, start, size)
	return p
}

func (w writer) sections(p *hindcast.Postmortem, i int, size Size) {
	for _, t := range hindcast.Template() {
		text := ""
		if t.Question != "" {
			text = w.sentences(size.Prose / 10)
		}
		if t.Kind == hindcast.SectionSummary && i%5 < 2 {
			text += " Traffic moved by " + CommonWord + "."
		}
		if t.Kind == hindcast.SectionImpact && i%1000 == 7 && i < 5000 {
			text += " Its name was " + RareWord + "."
		}
		if t.Kind == hindcast.SectionRelated && i > 0 {
			text += fmt.Sprintf(" See #%d.", 1+w.IntN(i))
		}
		p.Sections = append(p.Sections, hindcast.Section{Kind: t.Kind, Heading: t.Heading, Text: text + "\n"})
	}
}

func (w writer) records(p *hindcast.Postmortem, start time.Time, size Size) {
	entryKinds := []hindcast.EntryKind{hindcast.Change, hindcast.Symptom, hindcast.Alert, hindcast.Observed, hindcast.Action, hindcast.Communication}
	for n := range size.Entries {
		at := start.Add(time.Duration(n) * 90 * time.Second)
		p.Timeline = append(p.Timeline, hindcast.Entry{
			ID: fmt.Sprintf("e%08x", w.Uint32()), At: at, KnownAt: at, Kind: pick(w, entryKinds), Actor: hindcast.Actor{Name: "on-call engineer", Kind: hindcast.Person},
			Title: strings.TrimSpace(w.sentence()), Service: pick(w, services), Key: n%4 == 0, Score: float64(w.IntN(100)) / 100, Why: "its rate is far from normal",
			Evidence: []hindcast.Ref{{File: "logs/" + pick(w, services) + ".log", Line: 1 + w.IntN(9000), Offset: w.Int64N(1 << 20), SHA256: fmt.Sprintf("%064x", w.Uint64())}},
		})
	}
	for n := range size.Factors {
		x := hindcast.Factor{ID: fmt.Sprintf("f%d", n+1), Description: strings.TrimSpace(w.sentence()), Tag: hindcast.Contributing,
			Category: pick(w, hindcast.CategoryWords()), Gap: pick(w, hindcast.Gaps()), Bone: pick(w, hindcast.Bones())}
		if n > 0 {
			x.LedTo = []hindcast.Edge{{To: fmt.Sprintf("f%d", n)}}
		}
		p.Factors = append(p.Factors, x)
	}
	statuses := []hindcast.ActionStatus{hindcast.ActionOpen, hindcast.ActionInProgress, hindcast.ActionDone, hindcast.ActionDone}
	for n := range size.Actions {
		p.Actions = append(p.Actions, hindcast.ActionItem{ID: fmt.Sprintf("a%d", n+1), Description: strings.TrimSpace(w.sentence()), Owner: pick(w, services) + " team",
			Priority: pick(w, hindcast.Priorities()).Priority, Due: hindcast.DateOf(start).Add(7 + w.IntN(60)), DoneWhen: strings.TrimSpace(w.sentence()), Status: pick(w, statuses),
			Effects: []hindcast.Effect{pick(w, hindcast.Effects())}, Factors: []string{"f1"}})
	}
}
