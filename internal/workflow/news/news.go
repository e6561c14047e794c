// Package news is what the library tells of itself: an [Event] to those who follow
// it from outside, such as connectors, and a [Note] to people, of themselves.
package news

import (
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/audience"
	"github.com/hindcast/hindcast/internal/store"
)

// EventKind names something that happened in the library.
type EventKind string

// The kinds of events.
const (
	IncidentCreated     EventKind = "incident.created"
	PostmortemChanged   EventKind = "postmortem.changed"
	PostmortemMoved     EventKind = "postmortem.moved" // To says where
	PostmortemPublished EventKind = "postmortem.published"
	EvidenceAdded       EventKind = "evidence.added"
	PostmortemDue       EventKind = "postmortem.due" // its draft or its publication is due, or late
)

// Event is something that happened, for those who follow from outside.
type Event struct {
	Kind       EventKind       `json:"kind"`
	At         time.Time       `json:"at"`
	IncidentID string          `json:"incident_id"`
	Num        int64           `json:"number"`
	Title      string          `json:"title"`
	Severity   int             `json:"severity,omitempty"`
	Status     hindcast.Status `json:"status"`
	To         hindcast.Status `json:"to,omitempty"`
	Paths      []string        `json:"paths,omitempty"` // parts that changed
	Private    bool            `json:"private,omitempty"`
	StartedAt  time.Time       `json:"started_at,omitzero"`  // of the incident
	ResolvedAt time.Time       `json:"resolved_at,omitzero"` // of the incident
}

// Of returns an event about a document, whose title names people as roles.
func Of(d *store.Document, kind EventKind, now time.Time, paths []string) Event {
	inc := d.Post.Incident
	return Event{
		Kind: kind, At: now, IncidentID: d.ID, Num: d.Num, Title: audience.RolesOf(d.Post).In(inc.Title), Severity: inc.Severity,
		Status: d.Post.Status, To: d.Post.Status, Paths: paths, Private: d.Private,
		StartedAt: inc.StartedAt.UTC(), ResolvedAt: inc.ResolvedAt.UTC(),
	}
}

// Note is something that people are told of themselves: that their review is
// asked for, that somebody answered them, that a date draws near.
type Note struct {
	Kind    NoteKind
	To      []string // ids of the people who are told; whoever acts is left out
	Subject string   // one line, plain text: "Your review of #12 is asked for by Thursday"
	Path    string   // where it is seen: "/p/12/review#thread-…"
	Key     string   // the same thing is told once; empty when every time counts
	Open    bool     // readers may know it; else it is for those who take part
	// Undated keeps only the day of it: when it was would tell who did it.
	Undated bool
}

// NoteKind names what a note is about; people choose by it what reaches them how.
type NoteKind string

// The kinds of notes.
const (
	NoteShared   NoteKind = "shared"   // one takes part by now
	NoteReview   NoteKind = "review"   // a review, an account or an approval is asked for
	NoteReply    NoteKind = "reply"    // an answer in a thread that one takes part in
	NoteMention  NoteKind = "mention"  // one is named
	NoteDecided  NoteKind = "decided"  // one's suggestion was accepted or declined
	NoteMoved    NoteKind = "moved"    // a post-mortem that one takes part in moved on
	NoteMeeting  NoteKind = "meeting"  // a meeting is set, moved or over
	NoteDue      NoteKind = "due"      // a date draws near or has passed
	NoteQuestion NoteKind = "question" // a reader asks
	NoteSystem   NoteKind = "system"   // the server needs an admin; nobody chooses how that comes
)

// NoteKinds returns the kinds that people choose from, in the order in which
// settings list them.
func NoteKinds() []NoteKind {
	return []NoteKind{NoteReview, NoteMention, NoteReply, NoteDecided, NoteQuestion, NoteDue, NoteMeeting, NoteMoved, NoteShared}
}
