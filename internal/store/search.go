package store

import (
	"context"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/store/rank"
	"github.com/hindcast/hindcast/internal/store/words"
)

// Search says what is looked for. Text is what a person typed, see package
// words; the filter's order does not matter, because the best come first, and
// Deleted is ignored.
type Search struct {
	Text string
	Filter
}

// Hit is an incident that was found.
type Hit struct {
	Summary
	TitleSpans []words.Span // the title with the words that were found
	Snippet    []words.Span // text around the first of them
}

// snippetWidth is about how many bytes of text a hit shows.
const snippetWidth = 240

// Search returns a page of the incidents that match, the best first. Ranking
// comes before permission, so that it looks at the index only; pages are filled
// by looking further.
func (s *Store) Search(ctx context.Context, v hindcast.Viewer, q Search) (Page[Hit], error) {
	query := words.Parse(q.Text)
	if query.Empty() || !v.MayRead() {
		return Page[Hit]{}, nil
	}
	matches, before, err := s.matches(ctx, query, q.After)
	if err != nil {
		return Page[Hit]{}, err
	}
	limit := limited(q.Limit)
	var found Page[Summary]
	for {
		nums, err := matches.Next(ctx)
		if err != nil {
			return Page[Hit]{}, s.reading("what matches", err)
		}
		if nums == nil {
			return s.hits(ctx, query, found)
		}
		full, err := s.fill(ctx, v, q, &found, nums, matches, limit, before)
		if err != nil {
			return Page[Hit]{}, s.reading("what was found", err)
		}
		if full {
			return s.hits(ctx, query, found)
		}
		before = 0 // it was of the first batch
	}
}

// matches begins to rank what matches a query at a cursor: at a batch, of which the
// viewer saw so many before. A place in the ranking would tell how many incidents
// that the viewer may not see match too.
func (s *Store) matches(ctx context.Context, query words.Query, after string) (m *rank.Matches, before int64, err error) {
	var mark rank.Mark
	if after != "" {
		if mark.Ceiling, before, err = parseCursor(after); err != nil {
			return nil, 0, err
		}
	}
	m, err = rank.New(ctx, s.db, query, mark, s.window)
	return m, before, s.reading("what matches", err)
}

// chunk is how many incidents are looked up in one statement: enough for a page when
// a fifth of what matches is hidden from the viewer.
const chunk = 40

// fill adds to a page those of the ranked incidents that the viewer may see and
// the filter lets through, but for the first of them that came before. It reports
// whether the page is full and there is one more for the next page.
func (s *Store) fill(ctx context.Context, v hindcast.Viewer, q Search, found *Page[Summary], nums []int64, matches *rank.Matches, limit int, before int64) (bool, error) {
	visible := int64(0)
	for from := 0; from < len(nums); from += chunk {
		part := nums[from:min(from+chunk, len(nums))]
		byNum, err := s.lookUp(ctx, v, q.Filter, part)
		if err != nil {
			return false, err
		}
		for _, num := range part {
			summary, ok := byNum[num]
			switch {
			case !ok:
				continue
			case visible < before: // was on an earlier page
			case len(found.Items) == limit:
				found.Next = cursor(matches.Mark(0).Ceiling, visible)
				return true, nil
			default:
				found.Items = append(found.Items, summary)
			}
			visible++
		}
	}
	return false, nil
}

// lookUp returns those of at most chunk incidents that the viewer may see and
// the filter lets through.
func (s *Store) lookUp(ctx context.Context, v hindcast.Viewer, f Filter, nums []int64) (map[int64]Summary, error) {
	args := make([]any, chunk)
	for i := range args {
		args[i] = nums[min(i, len(nums)-1)] // one text for any number of them
	}
	var w sqldb.Where
	from := f.from(&w, v)
	w.And(`i.num in (`+strings.TrimSuffix(strings.Repeat(`?,`, chunk), ",")+`)`, args...)
	w.And(`i.deleted_at = 0`)
	f.where(&w, false)
	seen(&w, v)
	list, err := sqldb.All(ctx, s.db, scanSummary, `select `+summaryColumns+` from `+from+` where `+w.String(), w.Args...)
	out := make(map[int64]Summary, len(list))
	for _, x := range list {
		out[x.Num] = x
	}
	return out, err
}

// hits adds to what was found the text around it.
func (s *Store) hits(ctx context.Context, query words.Query, found Page[Summary]) (Page[Hit], error) {
	texts, err := s.texts(ctx, found.Items)
	if err != nil {
		return Page[Hit]{}, s.reading("the text of what was found", err)
	}
	out := Page[Hit]{Next: found.Next}
	for _, x := range found.Items {
		out.Items = append(out.Items, Hit{Summary: x, TitleSpans: query.Highlight(x.Title), Snippet: query.Snippet(texts[x.Num], snippetWidth)})
	}
	return out, nil
}

// texts returns what is searched of incidents, by their numbers.
func (s *Store) texts(ctx context.Context, list []Summary) (map[int64]string, error) {
	out := make(map[int64]string, len(list))
	for part := range slices.Chunk(list, chunk) {
		args := make([]any, chunk)
		for i := range args {
			args[i] = part[min(i, len(part)-1)].Num // one text for any number of them
		}
		var w sqldb.Where
		w.And(`num in (`+strings.TrimSuffix(strings.Repeat(`?,`, chunk), ",")+`)`, args...)
		_, err := sqldb.All(ctx, s.db, func(scan func(...any) error) (struct{}, error) {
			var num int64
			var body string
			err := scan(&num, &body)
			out[num] = body
			return struct{}{}, err
		}, `select num, body from search where `+w.String(), w.Args...)
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}
