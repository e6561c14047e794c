package store

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/store/unpack"
)

// Document is a post-mortem as the store keeps it.
type Document struct {
	ID      string // opaque, see [NewID]
	Num     int64  // the number people use, #12; given by [Tx.Insert]
	Version int64  // counts the times it was saved, from 1

	Post hindcast.Postmortem

	People        []Participant // who takes part: they read it whatever its state
	Private       bool          // only participants read it, published or not
	PrivateReason string

	Required   bool      // the severity policy asks for a post-mortem
	Why        string    // why it does, or does not
	DraftDue   time.Time // zero when there is no such day
	PublishDue time.Time

	CreatedAt   time.Time
	CreatedBy   string // id of a person
	UpdatedAt   time.Time
	UpdatedBy   string
	PublishedAt time.Time // zero unless it is published now; derived from its history
	DeletedAt   time.Time // zero unless it is in the trash
}

// Participant is a person who takes part in an incident or its review.
type Participant struct {
	PersonID string
	Role     string // "owner", "responder", "reviewer", ...: no more than a word for people
	AddedAt  time.Time
	AddedBy  string

	Account AccountState // of what they remember
	AskedAt time.Time    // when they were asked for it
}

// AccountState is how it stands with what a person remembers; empty when they were
// not asked.
type AccountState string

// The states.
const (
	AccountAsked    AccountState = "asked"
	AccountWritten  AccountState = "written"
	AccountDeclined AccountState = "declined"
)

// Asked reports whether somebody is asked for what they remember and has not
// answered yet.
func (d *Document) Asked() bool {
	return slices.ContainsFunc(d.People, func(p Participant) bool { return p.Account == AccountAsked })
}

// Participates reports whether a person takes part.
func (d *Document) Participates(personID string) bool {
	for _, p := range d.People {
		if p.PersonID == personID {
			return true
		}
	}
	return false
}

// open reports whether everybody may read the document.
func (d *Document) open() bool {
	return d.Post.Status == hindcast.StatusPublished && !d.Private && d.DeletedAt.IsZero()
}

// publishedAt returns when a published document was published.
func (d *Document) publishedAt() time.Time {
	if d.Post.Status != hindcast.StatusPublished {
		return time.Time{}
	}
	for i := len(d.Post.History) - 1; i >= 0; i-- {
		if t := d.Post.History[i]; t.To == hindcast.StatusPublished && !t.At.IsZero() {
			return t.At
		}
	}
	return d.UpdatedAt
}

// encode returns the post-mortem as JSON without its sections, which have rows
// of their own.
func encode(p hindcast.Postmortem) (string, error) {
	p.Sections = nil
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(p); err != nil {
		return "", hindcast.Errorf(hindcast.Invalid, "keep post-mortem %q: %w", p.Incident.Title, err)
	}
	return strings.TrimSuffix(b.String(), "\n"), nil
}

// postmortems reads what encode returned.
var postmortems = unpack.For[hindcast.Postmortem]()

func decode(num int64, body string) (hindcast.Postmortem, error) {
	p, err := postmortems.Unpack(body)
	if err != nil {
		return p, fmt.Errorf("decode post-mortem #%d: %w", num, err)
	}
	for i := range p.Clocks {
		p.Clocks[i].Offset = time.Duration(p.Clocks[i].OffsetS * float64(time.Second))
	}
	if slices.ContainsFunc(p.Factors, func(x hindcast.Factor) bool { return x.Number == 0 }) { // kept before factors had numbers
		p.Factors = hindcast.NumberFactors(nil, p.Factors)
	}
	return p, nil
}

// documentColumns are the columns of incident i that make a [Document].
const documentColumns = `i.id, i.num, i.version, i.private, i.private_reason, i.required, i.required_why, i.draft_due, i.publish_due,
	i.created_at, i.created_by, i.updated_at, i.updated_by, i.published_at, i.deleted_at, i.body`

// scanDocument reads documentColumns. Sections and people come apart.
func scanDocument(scan func(...any) error) (*Document, int, error) {
	var d Document
	var body string
	var draft, publish, created, updated, published, deleted int64
	err := scan(&d.ID, &d.Num, &d.Version, &d.Private, &d.PrivateReason, &d.Required, &d.Why, &draft, &publish,
		&created, &d.CreatedBy, &updated, &d.UpdatedBy, &published, &deleted, &body)
	if err != nil {
		return nil, 0, err
	}
	d.DraftDue, d.PublishDue = sqldb.Time(draft), sqldb.Time(publish)
	d.CreatedAt, d.UpdatedAt = sqldb.Time(created), sqldb.Time(updated)
	d.PublishedAt, d.DeletedAt = sqldb.Time(published), sqldb.Time(deleted)
	d.Post, err = decode(d.Num, body)
	return &d, len(body), err
}
