package review_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/document"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/workflow"
	"github.com/hindcast/hindcast/internal/workflow/review"
)

// memory is what nobody who is asked is to come across.
const memory = "the dashboard showed nothing for minutes"

// remembered adds what somebody else remembers, in two revisions.
func (o *office) remembered() {
	o.Helper()
	o.edit("accounts/c1", hindcast.Account{Who: "on-call engineer", Text: "xylophone at first"})
	o.edit("accounts/c1", hindcast.Account{Who: "on-call engineer", Text: "xylophone: " + memory})
	o.file(lead, "memory.md", recollection)
	o.file(lead, "app.log", "2024-03-18T08:00:01Z ERROR pool exhausted\n2024-03-18T08:00:02Z ERROR pool exhausted\n")
	_, err := o.wf.Rebuild(o.Context(), lead, o.doc, nil)
	o.ok(err)
	o.file(lead, "later.md", recollection+"\nAnd that was all.\n") // not read yet
}

// recollection is a file of what somebody remembers.
const recollection = "who: on-call engineer\nwritten: 2024-03-18T09:00Z\nabout: 2024-03-18T08:00Z\n\nxylophone: I restarted the pool at 08:05.\n"

func (o *office) file(v hindcast.Viewer, name, text string) {
	o.Helper()
	_, _, err := o.wf.AddEvidence(o.Context(), v, o.doc, []workflow.File{{Name: name, Size: int64(len(text)), Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }}})
	o.ok(err)
}

// told returns the files of evidence that a person is told of.
func (o *office) told(v hindcast.Viewer) []string {
	o.Helper()
	rows, err := o.wf.Evidence(o.Context(), v, o.doc)
	o.ok(err)
	var names []string
	for _, r := range rows {
		names = append(names, r.Name)
	}
	slices.Sort(names)
	return names
}

// spills returns by which ways a person comes across what others remember.
func (o *office) spills(v hindcast.Viewer) []string {
	o.Helper()
	var out []string
	look := func(where string, x any) {
		raw, err := json.Marshal(x)
		o.ok(err)
		if bytes.Contains(raw, []byte("xylophone")) {
			out = append(out, where)
		}
	}
	ctx := o.Context()
	d, err := o.wf.Get(ctx, v, o.doc)
	o.ok(err)
	look("page", d.Post)
	look("markdown", string(document.Markdown(d.Post)))
	revisions, err := o.wf.Revisions(ctx, v, o.doc, "", 50)
	o.ok(err)
	look("revisions", revisions)
	var list []int64
	for _, r := range revisions.Items {
		list = append(list, r.N)
		one, err := o.wf.Revision(ctx, v, o.doc, r.N)
		o.ok(err)
		look("revision", string(one.Reverse)+one.Snapshot)
		at, err := o.wf.At(ctx, v, o.doc, r.N)
		o.ok(err)
		look("past", at)
	}
	turns, err := o.wf.Turns(ctx, v, o.doc, list)
	o.ok(err)
	look("turns", turns)
	hits, err := o.wf.Search(ctx, v, workflow.Search{Text: "xylophone"})
	o.ok(err)
	look("search", hits)
	if len(hits.Items) > 0 {
		out = append(out, "found")
	}
	var library bytes.Buffer
	o.ok(o.wf.Export(ctx, v, &library))
	z, err := zip.NewReader(bytes.NewReader(library.Bytes()), int64(library.Len()))
	o.ok(err)
	for _, f := range z.File {
		r, err := f.Open()
		o.ok(err)
		text, err := io.ReadAll(r)
		o.ok(err)
		look("library", string(text))
	}
	threads, err := o.Threads(ctx, v, o.doc)
	o.ok(err)
	look("threads", threads)
	tl, err := o.wf.Timeline(ctx, v, o.doc)
	o.ok(err)
	look("timeline", tl)
	for _, name := range []string{"memory.md", "later.md"} {
		_, lines, err := o.wf.Lines(ctx, v, o.doc, name, 1, 10)
		look("lines of "+name, lines)
		if code := hindcast.CodeOf(err); err != nil && code != hindcast.NotFound {
			o.Errorf("lines of %s: %v", name, err)
		}
		if _, r, err := o.wf.Bytes(ctx, v, o.doc, name); err == nil {
			o.ok(r.Close())
			out = append(out, "file "+name)
		}
	}
	_, err = o.wf.Edit(ctx, v, o.doc, []part.Change{{Path: "accounts/c1", Base: new(part.Tag), Value: workflow.JSON("mine")}}, "")
	look("conflict", err)
	_, err = o.wf.Undo(ctx, v, o.doc, list[0])
	look("undo", err)
	return out
}

