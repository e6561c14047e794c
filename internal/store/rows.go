package store

import (
	"context"
	"slices"

	"github.com/hindcast/hindcast/internal/sqldb"
)

// The functions of this file bring the rows of one table from what followed
// from the old document to what follows from the new one.

func (tx *Tx) putSections(ctx context.Context, num int64, old, next *projection) error {
	before := map[string]section{}
	for _, s := range old.sections {
		before[s.key] = s
	}
	for i := range next.sections {
		s := &next.sections[i]
		was, exists := before[s.key]
		delete(before, s.key)
		if exists {
			s.version = was.version
			if s.Text != was.Text {
				s.version++
			}
			if *s == was {
				continue
			}
		}
		_, err := tx.tx.Exec(ctx, `insert into section (incident, key, position, kind, heading, text, version) values ($1, $2, $3, $4, $5, $6, $7)
			on conflict (incident, key) do update set position = $3, kind = $4, heading = $5, text = $6, version = $7`,
			num, s.key, s.position, string(s.Kind), s.Heading, s.Text, s.version)
		if err != nil {
			return err
		}
	}
	for key := range before {
		if _, err := tx.tx.Exec(ctx, `delete from section where incident = $1 and key = $2`, num, key); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) putServices(ctx context.Context, num int64, old, next *projection) error {
	if same(old.services, next.services) && old.happened.Equal(next.happened) {
		return nil
	}
	if _, err := tx.tx.Exec(ctx, `delete from service where incident = $1`, num); err != nil {
		return err
	}
	for _, name := range next.services {
		_, err := tx.tx.Exec(ctx, `insert into service (incident, name, name_key, happened_at) values ($1, $2, $3, $4)`,
			num, name, fold(name), sqldb.Micros(next.happened))
		if err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) putActions(ctx context.Context, num int64, old, next *projection) error {
	before := map[string]action{}
	for _, a := range old.actions {
		before[a.id] = a
	}
	for _, a := range next.actions {
		was, exists := before[a.id]
		delete(before, a.id)
		if exists && was == a {
			continue
		}
		_, err := tx.tx.Exec(ctx, `insert into action (incident, id, position, status, priority, owner, owner_key, due, open, body, team_key, effects, opened, closed, since, revisit)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
			on conflict (incident, id) do update set position = $3, status = $4, priority = $5, owner = $6, owner_key = $7, due = $8, open = $9, body = $10,
				team_key = $11, effects = $12, opened = $13, closed = $14, since = $15, revisit = $16`,
			num, a.id, a.position, a.status, a.priority, a.owner, fold(a.owner), a.due, a.open, a.body, fold(a.team), a.effects, a.opened, a.closed, a.since, a.revisit)
		if err != nil {
			return err
		}
	}
	for id := range before {
		if _, err := tx.tx.Exec(ctx, `delete from action where incident = $1 and id = $2`, num, id); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) putFactors(ctx context.Context, num int64, old, next *projection) error {
	if slices.Equal(old.factors, next.factors) {
		return nil
	}
	if _, err := tx.tx.Exec(ctx, `delete from factor where incident = $1`, num); err != nil {
		return err
	}
	for _, f := range next.factors {
		if _, err := tx.tx.Exec(ctx, `insert into factor (incident, id, sign, category, said) values ($1, $2, $3, $4, $5)`, num, f.id, f.sign, f.category, f.said); err != nil {
			return err
		}
	}
	return nil
}

// putWords brings a table of one text per row up to date.
func (tx *Tx) putWords(ctx context.Context, num int64, old, next []string, insert, remove string) error {
	for _, word := range old {
		if !slices.Contains(next, word) {
			if _, err := tx.tx.Exec(ctx, remove, num, word); err != nil {
				return err
			}
		}
	}
	for _, word := range next {
		if !slices.Contains(old, word) {
			if _, err := tx.tx.Exec(ctx, insert, num, word); err != nil {
				return err
			}
		}
	}
	return nil
}

func (tx *Tx) putLinks(ctx context.Context, num int64, old, next *projection) error {
	return tx.putWords(ctx, num, old.links, next.links,
		`insert into link (incident, ref) values ($1, $2)`, `delete from link where incident = $1 and ref = $2`)
}

func (tx *Tx) putACL(ctx context.Context, num int64, old, next *projection) error {
	return tx.putWords(ctx, num, old.acl, next.acl,
		`insert into acl (incident, principal) values ($1, $2)`, `delete from acl where incident = $1 and principal = $2`)
}

func (tx *Tx) putPeople(ctx context.Context, num int64, old, next *projection) error {
	if same(old.people, next.people) && old.happened.Equal(next.happened) && old.standing == next.standing {
		return nil
	}
	if _, err := tx.tx.Exec(ctx, `delete from participant where incident = $1`, num); err != nil {
		return err
	}
	for _, p := range next.people {
		_, err := tx.tx.Exec(ctx, `insert into participant (incident, person, role, added_at, added_by, happened_at, account, asked_at, status, publish_due, actions_open)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
			num, p.PersonID, p.Role, sqldb.Micros(p.AddedAt), p.AddedBy, sqldb.Micros(next.happened), string(p.Account), sqldb.Micros(p.AskedAt),
			string(next.standing.status), next.standing.due, next.standing.actions)
		if err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) putSearch(ctx context.Context, num int64, old, next *projection) error {
	if old.title == next.title && old.body == next.body {
		return nil
	}
	_, err := tx.tx.Exec(ctx, `insert into search (num, title, body) values ($1, $2, $3)
		on conflict (num) do update set title = $2, body = $3`, num, next.title, next.body)
	if err != nil || tx.tx.Dialect().Engine != sqldb.SQLite {
		return err // PostgreSQL derives the terms itself
	}
	_, err = tx.tx.Exec(ctx, `insert or replace into search_terms (rowid, title, body) values ($1, $2, $3)`, num, next.title, next.body)
	if err != nil || old.title == next.title {
		return err
	}
	_, err = tx.tx.Exec(ctx, `insert or replace into search_titles (rowid, title) values ($1, $2)`, num, next.title)
	return err
}
