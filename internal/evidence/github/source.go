package github

import (
	"cmp"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
)

// signature is who wrote or committed something, and when.
type signature struct {
	Name     string `json:"name"`
	Username string `json:"username"`
	Date     string `json:"date"`
}

// commit is a commit of the REST API, or of a push.
type commit struct {
	SHA       string    `json:"sha"`
	ID        string    `json:"id"`
	Message   string    `json:"message"`
	Timestamp string    `json:"timestamp"`
	URL       string    `json:"html_url"`
	API       string    `json:"url"`
	Author    signature `json:"author"`
	Commit    struct {
		Message   string    `json:"message"`
		Author    signature `json:"author"`
		Committer signature `json:"committer"`
	} `json:"commit"`
}

// commit writes a commit, of the REST API or of a push.
func (rd *reading) commit(rec jsonrec.Record, repo repository, branch string) {
	var c commit
	if !rec.Decode(&c, rd.sink) {
		return
	}
	sha, message := cmp.Or(c.SHA, c.ID), cmp.Or(c.Commit.Message, c.Message)
	title, _, _ := strings.Cut(message, "\n")
	rd.Write(rec.Ref(), cmp.Or(c.Commit.Committer.Date, c.Commit.Author.Date, c.Timestamp), hindcast.Event{
		Kind: hindcast.Commit, ID: "git:" + sha, Subject: "commit:" + sha, Actor: rd.words.Actor(cmp.Or(c.Commit.Author.Name, c.Author.Name, c.Author.Username, "unknown")),
		Service: rd.service(repo, c.API), Version: short(sha), Title: title, Text: message, Links: fact.Present(cmp.Or(c.URL, c.API)),
		Attrs: map[string]string{"sha": sha, "branch": branch},
	})
}

// push is what is read of a push.
type push struct {
	Ref     string `json:"ref"`
	After   string `json:"after"`
	Compare string `json:"compare"`
	Deleted bool   `json:"deleted"`
	Pusher  user   `json:"pusher"`
	Head    struct {
		Timestamp string `json:"timestamp"`
	} `json:"head_commit"`
}

// push writes the commits of a push; one without any moved a branch or a tag.
func (rd *reading) push(rec jsonrec.Record, repo repository) {
	var p push
	if !rec.Decode(&p, rd.sink) {
		return
	}
	name := strings.TrimPrefix(strings.TrimPrefix(p.Ref, "refs/heads/"), "refs/tags/")
	list, _ := rec.Member("commits")
	commits := list.Elements()
	for _, c := range commits {
		rd.commit(c, repo, name)
	}
	if len(commits) > 0 {
		return
	}
	verb := "pushed "
	if p.Deleted {
		verb = "deleted "
	}
	what := "branch "
	if strings.HasPrefix(p.Ref, "refs/tags/") {
		what = "tag "
	}
	rd.Write(rec.Ref(), cmp.Or(string(repo.PushedAt), p.Head.Timestamp), hindcast.Event{
		Kind: hindcast.Record, Actor: rd.actor(p.Pusher), Service: repo.Name, Version: rd.versionOf(p.Ref, p.After, ""), Title: verb + what + name, Links: fact.Present(p.Compare),
	})
}

// pullRequest is what is read of a pull request.
type pullRequest struct {
	Number    jsonrec.Scalar `json:"number"`
	Title     string         `json:"title"`
	Body      string         `json:"body"`
	State     string         `json:"state"`
	URL       string         `json:"html_url"`
	API       string         `json:"url"`
	User      user           `json:"user"`
	MergedBy  user           `json:"merged_by"`
	MergedAt  string         `json:"merged_at"`
	CreatedAt string         `json:"created_at"`
	UpdatedAt string         `json:"updated_at"`
	MergeSHA  string         `json:"merge_commit_sha"`
	Base      struct {
		Ref string `json:"ref"`
	} `json:"base"`
}

// pull writes a pull request: a commit when it was merged, else a record.
func (rd *reading) pull(ref hindcast.Ref, rec jsonrec.Record, repo repository, action string) {
	var p pullRequest
	if rec.Decode(&p, rd.sink) {
		rd.pullRequest(ref, p, repo, action)
	}
}

