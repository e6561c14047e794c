package letter

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/audience"
	"github.com/hindcast/hindcast/internal/connector/email"
	"github.com/hindcast/hindcast/internal/workflow"
	"github.com/hindcast/hindcast/internal/workflow/followup"
	"github.com/hindcast/hindcast/internal/workflow/notice"
)

// write writes a letter from what its reader may see now, has not read and still
// wants; nil when there is nothing to say, or nobody to read it.
func (s *Service) write(ctx context.Context, r row) (*email.Letter, error) {
	p, err := s.Person(ctx, r.person)
	if hindcast.CodeOf(err) == hindcast.NotFound || err == nil && (p.Disabled || p.Email == "") {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	w := writer{s, p.Viewer, map[int64]*about{}}
	c, err := s.Notice.ChoicesOf(ctx, s.DB, r.person)
	if err != nil {
		return nil, s.DB.Fault(err)
	}
	v := view{Address: s.Address(), Own: r.kind != Notices}
	if err := w.notices(ctx, &v, r, c); err != nil {
		return nil, err
	}
	if r.kind == Week && c.Actions {
		if err := w.actions(ctx, &v); err != nil {
			return nil, err
		}
	}
	if len(v.Groups)+len(v.Lists) == 0 {
		return nil, nil
	}
	if v.Stop, err = s.address(stopOf(r, v, c)); err != nil {
		return nil, err
	}
	v.title(r.kind)
	if err := s.answerable(ctx, r, &v); err != nil {
		return nil, err
	}
	l := email.Letter{ID: r.id, Date: r.due, To: p.Email, Unsubscribe: v.Stop, ReplyTo: v.ReplyTo}
	if r.kind == Notices {
		l.Thread = fmt.Sprintf("post-mortem-%d", r.incident)
	}
	return v.letter(l)
}

// answerable lets an answer to a letter that tells of one thread be said in it.
func (s *Service) answerable(ctx context.Context, r row, v *view) (err error) {
	thread := ""
	for _, g := range v.Groups {
		for _, it := range g.Items {
			_, id, ok := strings.Cut(it.URL, "#thread-")
			if !ok || thread != "" && id != thread {
				return nil
			}
			thread = id
		}
	}
	if thread == "" || r.kind != Notices || s.ReplyTo == nil {
		return nil
	}
	v.ReplyTo, err = s.ReplyTo(ctx, r.id, r.incident, thread, r.person)
	return err
}

// stopOf is what the link in a letter stops.
func stopOf(r row, v view, c notice.Choices) Stop {
	if r.kind == Notices {
		st := Stop{Person: r.person, Way: notice.Mail}
		for _, g := range v.Groups {
			for _, it := range g.Items {
				if !slices.Contains(st.Kinds, it.kind) {
					st.Kinds = append(st.Kinds, it.kind)
				}
			}
		}
		return st
	}
	st := Stop{Person: r.person, Way: notice.Digest, Actions: c.Actions}
	for _, k := range workflow.NoteKinds() {
		if c.Way(k) == notice.Digest {
			st.Kinds = append(st.Kinds, k)
		}
	}
	return st
}

// about is what mail may say of a post-mortem: nothing but its number when it is
// private, since mail passes through the hands of others; and roles instead of
// names.
type about struct {
	title   string // empty when it is private
	private bool
	roles   audience.Roles
}

// writer writes for one reader.
type writer struct {
	*Service
	reader hindcast.Viewer
	known  map[int64]*about
}

// about returns what mail may say of a post-mortem; nil when the reader may not
// see it.
func (w writer) about(ctx context.Context, num int64) (*about, error) {
	if a, ok := w.known[num]; ok {
		return a, nil
	}
	d, err := w.Workflow.Get(ctx, w.reader, fmt.Sprintf("#%d", num))
	if hindcast.CodeOf(err) == hindcast.NotFound || hindcast.CodeOf(err) == hindcast.Denied {
		w.known[num] = nil
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	a := &about{private: d.Private, roles: audience.RolesOf(d.Post)}
	if !d.Private {
		a.title = short(a.roles.In(d.Post.Incident.Title))
	}
	w.known[num] = a
	return a, nil
}

// maxTold is how many notices a letter tells at most.
const maxTold = 50

// notices adds what a letter's notices tell, by post-mortem.
func (w writer) notices(ctx context.Context, v *view, r row, c notice.Choices) error {
	list, err := w.Notice.Carried(ctx, w.reader, r.id)
	if err != nil {
		return err
	}
	at, told := map[int64]int{}, 0
	for _, n := range wanted(list, c) {
		a, err := w.about(ctx, n.Num)
		if err != nil {
			return err
		}
		if a == nil {
			continue
		}
		if told++; told > maxTold {
			v.More++
			continue
		}
		if _, ok := at[n.Num]; !ok {
			at[n.Num] = len(v.Groups)
			v.Groups = append(v.Groups, group{Num: n.Num, Title: a.title, URL: fmt.Sprintf("%s/p/%d", v.Address, n.Num)})
		}
		text := a.roles.In(n.Subject)
		if a.private {
			text = notice.About(n.Kind)
		}
		g := &v.Groups[at[n.Num]]
		g.Items = append(g.Items, item{Text: text, URL: v.Address + n.Path, kind: n.Kind})
	}
	return nil
}

// The titles of lists that the subject counts.
const (
	overdueTitle = "Overdue"
	dueTitle     = "Due this week"
)

// actions adds the actions of the reader that are late, due, or stand still.
func (w writer) actions(ctx context.Context, v *view) error {
	d, err := w.Actions.Digest(ctx, w.reader)
	if err != nil || d.Empty() {
		return err
	}
	for _, l := range []struct {
		title string
		rows  []followup.Row
		of    int    // how many there are
		state string // by which the list of actions finds them
		note  func(followup.Row) string
	}{
		{overdueTitle, d.Overdue, d.Counts.Overdue, "overdue", func(r followup.Row) string { return "was due " + r.Item.Due.String() }},
		{dueTitle, d.DueSoon, d.Counts.DueSoon, "open-all", func(r followup.Row) string { return "due " + r.Item.Due.String() }},
		{"Done, and not shown to work", d.Unverified, d.Counts.Unverified, "done", func(followup.Row) string { return "verify it, or say what shows that it works" }},
		{"Decided against, to be looked at again", d.Revisit, d.Counts.Revisit, "wont-do", func(followup.Row) string { return "decide again" }},
		{"Carried out last week", d.Closed, d.Counts.Closed, "carried-out", func(followup.Row) string { return "" }},
	} {
		out := list{Title: l.title, URL: v.Address + "/actions?mine=1&state=" + l.state}
		for _, r := range l.rows {
			a, err := w.about(ctx, r.Num)
			if err != nil {
				return err
			}
			if a == nil {
				continue
			}
			it := item{Text: fmt.Sprintf("An action of #%d", r.Num), Note: w.whose(l.note(r), a, r), URL: fmt.Sprintf("%s/actions/%d/%s", v.Address, r.Num, url.PathEscape(r.Item.ID))}
			if !a.private {
				it.Text = fmt.Sprintf("#%d: %s", r.Num, short(a.roles.In(r.Item.Description)))
			}
			out.Items = append(out.Items, it)
		}
		out.More = l.of - len(l.rows)
		if len(out.Items) > 0 {
			v.Lists = append(v.Lists, out)
		}
	}
	return nil
}

// whose adds to a note who owns an action, when that is somebody else.
func (w writer) whose(note string, a *about, r followup.Row) string {
	var out []string
	if note != "" {
		out = append(out, note)
	}
	switch {
	case r.Item.Owner == "":
		out = append(out, "nobody owns it yet")
	case !r.OwnedBy(w.reader) && !a.private:
		out = append(out, "owner: "+short(a.roles.In(r.Item.Owner)))
	}
	return strings.Join(out, "; ")
}