func TestWhoIsAskedWritesBeforeReadingOthers(t *testing.T) {
	onBoth(t, func(o *office) {
		o.remembered()
		_, err := o.Open(o.Context(), lead, o.doc, review.Anchor{Path: "accounts/c1", Quote: "xylophone"}, "Is that so?", nil)
		o.ok(err)
		for _, way := range []string{"page", "library", "timeline", "lines of memory.md", "file later.md"} {
			if got := o.spills(writer); !slices.Contains(got, way) {
				t.Fatalf("what others remember is shown by %q and not by %s; this test sees nothing", got, way)
			}
		}
		o.file(writer, "mine.md", strings.ReplaceAll(recollection, "xylophone", "triangle"))
		o.ok(o.AskAccounts(o.Context(), lead, o.doc, []string{"writer"}))
		if diff := cmp.Diff([]string{"app.log", "mine.md"}, o.told(writer)); diff != "" {
			o.Errorf("files of who is asked (-want +got):\n%s", diff)
		}
		if got := o.told(lead); len(got) != 4 {
			o.Errorf("who leads sees %v, want every file", got)
		}
		if got := o.spills(writer); len(got) > 0 {
			o.Errorf("who is asked comes across it by %q", got)
		}
		if d, err := o.wf.Get(o.Context(), writer, o.doc); err != nil || d.Withheld() != 1 || !d.Awaited() {
			o.Errorf("withheld: %d, awaited: %v, %v; want 1 account", d.Withheld(), d.Awaited(), err)
		}
		if d, err := o.wf.Get(o.Context(), lead, o.doc); err != nil || len(d.Post.Accounts) != 1 || d.Awaited() {
			o.Errorf("who leads: %d accounts, %v; want all", len(d.Post.Accounts), err)
		}
		_, err = o.WriteAccount(o.Context(), writer, o.doc, hindcast.Account{Who: "database engineer", Text: "I saw the queue grow."})
		o.ok(err)
		d, err := o.wf.Get(o.Context(), writer, o.doc)
		o.ok(err)
		if len(d.Post.Accounts) != 2 || d.Account() != workflow.AccountWritten {
			o.Errorf("afterwards: %d accounts, %s; want both", len(d.Post.Accounts), d.Account())
		}
		if got := o.spills(writer); len(got) == 0 {
			o.Error("it stays hidden after theirs is written")
		}
	})
}

func TestOneClickDeclinesAnAccount(t *testing.T) {
	onBoth(t, func(o *office) {
		o.remembered()
		if err := o.AskAccounts(o.Context(), writer, o.doc, []string{"writer"}); hindcast.CodeOf(err) != hindcast.Denied {
			o.Errorf("a participant asks: %v, want %s", err, hindcast.Denied)
		}
		if err := o.AskAccounts(o.Context(), lead, o.doc, []string{"reviewer"}); hindcast.CodeOf(err) != hindcast.Invalid {
			o.Errorf("a reviewer is asked: %v, want %s", err, hindcast.Invalid)
		}
		o.ok(o.AskAccounts(o.Context(), lead, o.doc, []string{"writer", "lead"}))
		if diff := cmp.Diff([]string{"review writer"}, o.notes); diff != "" {
			o.Errorf("notes (-want +got):\n%s", diff)
		}
		o.ok(o.DeclineAccount(o.Context(), writer, o.doc))
		if got := o.spills(writer); len(got) == 0 {
			o.Error("it stays hidden after they declined")
		}
		if err := o.DeclineAccount(o.Context(), writer, o.doc); hindcast.CodeOf(err) != hindcast.Conflict {
			o.Errorf("declined twice: %v", err)
		}
		o.ok(o.AskAccounts(o.Context(), lead, o.doc, []string{"writer"})) // is not asked again
		all, err := o.Accounts(o.Context(), lead, o.doc)
		o.ok(err)
		own, err := o.Accounts(o.Context(), writer, o.doc)
		o.ok(err)
		if len(all) != 2 || len(own) != 1 || own[0].State != workflow.AccountDeclined {
			o.Errorf("asked: %+v for who leads, %+v for a participant", all, own)
		}
	})
}

