package hindcast_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
)

var june = hindcast.Date{Year: 2024, Month: time.June, Day: 20}

func TestActionMove(t *testing.T) {
	seen := &hindcast.Verification{How: "the alert fired in a drill", By: "on-call engineer"}
	own := hindcast.Verification{How: "the alert fired in a drill", By: "engineer b"}
	told := own
	told.Own = "nobody else may start a drill"
	for name, tt := range map[string]struct {
		from   hindcast.ActionItem
		to     hindcast.ActionStatus
		reason string
		want   hindcast.Code
	}{
		"begun":                     {hindcast.ActionItem{Status: hindcast.ActionOpen}, hindcast.ActionInProgress, "", ""},
		"done":                      {hindcast.ActionItem{Status: hindcast.ActionOpen}, hindcast.ActionDone, "", ""},
		"done twice":                {hindcast.ActionItem{Status: hindcast.ActionDone}, hindcast.ActionDone, "", hindcast.Conflict},
		"verified at once":          {hindcast.ActionItem{Status: hindcast.ActionOpen}, hindcast.ActionVerified, "", hindcast.Conflict},
		"verified without showing":  {hindcast.ActionItem{Status: hindcast.ActionDone}, hindcast.ActionVerified, "", hindcast.Invalid},
		"verified by nobody":        {hindcast.ActionItem{Status: hindcast.ActionDone, Verification: &hindcast.Verification{How: "seen", By: " "}}, hindcast.ActionVerified, "", hindcast.Invalid},
		"verified":                  {hindcast.ActionItem{Status: hindcast.ActionDone, Verification: seen}, hindcast.ActionVerified, "", ""},
		"verified by its owner":     {hindcast.ActionItem{Status: hindcast.ActionDone, Owner: "Platform team - Engineer B", Verification: &own}, hindcast.ActionVerified, "", hindcast.Invalid},
		"the owner says why":        {hindcast.ActionItem{Status: hindcast.ActionDone, Owner: "Platform team - Engineer B", Verification: &told}, hindcast.ActionVerified, "", ""},
		"declined without reason":   {hindcast.ActionItem{Status: hindcast.ActionOpen, Revisit: june.Add(90)}, hindcast.ActionDeclined, " ", hindcast.Invalid},
		"declined for ever":         {hindcast.ActionItem{Status: hindcast.ActionOpen}, hindcast.ActionDeclined, "too costly", hindcast.Invalid},
		"declined until yesterday":  {hindcast.ActionItem{Status: hindcast.ActionOpen, Revisit: june}, hindcast.ActionDeclined, "too costly", hindcast.Invalid},
		"declined":                  {hindcast.ActionItem{Status: hindcast.ActionOpen, Revisit: june.Add(90)}, hindcast.ActionDeclined, "the service is retired in July", ""},
		"it came back":              {hindcast.ActionItem{Status: hindcast.ActionVerified, Verification: seen}, hindcast.ActionInProgress, "#31 had the same cause", ""},
		"taken up without reason":   {hindcast.ActionItem{Status: hindcast.ActionVerified, Verification: seen}, hindcast.ActionInProgress, "", hindcast.Invalid},
		"opened again":              {hindcast.ActionItem{Status: hindcast.ActionDeclined, Reason: "too costly"}, hindcast.ActionOpen, "it got cheaper", ""},
		"declined straight to done": {hindcast.ActionItem{Status: hindcast.ActionDeclined, Reason: "too costly"}, hindcast.ActionDone, "", hindcast.Conflict},
		"verified, then won't do":   {hindcast.ActionItem{Status: hindcast.ActionVerified, Verification: seen}, hindcast.ActionDeclined, "x", hindcast.Conflict},
		"back on the pile":          {hindcast.ActionItem{Status: hindcast.ActionInProgress}, hindcast.ActionOpen, "", ""},
		"a state that nobody knows": {hindcast.ActionItem{Status: hindcast.ActionOpen}, "closed", "", hindcast.Conflict},
	} {
		t.Run(name, func(t *testing.T) {
			a := tt.from
			err := a.Move(hindcast.ActionMove{To: tt.to, On: june, By: "lead", Reason: tt.reason})
			if got := hindcast.CodeOf(err); got != tt.want {
				t.Fatalf("Move(%s) from %s = %v, want code %q", tt.to, tt.from.Status, err, tt.want)
			}
			if err != nil {
				if diff := cmp.Diff(tt.from, a); diff != "" {
					t.Errorf("a refused move changed the action:\n%s", diff)
				}
				return
			}
			if n := len(a.History); n != 1 || a.History[0].To != tt.to || a.History[0].On != june || a.Status != tt.to {
				t.Errorf("after Move(%s) the action is %s with history %v", tt.to, a.Status, a.History)
			}
		})
	}
}

