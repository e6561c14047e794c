// Package rank goes through what a search finds, the best first, at a cost that
// does not grow with the library.
package rank

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/store/words"
)

// AtOnce is how many matches are ranked together. Ranking costs about two
// microseconds for each match, so that a word in half of a large library would
// cost more than everything else that a page does.
const AtOnce = 500

// forPhrase is how many times fewer matches of a phrase are ranked together. They
// are ranked by their texts, because SQLite's own ranking looks for a phrase in the
// whole library once more.
const forPhrase = 5

// Matches goes through what matches a query, the best first, in batches.
//
// Up to a window of matches are ranked together. When there are more, those with
// a match in the title come first, and then the rest in windows from the newest
// incident to the oldest, each ranked.
type Matches struct {
	db    *sqldb.DB
	query words.Query
	size  int    // of a window
	text  string // the query in the engine's language

	newest *ranked // the first window, once it was read
	titled []int64 // matches in titles, the best first, when they come first
	known  []int64 // the same, ascending

	ceiling int64 // the next batch lies below; 0 is that of titles
	skip    int   // of what lies below
	last    struct {
		ceiling int64
		skip    int
	}
	ended bool
}

// ranked is a window of matches, the best first, and where the next one begins;
// 0 when there is none.
type ranked struct {
	nums  []int64
	below int64
}

// Mark is a place among the matches of a query. The zero Mark is their beginning.
type Mark struct {
	Ceiling int64 // of the batch
	Skip    int64 // of what lies below
}

// New begins to rank the matches of a query in db behind a mark, size of them
// together. The query must not be empty.
func New(ctx context.Context, db *sqldb.DB, q words.Query, after Mark, size int) (*Matches, error) {
	r := &Matches{db: db, query: q, size: size, text: q.FTS5(), ceiling: math.MaxInt64}
	if after != (Mark{}) {
		if after.Skip < 0 || after.Skip > math.MaxInt32 || after.Ceiling < 0 {
			return nil, hindcast.Errorf(hindcast.Invalid, "the mark of the next page is damaged; begin with the first page")
		}
		r.ceiling, r.skip = after.Ceiling, int(after.Skip)
	}
	switch {
	case db.Engine == sqldb.PostgreSQL:
		r.text = q.TSQuery()
	case q.Phrase():
		r.size = max(size/forPhrase, 1)
	}
	return r, r.begin(ctx, after == Mark{})
}

// begin reads what later batches need: which matches come first because of their
// title, when there are more matches than a window.
func (r *Matches) begin(ctx context.Context, first bool) error {
	if r.ceiling == math.MaxInt64 {
		if _, err := r.window(ctx); err != nil || r.newest.below == 0 {
			return err
		}
	}
	titled, err := r.inTitles(ctx)
	if err != nil || len(titled) > r.size {
		return err
	}
	r.titled, r.known = titled, slices.Sorted(slices.Values(titled))
	if first {
		r.ceiling = 0
	}
	return nil
}

// The statements that rank matches of $1: those in titles, at most $2, and the
// newest below number $2, at most $3. The less the score, the better.
var (
	rankTitles = map[sqldb.Engine]string{
		sqldb.SQLite: `select rowid from search_titles where search_titles match $1 order by rank limit $2`,
		sqldb.PostgreSQL: `select num from search, to_tsquery('english', $1) query where terms_of_title @@ query
			order by ts_rank(terms_of_title, query) desc, num desc limit $2`,
	}
	rankWindow = map[sqldb.Engine]string{
		sqldb.SQLite: `select rowid, rank from search_terms where search_terms match $1 and rowid < $2 order by rowid desc limit $3`,
		sqldb.PostgreSQL: `select num, -ts_rank(terms, query) from search, to_tsquery('english', $1) query where terms @@ query
			and num < $2 order by num desc limit $3`,
	}
)