// pullRequest writes what was done to a pull request, without an action that it was
// opened: its state of now came later.
func (rd *reading) pullRequest(ref hindcast.Ref, p pullRequest, repo repository, action string) {
	done := cmp.Or(action, "opened")
	e := hindcast.Event{
		Kind: hindcast.Record, Subject: "pull:" + string(p.Number), Actor: rd.actor(p.User), Service: rd.service(repo, p.API, p.URL), Status: done,
		Title: "pull request #" + string(p.Number) + " " + done + ": " + p.Title, Text: p.Body, Links: fact.Present(p.URL),
		Attrs: map[string]string{"number": string(p.Number), "branch": p.Base.Ref},
	}
	at := p.CreatedAt
	switch {
	case p.MergedAt != "":
		e.Kind, e.Status, e.Actor = hindcast.Commit, "merged", rd.actor(cmp.Or(p.MergedBy, p.User))
		if p.MergeSHA != "" {
			e.ID = "git:" + p.MergeSHA
		}
		e.Title, e.Version, e.Attrs["sha"] = "merged #"+string(p.Number)+": "+p.Title, short(p.MergeSHA), p.MergeSHA
		at = p.MergedAt
	case action != "" && action != "opened":
		at = p.UpdatedAt
	}
	rd.Write(ref, at, e)
}

// release is what is read of a release.
type release struct {
	ID          jsonrec.Scalar `json:"id"`
	Tag         string         `json:"tag_name"`
	Name        string         `json:"name"`
	Body        string         `json:"body"`
	Draft       bool           `json:"draft"`
	CreatedAt   string         `json:"created_at"`
	PublishedAt string         `json:"published_at"`
	URL         string         `json:"html_url"`
	API         string         `json:"url"`
	Author      user           `json:"author"`
}

// release writes that a version was published; that it goes out somewhere is
// for a deployment to say.
func (rd *reading) release(ref hindcast.Ref, rec jsonrec.Record, repo repository) {
	var r release
	if rec.Decode(&r, rd.sink) {
		rd.published(ref, r, repo)
	}
}

func (rd *reading) published(ref hindcast.Ref, r release, repo repository) {
	id := string(cmp.Or(r.ID, jsonrec.Scalar(r.Tag)))
	e := hindcast.Event{
		Kind: hindcast.DeployStep, ID: "github:release:" + id, Subject: "release:" + id, Actor: rd.actor(r.Author), Service: rd.service(repo, r.API, r.URL),
		Version: r.Tag, Status: "published", Text: r.Body, Links: fact.Present(r.URL), Attrs: map[string]string{"stage": "release", "name": r.Name},
	}
	if r.Draft {
		e.Status = "draft"
	}
	e.Title = "release " + e.Service + " " + r.Tag + " " + e.Status
	rd.Write(ref, cmp.Or(r.PublishedAt, r.CreatedAt), e)
}

// issue is what is read of an issue.
type issue struct {
	ID        jsonrec.Scalar `json:"id"`
	Number    jsonrec.Scalar `json:"number"`
	Title     string         `json:"title"`
	Body      string         `json:"body"`
	State     string         `json:"state"`
	URL       string         `json:"html_url"`
	API       string         `json:"url"`
	User      user           `json:"user"`
	CreatedAt string         `json:"created_at"`
	UpdatedAt string         `json:"updated_at"`
}

// issue writes that an issue was opened and, when it was, closed.
func (rd *reading) issue(ref hindcast.Ref, rec jsonrec.Record, repo repository, action string) {
	var i issue
	if rec.Decode(&i, rd.sink) {
		rd.opened(ref, i, repo, action)
	}
}

// opened writes what was done to an issue, without an action that it was opened.
func (rd *reading) opened(ref hindcast.Ref, i issue, repo repository, action string) {
	done := cmp.Or(action, "opened")
	at := i.CreatedAt
	if done != "opened" {
		at = cmp.Or(i.UpdatedAt, at)
	}
	rd.Write(ref, at, hindcast.Event{
		Kind: hindcast.Record, ID: "github:issue:" + string(i.ID) + "/" + done, Subject: "issue:" + string(i.Number), Actor: rd.actor(i.User), Service: rd.service(repo, i.API, i.URL),
		Status: done, Title: "issue #" + string(i.Number) + " " + done + ": " + i.Title, Text: i.Body, Links: fact.Present(i.URL), Attrs: map[string]string{"number": string(i.Number)},
	})
}

// comment writes what somebody wrote below an issue.
func (rd *reading) comment(ref hindcast.Ref, rec jsonrec.Record, repo repository) {
	var c struct {
		ID        jsonrec.Scalar `json:"id"`
		Body      string         `json:"body"`
		URL       string         `json:"html_url"`
		User      user           `json:"user"`
		CreatedAt string         `json:"created_at"`
	}
	if !rec.Decode(&c, rd.sink) {
		return
	}
	rd.Write(ref, c.CreatedAt, hindcast.Event{
		Kind: hindcast.Record, ID: "github:comment:" + string(c.ID), Actor: rd.actor(c.User), Service: repo.Name, Title: c.Body, Text: c.Body, Links: fact.Present(c.URL),
	})
}
