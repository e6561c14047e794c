package store

import (
	"cmp"
	"context"
	"slices"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb"
)

// section is a row of table section.
type section struct {
	key      string
	position int
	version  int64
	hindcast.Section
}

// fetched is a document as it was read, with the size of its text.
type fetched struct {
	doc      *Document
	sections []section
	size     int
}

// fetch reads a document, locked when a transaction writes. found is false when
// there is none.
func fetch(ctx context.Context, q sqldb.Querier, condition, lock string, args ...any) (f fetched, found bool, err error) {
	docs, err := sqldb.All(ctx, q, func(scan func(...any) error) (fetched, error) {
		doc, size, err := scanDocument(scan)
		return fetched{doc: doc, size: size}, err
	}, `select `+documentColumns+` from incident i where `+condition+lock, args...)
	if err != nil || len(docs) == 0 {
		return f, false, err
	}
	f = docs[0]
	if f.sections, err = fetchSections(ctx, q, f.doc.Num); err != nil {
		return f, false, err
	}
	f.doc.Post.Sections = make([]hindcast.Section, len(f.sections))
	for i, s := range f.sections {
		f.doc.Post.Sections[i] = s.Section
		f.size += len(s.Text)
	}
	f.doc.People, err = fetchPeople(ctx, q, f.doc.Num)
	return f, true, err
}

func fetchSections(ctx context.Context, q sqldb.Querier, num int64) ([]section, error) {
	list, err := sqldb.All(ctx, q, func(scan func(...any) error) (s section, err error) {
		err = scan(&s.key, &s.position, &s.Kind, &s.Heading, &s.Text, &s.version)
		return s, err
	}, `select key, position, kind, heading, text, version from section where incident = $1`, num)
	slices.SortFunc(list, func(a, b section) int { return cmp.Compare(a.position, b.position) }) // cheaper than in SQL, which copies the texts
	return list, err
}

func fetchPeople(ctx context.Context, q sqldb.Querier, num int64) ([]Participant, error) {
	list, err := sqldb.All(ctx, q, func(scan func(...any) error) (p Participant, err error) {
		var added, asked int64
		err = scan(&p.PersonID, &p.Role, &added, &p.AddedBy, &p.Account, &asked)
		p.AddedAt, p.AskedAt = sqldb.Time(added), sqldb.Time(asked)
		return p, err
	}, `select person, role, added_at, added_by, account, asked_at from participant where incident = $1`, num)
	slices.SortFunc(list, func(a, b Participant) int {
		return cmp.Or(a.AddedAt.Compare(b.AddedAt), cmp.Compare(a.PersonID, b.PersonID))
	})
	return list, err
}