// countTitles and textsWindow are for SQLite: how many matches there are in titles,
// at most $2, without ranking them, and the texts of the newest below number $2.
const (
	countTitles = `select count(*) from (select 1 from search_titles where search_titles match $1 limit $2) counted`
	textsWindow = `select s.num, s.title, s.body from search_terms t join search s on s.num = t.rowid
		where t.search_terms match $1 and t.rowid < $2 order by t.rowid desc limit $3`
)

// Next returns the numbers of the next batch of incidents, at least one; nil when
// there is none. One that came before is 0.
func (r *Matches) Next(ctx context.Context) ([]int64, error) {
	for !r.ended {
		r.last.ceiling, r.last.skip = r.ceiling, r.skip
		list, err := r.more(ctx)
		if err != nil || len(list) > 0 {
			return list, err
		}
	}
	return nil, nil
}

func (r *Matches) more(ctx context.Context) ([]int64, error) {
	w := &ranked{r.titled, math.MaxInt64}
	if r.ceiling > 0 {
		var err error
		if w, err = r.window(ctx); err != nil {
			return nil, err
		}
	}
	rest := w.nums[min(r.skip, len(w.nums)):]
	r.ceiling, r.skip, r.ended = w.below, 0, w.below == 0
	return rest, nil
}

// window returns the window below the ceiling. Its matches are sorted here: the
// sorter of FTS5 takes as long as the ranking.
func (r *Matches) window(ctx context.Context) (*ranked, error) {
	if r.ceiling == math.MaxInt64 && r.newest != nil {
		return r.without(r.newest), nil
	}
	list, err := r.scored(ctx)
	if err != nil {
		return nil, err
	}
	w := &ranked{nums: make([]int64, len(list))}
	if len(list) == r.size {
		w.below = list[len(list)-1].num
	}
	slices.SortFunc(list, func(a, b match) int { return cmp.Or(cmp.Compare(a.score, b.score), cmp.Compare(b.num, a.num)) })
	for i, m := range list {
		w.nums[i] = m.num
	}
	if r.ceiling == math.MaxInt64 {
		r.newest = w
	}
	return r.without(w), nil
}

// match is what matches, and how well: the less the better.
type match struct {
	num   int64
	score float64
}

// scored returns the newest matches below the ceiling, the newest first.
func (r *Matches) scored(ctx context.Context) ([]match, error) {
	args := []any{r.text, r.ceiling, r.size}
	if r.db.Engine == sqldb.SQLite && r.query.Phrase() {
		return sqldb.All(ctx, r.db, func(scan func(...any) error) (m match, err error) {
			var title, body string
			err = scan(&m.num, &title, &body)
			m.score = -r.query.Score(title, body)
			return m, err
		}, textsWindow, args...)
	}
	return sqldb.All(ctx, r.db, func(scan func(...any) error) (m match, err error) {
		err = scan(&m.num, &m.score)
		return m, err
	}, rankWindow[r.db.Engine], args...)
}

// without marks the matches that came first because of their title.
func (r *Matches) without(w *ranked) *ranked {
	for i, num := range w.nums {
		if _, found := slices.BinarySearch(r.known, num); found {
			w.nums[i] = 0
		}
	}
	return w
}

// inTitles returns the matches in titles, one more than a window when there are
// too many to come first. With words that are excluded there are none: what a title
// does not say its text may.
func (r *Matches) inTitles(ctx context.Context) ([]int64, error) {
	if r.query.Excludes() {
		return nil, nil
	}
	if r.db.Engine == sqldb.SQLite {
		n, _, err := sqldb.Value[int](ctx, r.db, countTitles, r.text, r.size+1)
		if err != nil || n == 0 || n > r.size {
			return make([]int64, n), err // nobody reads too many
		}
	}
	return sqldb.All(ctx, r.db, func(scan func(...any) error) (num int64, err error) {
		err = scan(&num)
		return num, err
	}, rankTitles[r.db.Engine], r.text, r.size+1)
}

// Mark returns the place of the i-th match, from 0, of the batch that Next
// returned last.
func (r *Matches) Mark(i int) Mark { return Mark{r.last.ceiling, int64(r.last.skip + i)} }
