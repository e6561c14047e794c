package review_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast/internal/web/review"
	rules "github.com/hindcast/hindcast/internal/workflow/review"
)

func TestReviewedBy(t *testing.T) {
	asked := func(name string, last bool, answer rules.Answer) review.Request {
		return review.Request{Name: name, Last: last, Request: rules.Request{Answer: answer}}
	}
	v := review.View{Requests: []review.Request{asked("Engineer A", true, rules.Approved), asked("Engineer B", true, rules.Changes), asked("Engineer C", true, rules.Reviewed),
		asked("Engineer D", true, ""), asked("Engineer B", false, rules.Reviewed)}}
	if d := cmp.Diff([]string{"Engineer A", "Engineer C"}, v.ReviewedBy()); d != "" {
		t.Errorf("ReviewedBy (-want +got):\n%s", d)
	}
}
