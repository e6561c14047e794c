package action_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast/internal/lint/action"
	"github.com/hindcast/hindcast/internal/markdown"
)

func TestRead(t *testing.T) {
	type fields struct {
		Owner, Due, Priority   string
		Ticket, Criteria, Done bool
	}
	for _, c := range []struct {
		name, source string
		want         []fields
	}{
		{"a table", "## Action items\n\n| Action | Owner | Due | Priority | Done when |\n|---|---|---|---|---|\n| Add an alert | Platform | 2024-03-22 | high | it pages |\n",
			[]fields{{Owner: "Platform", Due: "2024-03-22", Priority: "high", Criteria: true}}},
		{"a list with fields below", "## Action items\n\n- Add an alert\n  - Owner: Platform\n  - Due: 2024-03-22\n- [x] Remove it (#12)\n",
			[]fields{{Owner: "Platform", Due: "2024-03-22"}, {Ticket: true, Done: true}}},
		{"unanswered fields", "## Action items\n\n- Add an alert; Owner: TBD; Due: ?\n", []fields{{}}},
		{"elsewhere", "## Timeline\n\n- Add an alert\n", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []fields
			for _, a := range action.Read(markdown.Parse([]byte(c.source)), "", false) {
				got = append(got, fields{a.Owner, a.Due, a.Priority, a.Ticket, a.Criteria, a.Done})
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("actions (-want +got):\n%s", d)
			}
		})
	}
}

func TestMissing(t *testing.T) {
	got := action.Item{Owner: "Platform", Criteria: true}.Missing()
	if d := cmp.Diff([]string{"due date"}, got); d != "" {
		t.Errorf("missing (-want +got):\n%s", d)
	}
}
