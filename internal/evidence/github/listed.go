package github

import (
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

// isListed reports whether a record is a pull request or an issue of gh --json with
// at least its number, its title and a time.
func isListed(f jsonrec.Fields) bool {
	return f.Has("number", "title") && f.Any("createdAt", "mergedAt", "closedAt") && f.Any("mergedAt", "headRefName", "mergeCommit", "author.login", "author.is_bot")
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
