package workflow

import (
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/store/saved"
	"github.com/hindcast/hindcast/internal/store/words"
	"github.com/hindcast/hindcast/internal/workflow/news"
)

// What reading the library returns are the values of package store. Surfaces know
// them by these names: they ask the workflow, and never the store.
type (
	Page[T any]  = store.Page[T]
	Filter       = store.Filter
	Sort         = store.Sort
	Summary      = store.Summary
	Participant  = store.Participant
	Search       = store.Search
	Hit          = store.Hit
	Span         = words.Span
	ActionFilter = store.ActionFilter
	ActionRow    = store.ActionRow
	EvidenceRow  = store.EvidenceRow
	Revision     = store.Revision
	AuditFilter  = store.AuditFilter
	AuditEntry   = store.AuditEntry
	View         = saved.View
	AccountState = store.AccountState
)

// How it stands with what a person remembers.
const (
	AccountAsked    = store.AccountAsked
	AccountWritten  = store.AccountWritten
	AccountDeclined = store.AccountDeclined
)

// SortPublished is the order in which the last published come first, and others
// not at all.
const SortPublished = store.SortPublished

// What is told of the library are the values of package news.
type (
	Event     = news.Event
	EventKind = news.EventKind
	Note      = news.Note
	NoteKind  = news.NoteKind
)

// The kinds of events and notes.
const (
	IncidentCreated     = news.IncidentCreated
	PostmortemChanged   = news.PostmortemChanged
	PostmortemMoved     = news.PostmortemMoved
	PostmortemPublished = news.PostmortemPublished
	EvidenceAdded       = news.EvidenceAdded
	PostmortemDue       = news.PostmortemDue
	NoteShared          = news.NoteShared
	NoteReview          = news.NoteReview
	NoteReply           = news.NoteReply
	NoteMention         = news.NoteMention
	NoteDecided         = news.NoteDecided
	NoteMoved           = news.NoteMoved
	NoteMeeting         = news.NoteMeeting
	NoteDue             = news.NoteDue
	NoteQuestion        = news.NoteQuestion
	NoteSystem          = news.NoteSystem
)

// NoteKinds returns the kinds that people choose from, in the order in which
// settings list them.
func NoteKinds() []NoteKind { return news.NoteKinds() }
