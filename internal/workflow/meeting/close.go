package meeting

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/workflow"
)

// Missing says what must be settled before the meeting can be closed; nothing when
// all is.
func (c Closing) Missing() []string {
	var out []string
	if strings.TrimSpace(c.Owner) == "" {
		out = append(out, "who owns the document")
	}
	if c.Publish.IsZero() {
		out = append(out, "when it is published")
	}
	if c.FollowUp.IsZero() && strings.TrimSpace(c.NoFollowUp) == "" {
		out = append(out, "the day of the follow-up, or why none is needed")
	}
	return out
}

// Close ends a meeting: what is settled is kept, the owner stands in the document,
// and the minutes become evidence of the post-mortem. It is refused as Invalid while
// something is not settled, and says what.
func (s *Service) Close(ctx context.Context, v hindcast.Viewer, ref, id string, c Closing, name func(person string) string) (*Meeting, error) {
	d, m, err := s.Get(ctx, v, ref, id)
	if err != nil {
		return nil, err
	}
	c.Owner, c.NoFollowUp = oneLine(c.Owner), oneLine(c.NoFollowUp)
	if err := closable(d, m, v, c); err != nil {
		return nil, err
	}
	seen, now := m.Version, s.now()
	m.finish(c, now)
	rows, _, err := s.Workflow.AddEvidence(ctx, v, d.ID, []workflow.File{m.file(d.Post.Incident.Title, name)})
	if err != nil {
		return nil, err
	}
	return s.drive(ctx, v, ref, id, func(h *workflow.Held, m *Meeting) error {
		if m.Version != seen {
			return hindcast.Errorf(hindcast.Conflict, "something was noted in this moment; close the meeting again, so that it stands in the minutes")
		}
		m.finish(c, now)
		for _, r := range rows {
			m.Minutes = r.Name
		}
		if h.Post.Owner != c.Owner {
			if _, err := h.Edit(ctx, []part.Change{{Path: "owner", Value: workflow.JSON(c.Owner)}}, "agreed in the meeting"); err != nil {
				return err
			}
		}
		return s.told(ctx, h, m, "meeting.close", "The meeting about #%d of %s is over; its minutes are there")
	})
}

func closable(d *workflow.Document, m *Meeting, v hindcast.Viewer, c Closing) error {
	switch {
	case !Drives(d, m, v.PersonID):
		return hindcast.Errorf(hindcast.Denied, "only the facilitator and those who lead the post-mortem close its meeting")
	case m.State == Planned:
		return hindcast.Errorf(hindcast.Conflict, "the meeting has not begun; cancel it instead")
	case m.State.Over():
		return hindcast.Errorf(hindcast.Conflict, "the meeting is %s already", m.State)
	}
	if err := d.May(access.Write); err != nil {
		return err
	}
	if missing := c.Missing(); len(missing) > 0 {
		return hindcast.Errorf(hindcast.Invalid, "before the meeting closes, settle %s", strings.Join(missing, "; "))
	}
	return nil
}

// finish stops the clock for good.
func (m *Meeting) finish(c Closing, now time.Time) {
	m.settle(m.Agenda, now)
	m.State, m.Ended, m.Closing, m.Shown = Closed, now, c, ""
}

// file is the minutes as a file of evidence.
func (m *Meeting) file(title string, name func(string) string) workflow.File {
	text := MinutesOf(m, title, name)
	return workflow.File{Name: workflow.MinutesFolder + m.StartsAt.Format("2006-01-02") + "-minutes.md", Size: int64(len(text)),
		Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(text)), nil }}
}

// MinutesOf writes the minutes of a meeting as Markdown.
func MinutesOf(m *Meeting, title string, name func(person string) string) []byte {
	var b bytes.Buffer
	loc := m.Location()
	fmt.Fprintf(&b, "# Minutes of the meeting about #%d: %s\n\n", m.Num, plain(title))
	fmt.Fprintf(&b, "Planned for %s (%s), facilitated by %s.\n", m.StartsAt.In(loc).Format("2 January 2006, 15:04"), m.Zone, plain(name(m.Facilitator)))
	if !m.Began.IsZero() {
		fmt.Fprintf(&b, "Begun at %s, ended at %s, %s of talk without pauses.\n", m.Began.In(loc).Format("15:04"), m.Ended.In(loc).Format("15:04"), minutes(m.Read(m.Agenda, m.Ended).Total))
	}
	b.WriteString("\n## Attendance\n\n")
	for _, a := range m.Attendees {
		fmt.Fprintf(&b, "- %s: %s\n", who(a, name), map[bool]string{true: "came", false: "did not come"}[a.Came])
	}
	for i, block := range m.Agenda {
		m.blockMinutes(&b, i, block)
	}
	if len(m.Parked) > 0 {
		b.WriteString("\n## Parking lot\n\n")
	}
	for _, p := range m.Parked {
		fmt.Fprintf(&b, "- %s: %s\n", plain(p.Text), parkedWord(p))
	}
	if len(m.Questions) > 0 {
		b.WriteString("\n## Questions\n\n")
	}
	for _, q := range m.Questions {
		fmt.Fprintf(&b, "- %s: %s\n", plain(name(q.To)), plain(q.Text))
	}
	m.Closing.minutes(&b)
	return b.Bytes()
}

func (m *Meeting) blockMinutes(b *bytes.Buffer, i int, block Block) {
	fmt.Fprintf(b, "\n## %s\n\n", plain(block.Title))
	if block.Skipped {
		b.WriteString("Skipped.\n")
	} else {
		fmt.Fprintf(b, "%s of %d min planned.\n", minutes(m.in(i, m.Ended)), block.Minutes)
	}
	for _, n := range m.Notes {
		if n.Block == i {
			fmt.Fprintf(b, "\n- %s", strings.ReplaceAll(plain(n.Text), "\n", "\n  "))
		}
	}
	for _, a := range m.Added {
		if a.Block == i {
			fmt.Fprintf(b, "\n- written into the document (%s): %s", kindOf(a.Path), plain(a.Text))
		}
	}
	b.WriteString("\n")
}

func (c Closing) minutes(b *bytes.Buffer) {
	fmt.Fprintf(b, "\n## Agreed\n\n- owner of the document: %s\n- to be published: %s\n", plain(c.Owner), c.Publish)
	if c.FollowUp.IsZero() {
		fmt.Fprintf(b, "- no follow-up: %s\n", plain(c.NoFollowUp))
		return
	}
	fmt.Fprintf(b, "- follow-up: %s\n", c.FollowUp)
}

// kindOf says what a part of the document is.
func kindOf(path string) string {
	list, _, _ := strings.Cut(path, "/")
	return map[string]string{"timeline": "timeline", "factors": "factor", "actions": "action item", "observations": "observation"}[list]
}

func parkedWord(p Parked) string {
	switch {
	case p.Action != "":
		return "became an action item"
	case p.Let:
		return "let go"
	}
	return "still parked"
}

func who(a Attendee, name func(string) string) string {
	if a.Person == "" {
		return plain(a.Role)
	}
	if a.Role == "" {
		return plain(name(a.Person))
	}
	return plain(name(a.Person) + ", " + a.Role)
}

// minutes writes a span in whole minutes.
func minutes(d time.Duration) string {
	return fmt.Sprintf("%d min", int(d.Round(time.Minute)/time.Minute))
}

// plain keeps text from being read as headings of the minutes.
func plain(s string) string { return strings.ReplaceAll(strings.TrimSpace(s), "\n#", "\n\\#") }