// TestActionGoesThroughItsLife takes an action from open to verified, and up again
// when it did not hold.
func TestActionGoesThroughItsLife(t *testing.T) {
	a := hindcast.ActionItem{ID: "a", Description: "Alert on the pool", Owner: "Platform team", Status: hindcast.ActionOpen, Opened: june}
	move := func(to hindcast.ActionStatus, after int, reason string) {
		t.Helper()
		if err := a.Move(hindcast.ActionMove{To: to, On: june.Add(after), By: "lead", Reason: reason}); err != nil {
			t.Fatal(err)
		}
	}
	move(hindcast.ActionInProgress, 2, "")
	move(hindcast.ActionDone, 10, "")
	a.Verification = &hindcast.Verification{How: "it fired in a drill", By: "on-call engineer"}
	move(hindcast.ActionVerified, 12, "")
	if a.Closed != june.Add(10) || a.Verification.On != june.Add(12) || a.Since() != june.Add(12) {
		t.Errorf("closed %s, verified %s, since %s", a.Closed, a.Verification.On, a.Since())
	}
	move(hindcast.ActionInProgress, 40, "#31 had the same cause")
	if a.Verification != nil || !a.Closed.IsZero() || !a.Open() {
		t.Errorf("taken up again it is %+v", a)
	}
	var words []string
	for _, m := range a.History {
		words = append(words, string(m.To)+" "+m.On.String())
	}
	if got, want := strings.Join(words, ", "), "in-progress 2024-06-22, done 2024-06-30, verified 2024-07-02, in-progress 2024-07-30"; got != want {
		t.Errorf("history %s, want %s", got, want)
	}
}

// TestEditsOfAnActionKeepTheRules edits the status as a field like any other.
func TestEditsOfAnActionKeepTheRules(t *testing.T) {
	before := hindcast.ActionItem{Status: hindcast.ActionOpen, History: []hindcast.ActionMove{{To: hindcast.ActionOpen, On: june, Reason: "it came back"}}}
	edited := hindcast.ActionItem{Status: hindcast.ActionDone, Owner: "Shop team"}
	if err := edited.Follow(before, june.Add(3), "lead"); err != nil {
		t.Fatal(err)
	}
	want := hindcast.ActionItem{Status: hindcast.ActionDone, Owner: "Shop team", Closed: june.Add(3), History: []hindcast.ActionMove{before.History[0], {To: hindcast.ActionDone, On: june.Add(3), By: "lead"}}}
	if diff := cmp.Diff(want, edited); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	edited = before
	edited.Status = hindcast.ActionDone
	moved := edited
	if err := moved.Move(hindcast.ActionMove{To: hindcast.ActionInProgress, On: june.Add(1), Reason: "its ticket was opened again"}); err != nil {
		t.Fatal(err)
	}
	want = moved
	want.History[len(want.History)-1].By = "lead"
	if err := moved.Follow(edited, june.Add(5), "lead"); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, moved); diff != "" {
		t.Errorf("of one that was moved (-want +got)\n%s", diff)
	}
	edited = hindcast.ActionItem{Status: hindcast.ActionVerified}
	if err := (&hindcast.ActionItem{Status: hindcast.ActionDone}).Move(hindcast.ActionMove{To: hindcast.ActionDeclined, On: june, Reason: "x"}); err == nil || err.Error() != "an action that is done cannot become decided against; take it up again first" {
		t.Errorf("done to decided against = %v", err)
	}
	if err := edited.Follow(before, june, "lead"); hindcast.CodeOf(err) != hindcast.Conflict {
		t.Errorf("open to verified by an edit = %v, want Conflict", err)
	}
	verified := hindcast.ActionItem{Status: hindcast.ActionVerified, Owner: "Shop team", Verification: &hindcast.Verification{How: "seen", By: "reviewer"}}
	edited = verified
	edited.Verification = &hindcast.Verification{How: "seen", By: "shop team"}
	if err := edited.Follow(verified, june, "lead"); hindcast.CodeOf(err) != hindcast.Invalid {
		t.Errorf("another verifier, who is the owner = %v, want Invalid", err)
	}
	edited = verified
	edited.Description = "other words"
	if err := edited.Follow(verified, june, "lead"); err != nil {
		t.Errorf("other words of what is verified = %v", err)
	}
	declined := hindcast.ActionItem{Status: hindcast.ActionDeclined, Reason: "costly", Closed: june, Revisit: june.Add(9)}
	edited = declined
	edited.Revisit = hindcast.Date{}
	if err := edited.Follow(declined, june, "lead"); hindcast.CodeOf(err) != hindcast.Invalid {
		t.Errorf("decided against for ever = %v, want Invalid", err)
	}
	edited = hindcast.ActionItem{Status: hindcast.ActionOpen, Description: "other words"}
	if err := edited.Follow(before, june, "lead"); err != nil || len(edited.History) != 1 {
		t.Errorf("an edit of the words = %v, history %v", err, edited.History)
	}
}

