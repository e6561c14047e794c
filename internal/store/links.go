package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strconv"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb"
)

// Backlinks returns the incidents whose prose or related incidents refer to a
// document by its number here, or by its number in the pager or tracker when no
// incident has that number here. They come with the latest first.
func (s *Store) Backlinks(ctx context.Context, v hindcast.Viewer, id string, limit int) ([]Summary, error) {
	var to sqldb.Where
	to.And(`i.id = ?`, id)
	seen(&to, v)
	var num int64
	var number string
	err := s.db.QueryRow(ctx, `select i.num, i.number_key from incident i where `+to.String(), to.Args...).Scan(&num, &number)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, missing(id)
	}
	if err != nil {
		return nil, s.reading("backlinks", err)
	}
	refs := []any{strconv.FormatInt(num, 10), ""}
	if number != "" {
		taken, err := s.taken(ctx, number)
		if err != nil {
			return nil, s.reading("backlinks", err)
		}
		if !taken {
			refs[1] = number
		}
	}
	var w sqldb.Where
	w.And(`i.num in (select l.incident from link l where l.ref in (?, ?))`, refs...)
	w.And(`i.num <> ? and i.deleted_at = 0`, num)
	seen(&w, v)
	list, err := sqldb.All(ctx, s.db, scanSummary, `select `+summaryColumns+` from incident i where `+w.String()+
		` order by i.happened_at desc, i.num desc`+w.Bind(` limit ?`, limited(limit)), w.Args...)
	return list, s.reading("backlinks", err)
}

// taken reports whether a pager's number is also the number of an incident here.
func (s *Store) taken(ctx context.Context, number string) (bool, error) {
	num, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return false, nil
	}
	_, found, err := sqldb.Value[int64](ctx, s.db, `select num from incident where num = $1`, num)
	return found, err
}

// Resolve returns the incidents that references such as "12", "#4521" or
// "INC-77" name, by reference. Those that name nothing the viewer may see are
// absent. It looks at no more than MaxLimit references.
func (s *Store) Resolve(ctx context.Context, v hindcast.Viewer, refs []string) (map[string]Summary, error) {
	out := map[string]Summary{}
	refs = slices.Clone(refs)
	slices.Sort(refs)
	refs = slices.Compact(refs)
	for _, ref := range refs[:min(len(refs), MaxLimit)] {
		for _, c := range candidates(ref) {
			var w sqldb.Where
			w.And(c.condition, c.arg)
			w.And(`i.deleted_at = 0`)
			seen(&w, v)
			list, err := sqldb.All(ctx, s.db, scanSummary, `select `+summaryColumns+` from incident i where `+w.String()+` order by i.num desc limit 1`, w.Args...)
			if err != nil {
				return nil, s.reading("what references name", err)
			}
			if len(list) > 0 {
				out[ref] = list[0]
				break
			}
		}
	}
	return out, nil
}

// Versions returns the versions of those of the incidents that the viewer may
// see, by id, so that who looks at one learns that it changed.
func (s *Store) Versions(ctx context.Context, v hindcast.Viewer, ids []string) (map[string]int64, error) {
	out := map[string]int64{}
	for _, id := range ids {
		var w sqldb.Where
		w.And(`i.id = ?`, id)
		seen(&w, v)
		version, found, err := sqldb.Value[int64](ctx, s.db, `select i.version from incident i where `+w.String(), w.Args...)
		if err != nil {
			return nil, s.reading("versions", err)
		}
		if found {
			out[id] = version
		}
	}
	return out, nil
}
