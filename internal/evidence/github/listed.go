package github

import (
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
)

// ghUser is a user as gh --json writes one.
type ghUser struct {
	Login string `json:"login"`
	Bot   bool   `json:"is_bot"`
}

func (u ghUser) user() user {
	if u.Bot {
		return user{Login: u.Login, Type: "Bot"}
	}
	return user{Login: u.Login}
}

// isListed reports whether a record is one of gh --json: a pull request or an issue
// with at least its number, its title and a time, a release, or the jobs of a run.
func isListed(f jsonrec.Fields) bool {
	return f.Has("tagName", "publishedAt") || f.Has("jobs.databaseId", "jobs.startedAt", "jobs.name") || f.Has("number", "title") && f.Any("createdAt", "mergedAt", "closedAt") && f.Any("mergedAt", "headRefName", "mergeCommit", "author.login", "author.is_bot")
}

// listed reads what gh pr list --json or gh issue list --json tells of one.
func (rd *reading) listed(ref hindcast.Ref, rec jsonrec.Record) {
	var l struct {
		Number   jsonrec.Scalar `json:"number"`
		Title    string         `json:"title"`
		Body     string         `json:"body"`
		URL      string         `json:"url"`
		Base     string         `json:"baseRefName"`
		Head     string         `json:"headRefName"`
		Created  string         `json:"createdAt"`
		Closed   string         `json:"closedAt"`
		Merged   string         `json:"mergedAt"`
		Author   ghUser         `json:"author"`
		MergedBy ghUser         `json:"mergedBy"`
		Commit   struct {
			OID string `json:"oid"`
		} `json:"mergeCommit"`
	}
	if !rec.Decode(&l, rd.sink) {
		return
	}
	_, merges := rec.Member("mergedAt")
	p := pullRequest{
		Number: l.Number, Title: l.Title, Body: l.Body, URL: l.URL, User: l.Author.user(), MergedBy: l.MergedBy.user(), MergedAt: l.Merged, CreatedAt: l.Created, UpdatedAt: l.Closed, MergeSHA: l.Commit.OID,
	}
	p.Base.Ref = l.Base
	action := ""
	if l.Created == "" && l.Merged == "" {
		action = "closed"
	}
	if merges || l.Head != "" || l.Merged != "" {
		rd.pullRequest(ref, p, repository{}, action)
		return
	}
	i := issue{ID: l.Number, Number: l.Number, Title: l.Title, Body: l.Body, URL: l.URL, User: p.User, CreatedAt: l.Created, UpdatedAt: l.Closed}
	rd.opened(ref, i, repository{}, action)
}

// listedRelease reads a release of gh release list --json.
func (rd *reading) listedRelease(ref hindcast.Ref, rec jsonrec.Record) {
	var l struct {
		Tag       string `json:"tagName"`
		Name      string `json:"name"`
		Draft     bool   `json:"isDraft"`
		Created   string `json:"createdAt"`
		Published string `json:"publishedAt"`
		URL       string `json:"url"`
		Author    ghUser `json:"author"`
	}
	if rec.Decode(&l, rd.sink) {
		rd.published(ref, release{Tag: l.Tag, Name: l.Name, Draft: l.Draft, CreatedAt: l.Created, PublishedAt: l.Published, URL: l.URL, Author: l.Author.user()}, repository{})
	}
}

// listedJob reads a job of gh run view --json jobs.
func (rd *reading) listedJob(ref hindcast.Ref, rec jsonrec.Record) {
	var l struct {
		ID         jsonrec.Scalar `json:"databaseId"`
		Name       string         `json:"name"`
		Status     string         `json:"status"`
		Conclusion string         `json:"conclusion"`
		Started    string         `json:"startedAt"`
		Completed  string         `json:"completedAt"`
		URL        string         `json:"url"`
	}
	if !rec.Decode(&l, rd.sink) || l.Started == "" {
		return
	}
	j := job{ID: l.ID, RunURL: l.URL, URL: l.URL, Name: l.Name, Status: l.Status, Conclusion: l.Conclusion, StartedAt: l.Started, CompletedAt: l.Completed}
	if _, after, ok := strings.Cut(l.URL, "/actions/runs/"); ok {
		run, _, _ := strings.Cut(after, "/")
		j.RunID = jsonrec.Scalar(run)
	}
	rd.jobDone(ref, j, repository{})
}