func TestOwnersAndTeams(t *testing.T) {
	for owner, want := range map[string]string{"Platform team - Engineer B": "Platform team", "Payments team": "Payments team", "": "", " Shop / Engineer A": "Shop", "on-call engineer": "on-call engineer"} {
		a := hindcast.ActionItem{Owner: owner}
		if got := a.Team(); got != want {
			t.Errorf("Team of %q = %q, want %q", owner, got, want)
		}
	}
	a := hindcast.ActionItem{Owner: "Platform team - Engineer B"}
	for who, want := range map[string]bool{"Engineer B": true, "platform team": true, "Platform team - Engineer B": true, "Engineer A": false, "": false} {
		if got := a.Owns(who); got != want {
			t.Errorf("Owns(%q) = %v, want %v", who, got, want)
		}
	}
}

func TestOverdue(t *testing.T) {
	a := hindcast.ActionItem{Status: hindcast.ActionOpen, Due: june}
	if a.Overdue(june) || !a.Overdue(june.Add(1)) {
		t.Error("an action is overdue from the day after its day on")
	}
	if a.Status = hindcast.ActionDone; a.Overdue(june.Add(1)) {
		t.Error("what is done is not overdue")
	}
	if a = (hindcast.ActionItem{Status: hindcast.ActionOpen}); a.Overdue(june) {
		t.Error("what has no day is not overdue")
	}
}

// TestAnyMovesLeaveAnActionWhole makes random moves, with what they need at random, and
// holds what is true of every action that went by the rules.
func TestAnyMovesLeaveAnActionWhole(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	states := []hindcast.ActionStatus{hindcast.ActionOpen, hindcast.ActionInProgress, hindcast.ActionDone, hindcast.ActionVerified, hindcast.ActionDeclined}
	made := map[hindcast.ActionStatus]int{}
	for range 300 {
		p := valid()
		p.Factors, p.Actions = nil, nil
		a := hindcast.ActionItem{ID: "a", Description: "Alert", Owner: "Shop team", Status: hindcast.ActionOpen, Opened: june}
		for day := range 30 {
			before := a
			m := hindcast.ActionMove{To: states[r.IntN(len(states))], On: june.Add(day)}
			if r.IntN(2) == 0 {
				m.Reason = "a reason"
			}
			if r.IntN(2) == 0 {
				a.Verification = &hindcast.Verification{How: "seen", By: []string{"reviewer", "shop team"}[r.IntN(2)]}
			}
			if r.IntN(2) == 0 {
				a.Revisit = june.Add(r.IntN(60))
			}
			if err := a.Move(m); err != nil {
				a = before
				continue
			}
			made[a.Status]++
			closed := a.Status != hindcast.ActionOpen && a.Status != hindcast.ActionInProgress
			if closed == a.Closed.IsZero() || len(a.History) != len(before.History)+1 || a.Since() != m.On && a.Status != hindcast.ActionVerified {
				t.Fatalf("after %+v: %+v", m, a)
			}
			if v := a.Verification; a.Status == hindcast.ActionVerified && (v == nil || a.Owns(v.By) || v.On.IsZero()) {
				t.Fatalf("verified by nobody else: %+v", v)
			}
			if a.Status == hindcast.ActionDeclined && (a.Reason == "" || a.Revisit.Compare(m.On) <= 0) {
				t.Fatalf("decided against without a reason or a day: %+v", a)
			}
			p.Actions = []hindcast.ActionItem{a}
			if faults := p.Validate(); faults != nil {
				t.Fatalf("after %+v: %v", m, faults)
			}
		}
	}
	if len(made) != len(states) {
		t.Errorf("only %v were reached", made)
	}
}
