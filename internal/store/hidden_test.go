package store_test

import (
	"testing"

	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/store/storetest"
)

// TestMarksOfPagesTellNothingOfWhatIsHidden searches for two words, one of which
// stands in drafts of others too.
func TestMarksOfPagesTellNothingOfWhatIsHidden(t *testing.T) {
	storetest.Each(t, &postgres, func(t *testing.T, s *store.Store) {
		for range 2 {
			insert(t, s, draft(titled("The giraffe outage of a long and busy day"), published), draft(titled("The zebra outage of a long and busy day"), published))
		}
		insert(t, s, draft(titled("Zebra zebra")), draft(titled("Zebra")))
		marks := map[string]string{}
		for _, word := range []string{"giraffe", "zebra"} {
			page, err := s.Search(t.Context(), other, store.Search{Text: word, Filter: store.Filter{Limit: 1}})
			if err != nil || len(page.Items) != 1 || page.Next == "" {
				t.Fatalf("Search(%s) = %v, %v; want one of two", word, page, err)
			}
			marks[word] = page.Next
			next, err := s.Search(t.Context(), other, store.Search{Text: word, Filter: store.Filter{Limit: 1, After: page.Next}})
			if err != nil || len(next.Items) != 1 || next.Items[0].Num == page.Items[0].Num || next.Next != "" {
				t.Errorf("the next page of %s = %v, %v; want the other one", word, next, err)
			}
		}
		if marks["giraffe"] != marks["zebra"] {
			t.Errorf("the marks %v tell the words apart", marks)
		}
	})
}
