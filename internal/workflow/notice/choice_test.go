package notice_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/workflow"
	"github.com/hindcast/hindcast/internal/workflow/notice"
)

// at reads a moment of Berlin.
func at(t *testing.T, text string) time.Time {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	out, err := time.ParseInLocation("2006-01-02 15:04", text, zone)
	if err != nil {
		t.Fatal(err)
	}
	return out.UTC()
}

func TestQuietHours(t *testing.T) {
	org := hindcast.Calendar{Zone: "UTC", Holidays: []hindcast.Date{{Year: 2026, Month: 4, Day: 6}}} // Easter Monday
	for name, tt := range map[string]struct {
		quiet   notice.Quiet
		t, want string
	}{
		"none":                           {notice.Quiet{From: 8, To: 8}, "2026-04-01 08:10", "2026-04-01 08:10"},
		"before they begin":              {notice.Quiet{From: 12, To: 14}, "2026-04-01 11:59", "2026-04-01 11:59"},
		"when they begin":                {notice.Quiet{From: 12, To: 14}, "2026-04-01 12:00", "2026-04-01 14:00"},
		"when they end":                  {notice.Quiet{From: 12, To: 14}, "2026-04-01 14:00", "2026-04-01 14:00"},
		"in the evening":                 {notice.Quiet{From: 18, To: 8}, "2026-04-01 19:30", "2026-04-02 08:00"},
		"in the night":                   {notice.Quiet{From: 18, To: 8}, "2026-04-01 03:30", "2026-04-01 08:00"},
		"until midnight":                 {notice.Quiet{From: 18, To: 0}, "2026-04-01 19:30", "2026-04-02 00:00"},
		"over a long weekend":            {notice.Quiet{From: 18, To: 8, DaysOff: true}, "2026-04-03 18:00", "2026-04-07 08:00"},
		"days off only":                  {notice.Quiet{DaysOff: true}, "2026-04-04 12:00", "2026-04-07 00:00"},
		"Friday before a weekend":        {notice.Quiet{DaysOff: true}, "2026-04-03 23:59", "2026-04-03 23:59"},
		"to an hour that is left out":    {notice.Quiet{From: 22, To: 2}, "2026-03-28 23:00", "2026-03-29 03:00"},
		"in an hour that comes twice":    {notice.Quiet{From: 22, To: 3}, "2026-10-25 00:30", "2026-10-25 03:00"},
		"all day but one hour":           {notice.Quiet{From: 9, To: 8}, "2026-04-01 09:00", "2026-04-02 08:00"},
		"which are of the person's zone": {notice.Quiet{From: 0, To: 7}, "2026-04-01 00:30", "2026-04-01 07:00"},
	} {
		t.Run(name, func(t *testing.T) {
			c := notice.Choices{Zone: "Europe/Berlin", Quiet: tt.quiet}
			if got := c.Awake(at(t, tt.t), org); !got.Equal(at(t, tt.want)) {
				t.Errorf("mail of %s may come at %s, want %s", tt.t, got.In(time.FixedZone("", 7200)), tt.want)
			}
		})
	}
}

func TestHoursOfTheDigest(t *testing.T) {
	for name, tt := range map[string]struct {
		choices notice.Choices
		t, want string
		week    bool
	}{
		"today":             {notice.Choices{Hour: 8, Day: time.Monday}, "2026-04-01 08:00", "2026-04-01 08:00", false},
		"yesterday":         {notice.Choices{Hour: 8, Day: time.Tuesday}, "2026-04-01 07:59", "2026-03-31 08:00", true},
		"once a week":       {notice.Choices{Hour: 8, Day: time.Monday, Weekly: true}, "2026-04-01 12:00", "2026-03-30 08:00", true},
		"a week ago":        {notice.Choices{Hour: 8, Day: time.Wednesday, Weekly: true}, "2026-04-01 07:00", "2026-03-25 08:00", true},
		"when clocks leap":  {notice.Choices{Hour: 2, Day: time.Monday}, "2026-03-29 03:30", "2026-03-29 03:00", false},
		"when clocks pause": {notice.Choices{Hour: 8, Day: time.Sunday}, "2026-10-25 08:30", "2026-10-25 08:00", true},
	} {
		t.Run(name, func(t *testing.T) {
			tt.choices.Zone = "Europe/Berlin"
			if got, week := tt.choices.Slot(at(t, tt.t)); !got.Equal(at(t, tt.want)) || week != tt.week {
				t.Errorf("at %s the last digest was due at %s, week %v; want %s, %v", tt.t, got, week, tt.want, tt.week)
			}
		})
	}
}