func TestATextFromAFileLeavesHiddenAccountsAlone(t *testing.T) {
	onBoth(t, func(o *office) {
		o.remembered()
		o.ok(o.AskAccounts(o.Context(), lead, o.doc, []string{"writer"}))
		d, err := o.wf.Get(o.Context(), writer, o.doc)
		o.ok(err)
		p := d.Post
		p.Preamble = "Changed in an editor."
		p.Accounts = []hindcast.Account{{ID: "c9", Who: "database engineer", Text: "The queue grew."}}
		_, _, err = o.wf.Replace(o.Context(), writer, o.doc, "x.md", document.Markdown(p), d.Version)
		o.ok(err)
		if d, err = o.wf.Get(o.Context(), writer, o.doc); err != nil || len(d.Post.Accounts) != 2 || d.Post.Preamble != p.Preamble {
			o.Errorf("after a push: %d accounts, %v; want both", len(d.Post.Accounts), err)
		}
	})
}

func TestThePolicyCanShowAccounts(t *testing.T) {
	policy := hindcast.DefaultPolicy()
	policy.Review.AccountsShown = true
	onBothBy(t, policy, func(o *office) {
		o.remembered()
		o.ok(o.AskAccounts(o.Context(), lead, o.doc, []string{"writer"}))
		if d, err := o.wf.Get(o.Context(), writer, o.doc); err != nil || len(d.Post.Accounts) != 1 || d.Account() != workflow.AccountAsked {
			o.Errorf("%d accounts, %v; want the one", len(d.Post.Accounts), err)
		}
	})
}

// person adds somebody with an account.
func (o *office) person(id string) {
	o.Helper()
	o.ok(o.db.Write(o.Context(), func(tx *sqldb.Tx) error {
		_, err := tx.Exec(o.Context(), `insert into person (id, email, name, role, disabled, password, created_at, seen_at) values ($1, $2, $1, 'member', false, '', 0, 0)`, id, id+"@example.org")
		return err
	}))
}

func (o *office) move(to hindcast.Status) error {
	reason := ""
	if to == hindcast.StatusDraft {
		reason = "more to write"
	}
	_, err := o.wf.Move(o.Context(), lead, o.doc, to, reason)
	return err
}

func TestThePolicySaysWhoApproves(t *testing.T) {
	policy := hindcast.DefaultPolicy()
	policy.Severities[0].Approvals = hindcast.Approvals{Count: 1, Parts: []string{"reviewer"}, People: []string{"Chief@example.org", "gone@example.org"}}
	onBothBy(t, policy, func(o *office) {
		o.person("chief")
		o.ok(o.move(hindcast.StatusInReview))
		d, err := o.wf.Get(o.Context(), lead, o.doc)
		o.ok(err)
		if !d.Participates("chief") {
			o.Fatal("whom the policy names does not take part")
		}
		lacks := func() string {
			st, err := o.Standing(o.Context(), writer, o.doc)
			o.ok(err)
			return strings.Join(st.Lacks(), "; ")
		}
		const gone = "the approval of somebody whom the policy names and who has no account here; an admin can invite them, or change the policy"
		const none, chief = "1 of 1 approvals of people who did not write it, as reviewer", "the approval of chief, whom the policy names"
		if got, want := lacks(), none+"; "+chief+"; "+gone; got != want {
			o.Errorf("lacks %q, want %q", got, want)
		}
		o.edit("preamble", "It is written by who leads.")
		o.ok(o.Answer(o.Context(), lead, o.doc, review.Approved, ""))
		o.ok(o.Answer(o.Context(), writer, o.doc, review.Approved, ""))
		st, err := o.Standing(o.Context(), lead, o.doc)
		o.ok(err)
		want := []review.Discounted{{PersonID: "lead", Why: "wrote in it"}, {PersonID: "writer", Why: "takes part as participant"}}
		if diff := cmp.Diff(want, st.Not); diff != "" {
			o.Errorf("not counted (-want +got):\n%s", diff)
		}
		o.ok(o.Answer(o.Context(), viewer("chief"), o.doc, review.Approved, ""))
		if got := lacks(); got != gone {
			o.Errorf("lacks %q, want %q", got, gone)
		}
		if err := o.move(hindcast.StatusApproved); hindcast.CodeOf(err) != hindcast.Conflict || !strings.Contains(err.Error(), gone) {
			o.Errorf("approved without all: %v", err)
		}
		o.person("gone")
		_, err = o.wf.Share(o.Context(), lead, o.doc, "gone", access.Reviewer)
		o.ok(err)
		o.ok(o.Answer(o.Context(), viewer("gone"), o.doc, review.Approved, ""))
		o.ok(o.move(hindcast.StatusDraft))
		o.ok(o.move(hindcast.StatusInReview))
		if err := o.move(hindcast.StatusApproved); hindcast.CodeOf(err) != hindcast.Conflict {
			o.Errorf("approved by what was said in another round: %v", err)
		}
		for _, id := range []string{"gone", "chief"} {
			o.ok(o.Answer(o.Context(), viewer(id), o.doc, review.Approved, ""))
		}
		o.ok(o.move(hindcast.StatusApproved))
		page, err := o.wf.Audit(o.Context(), lead, workflow.AuditFilter{IncidentID: o.doc, Limit: 50})
		o.ok(err)
		acts := map[string]bool{}
		for _, e := range page.Items {
			acts[e.Act] = true
		}
		if !acts["review.approvals"] || !acts["review.ask"] {
			o.Errorf("the audit trail has %v, want the approvals", acts)
		}
	})
}

