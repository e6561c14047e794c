package store

import (
	"context"
	"math"
	"slices"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/store/words"
)

// window is how many matches are ranked at once. Ranking costs about two
// microseconds for each match, so that a word in half of a large library would
// cost more than everything else that a page does.
const window = 1000

// ranking goes through what matches a query, the best first, in batches.
//
// Up to a window of matches are ranked together. When there are more, those with
// a match in the title come first, and then the rest in windows from the newest
// incident to the oldest, each ranked.
type ranking struct {
	db     *sqldb.DB
	text   string // the query in the engine's language
	titles string // the same for titles; empty when there is no such batch

	titled  []int64 // the numbers of that batch
	ceiling int64   // the next window lies below; 0 is the batch of titles
	skip    int     // of the next batch
	batch   struct {
		ceiling int64
		skip    int
	}
	ended bool
}

// ranking begins to rank a query at a cursor.
func (s *Store) ranking(ctx context.Context, q words.Query, after string) (*ranking, error) {
	r := &ranking{db: s.db, text: q.FTS5(), ceiling: math.MaxInt64}
	if after != "" {
		ceiling, skip, err := parseCursor(after)
		if err != nil || skip < 0 || skip > math.MaxInt32 || ceiling < 0 {
			return nil, hindcast.Errorf(hindcast.Invalid, "the mark of the next page is damaged; begin with the first page")
		}
		r.ceiling, r.skip = ceiling, int(skip)
	}
	if s.db.Engine == sqldb.PostgreSQL {
		r.text = q.TSQuery()
		return r, nil
	}
	floor, err := r.floor(ctx, math.MaxInt64)
	if err != nil || floor == 0 {
		return r, s.reading("what matches", err)
	}
	r.titles = `{title} : (` + r.text + `)`
	if r.titled, err = r.nums(ctx, rankTitles, r.titles, window+1); err != nil {
		return nil, s.reading("what matches", err)
	}
	if len(r.titled) > window {
		r.titled = nil
	}
	slices.Sort(r.titled)
	if after == "" && len(r.titled) > 0 {
		r.ceiling = 0
	}
	return r, nil
}

// The statements of SQLite: matches of $1.
const (
	rankTitles = `select rowid from search_terms where search_terms match $1 order by rank limit $2`
	rankWindow = `select rowid from search_terms where search_terms match $1 and rowid < $2 and rowid >= $3 order by rank`
	rankFloor  = `select rowid from search_terms where search_terms match $1 and rowid < $2 order by rowid desc limit 1 offset $3`
)

// rankAll is PostgreSQL's, which ranks all matches.
const rankAll = `select num from search, to_tsquery('english', $1) query where terms @@ query
	order by ts_rank(terms, query) desc, num desc limit $2 offset $3`

// next returns the next batch; nil when there is none.
func (r *ranking) next(ctx context.Context) ([]int64, error) {
	if r.ended {
		return nil, nil
	}
	r.batch.ceiling, r.batch.skip = r.ceiling, r.skip
	if r.db.Engine == sqldb.PostgreSQL {
		return r.nextOfAll(ctx)
	}
	list, err := r.nextWindow(ctx)
	if err != nil {
		return nil, err
	}
	list = list[min(r.skip, len(list)):]
	r.skip = 0
	if len(list) == 0 && !r.ended {
		return r.next(ctx)
	}
	return list, nil
}

// nextOfAll returns a batch of PostgreSQL's.
func (r *ranking) nextOfAll(ctx context.Context) ([]int64, error) {
	const batch = 400
	list, err := r.nums(ctx, rankAll, r.text, batch, r.skip)
	r.skip += len(list)
	r.ended = len(list) < batch
	return list, err
}

func (r *ranking) nextWindow(ctx context.Context) ([]int64, error) {
	if r.ceiling == 0 {
		r.ceiling = math.MaxInt64
		if r.titles == "" { // matches were removed since the cursor was made
			return nil, nil
		}
		return r.nums(ctx, rankTitles, r.titles, window)
	}
	floor, err := r.floor(ctx, r.ceiling)
	if err != nil {
		return nil, err
	}
	list, err := r.nums(ctx, rankWindow, r.text, r.ceiling, floor)
	r.ceiling, r.ended = floor, floor == 0
	return slices.DeleteFunc(list, func(num int64) bool {
		_, found := slices.BinarySearch(r.titled, num)
		return found
	}), err
}

// floor returns the number of the last match of the window below a ceiling; 0
// when the window holds all that are left.
func (r *ranking) floor(ctx context.Context, ceiling int64) (int64, error) {
	floor, _, err := sqldb.Value[int64](ctx, r.db, rankFloor, r.text, ceiling, window-1)
	return floor, err
}

func (r *ranking) nums(ctx context.Context, statement string, args ...any) ([]int64, error) {
	return sqldb.All(ctx, r.db, func(scan func(...any) error) (num int64, err error) {
		err = scan(&num)
		return num, err
	}, statement, args...)
}

// cursor marks the i-th match of the batch that next returned last.
func (r *ranking) cursor(i int) string { return cursor(r.batch.ceiling, int64(r.batch.skip+i)) }
