package write

import (
	"context"
	"slices"
	"strings"

	"github.com/hindcast/hindcast/internal/workflow"
)

// Who returns who made each of some revisions of a post-mortem, for people: all
// who wrote when it was written together, the one who began it first. name says
// what a person is called.
func (h *Handlers) Who(ctx context.Context, num int64, revisions []workflow.Revision, name func(id string) string) (map[int64]string, error) {
	var numbers []int64
	for _, r := range revisions {
		numbers = append(numbers, r.N)
	}
	together, err := h.Collab.Writers(ctx, num, numbers)
	if err != nil {
		return nil, err
	}
	out := map[int64]string{}
	for _, r := range revisions {
		names := []string{name(r.PersonID)}
		for _, id := range together[r.N] {
			if n := name(id); id != r.PersonID && !slices.Contains(names, n) {
				names = append(names, n)
			}
		}
		out[r.N] = strings.Join(names, ", ")
	}
	return out, nil
}