func TestACommentWithoutANameIsNobodys(t *testing.T) {
	policy := hindcast.DefaultPolicy()
	policy.Review.Anonymous = true
	onBothBy(t, policy, func(o *office) {
		if _, err := o.OpenUnnamed(o.Context(), writer, o.doc, review.Anchor{}, "hm"); hindcast.CodeOf(err) != hindcast.Denied {
			o.Errorf("without a name among three: %v, want %s", err, hindcast.Denied)
		}
		_, err := o.wf.Share(o.Context(), lead, o.doc, "stranger", access.Reviewer)
		o.ok(err)
		first, err := o.Open(o.Context(), reviewer, o.doc, review.Anchor{}, "Which alert?", nil)
		o.ok(err)
		before, err := o.wf.Audit(o.Context(), lead, workflow.AuditFilter{IncidentID: o.doc, Limit: 50})
		o.ok(err)
		o.notes = nil
		id, err := o.OpenUnnamed(o.Context(), lead, o.doc, review.Anchor{}, "We were afraid to stop it.")
		o.ok(err)
		o.ok(o.ReplyUnnamed(o.Context(), writer, o.doc, first, "The second one."))
		o.ok(o.Reply(o.Context(), reviewer, o.doc, first, "Thank you.", nil))
		threads := o.threads()
		day := o.now.Truncate(24 * time.Hour)
		if c := threads[1].Comments[0]; threads[1].ID != id || c.PersonID != "" || !c.At.Equal(day) || !threads[1].OpenedAt.Equal(day) {
			o.Errorf("kept of it: %+v, want no name and the day", threads[1])
		}
		var said []string
		for _, c := range threads[0].Comments {
			said = append(said, c.Text)
		}
		if diff := cmp.Diff([]string{"Which alert?", "The second one.", "Thank you."}, said); diff != "" {
			o.Errorf("the order (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"reply lead", "reply reviewer,lead", "reply lead"}, o.notes); diff != "" {
			o.Errorf("who is told, who wrote included (-want +got):\n%s", diff)
		}
		after, err := o.wf.Audit(o.Context(), lead, workflow.AuditFilter{IncidentID: o.doc, Limit: 50})
		o.ok(err)
		if len(after.Items) != len(before.Items) {
			o.Errorf("the audit trail grew by %d", len(after.Items)-len(before.Items))
		}
		c := threads[1].Comments[0]
		for _, v := range []hindcast.Viewer{lead, {PersonID: "", Role: hindcast.RoleMember}} {
			if err := o.Edit(o.Context(), v, o.doc, id, c.ID, "changed"); err == nil {
				o.Errorf("%q changes it", v.PersonID)
			}
		}
	})
}

func TestNamesAreKeptUnlessThePolicySaysElse(t *testing.T) {
	onBoth(t, func(o *office) {
		_, err := o.wf.Share(o.Context(), lead, o.doc, "stranger", access.Reviewer)
		o.ok(err)
		if _, err := o.OpenUnnamed(o.Context(), writer, o.doc, review.Anchor{}, "hm"); hindcast.CodeOf(err) != hindcast.Denied {
			o.Errorf("without a name by the default policy: %v, want %s", err, hindcast.Denied)
		}
	})
}