func TestChoicesAreCheckedAndKept(t *testing.T) {
	onBoth(t, func(l *library) {
		for name, change := range map[string]func(*notice.Choices){
			"a zone that there is not": func(c *notice.Choices) { c.Zone = "Middle/Earth" },
			"the zone of the machine":  func(c *notice.Choices) { c.Zone = "Local" },
			"an hour":                  func(c *notice.Choices) { c.Hour = 24 },
			"a quiet hour":             func(c *notice.Choices) { c.Quiet.To = -1 },
			"a day":                    func(c *notice.Choices) { c.Day = 7 },
			"a kind":                   func(c *notice.Choices) { c.Ways = map[workflow.NoteKind]notice.Way{"weather": notice.Mail} },
			"a way":                    func(c *notice.Choices) { c.Ways = map[workflow.NoteKind]notice.Way{workflow.NoteDue: "pigeon"} },
			"an exception":             func(c *notice.Choices) { c.Quiet.Except = []workflow.NoteKind{"weather"} },
			"what nobody chooses":      func(c *notice.Choices) { c.Ways = map[workflow.NoteKind]notice.Way{workflow.NoteSystem: notice.Off} },
		} {
			c := notice.Default()
			change(&c)
			if err := l.SetChoices(t.Context(), member, c); hindcast.CodeOf(err) != hindcast.Invalid {
				t.Errorf("%s: %v, want Invalid", name, err)
			}
		}
		want := notice.Choices{Ways: map[workflow.NoteKind]notice.Way{workflow.NoteDue: notice.Off}, Zone: "Europe/Berlin", Weekly: true, Day: time.Friday, Hour: 7,
			Quiet: notice.Quiet{From: 18, To: 8, DaysOff: true, Except: []workflow.NoteKind{workflow.NoteReview}}}
		l.ok(l.SetChoices(t.Context(), member, want))
		got, err := l.Choices(t.Context(), member)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("choices (-want +got), %v:\n%s", err, diff)
		}
		if got, err = l.Choices(t.Context(), other); err != nil || !got.Actions || got.Way(workflow.NoteDue) != notice.Mail {
			t.Errorf("another person's choices are %+v, %v", got, err)
		}
		for _, v := range []hindcast.Viewer{{}, reads} {
			if err := l.SetChoices(t.Context(), v, want); hindcast.CodeOf(err) != hindcast.Denied {
				t.Errorf("choosing as %+v = %v, want Denied", v, err)
			}
		}
	})
}

// TestWhatIsSaidInsideStaysInside holds that who left is not shown what was said
// among those who take part, also when all may read the post-mortem.
func TestWhatIsSaidInsideStaysInside(t *testing.T) {
	onBoth(t, func(l *library) {
		l.share()
		l.tell(workflow.Note{Kind: workflow.NoteMention, To: []string{"member"}, Subject: "Inside", Path: "/p/1/review"})
		l.tell(workflow.Note{Kind: workflow.NoteReply, To: []string{"member"}, Subject: "For readers", Path: "/p/1/read", Open: true})
		for _, to := range []hindcast.Status{hindcast.StatusInReview, hindcast.StatusApproved, hindcast.StatusPublished} {
			_, err := l.wf.Move(t.Context(), lead, l.doc.ID, to, "")
			l.ok(err)
		}
		l.ok(l.wf.Unshare(t.Context(), lead, l.doc.ID, member.PersonID))
		l.inbox(member, 1, "For readers")
		_, err := l.wf.Share(t.Context(), lead, l.doc.ID, member.PersonID, access.Reviewer)
		l.ok(err)
		if got, _ := l.subjects(member); len(got) < 6 {
			t.Errorf("who takes part again is shown %q", got)
		}
	})
}
