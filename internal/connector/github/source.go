package github

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// perPage is how many records are asked for at a time; GitHub gives no more.
const perPage = 100

// cursor is where fetching goes on: a page of the deployments, the statuses of
// the deployments of that page and of their commits that are still to be fetched, or a
// page of the workflow runs.
type cursor struct {
	list    string // deployments, statuses, runs
	page    int
	ids     []string // of deployments
	commits []string // that they brought
	more    bool     // there are more pages of deployments
}

func (c cursor) String() string {
	if c.list != "statuses" {
		return fmt.Sprintf("%s:%d", c.list, c.page)
	}
	return fmt.Sprintf("%s:%d:%t:%s:%s", c.list, c.page, c.more, strings.Join(c.ids, ","), strings.Join(c.commits, ","))
}

// commit is the hash of a commit.
var commit = lazyregexp.New(`^[0-9a-f]{40,64}$`)

// position reads a Next.
func position(after string) (cursor, error) {
	if after == "" {
		return cursor{list: "deployments", page: 1}, nil
	}
	bad := hindcast.Errorf(hindcast.Invalid, "fetch from GitHub: there is no page %q; begin anew", after)
	parts := strings.Split(after, ":")
	if len(parts) < 2 {
		return cursor{}, bad
	}
	n, err := strconv.Atoi(parts[1])
	c := cursor{list: parts[0], page: n}
	switch {
	case err != nil || n < 1:
		return cursor{}, bad
	case len(parts) == 2 && (c.list == "deployments" || c.list == "runs"):
		return c, nil
	case len(parts) == 5 && c.list == "statuses":
		c.more, c.ids, c.commits = parts[2] == "true", listed(parts[3]), listed(parts[4])
		digits := func(id string) bool { _, err := strconv.ParseInt(id, 10, 64); return err == nil }
		if slices.ContainsFunc(c.ids, func(id string) bool { return !digits(id) }) || slices.ContainsFunc(c.commits, func(sha string) bool { return !commit.MatchString(sha) }) || len(c.ids)+len(c.commits) == 0 {
			return cursor{}, bad
		}
		return c, nil
	}
	return cursor{}, bad
}

// listed reads what commas separate; nothing of an empty text.
func listed(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' })
}

// Fetch returns one answer of GitHub: deployments that were made within the window,
// the statuses of each and of the commit that it brought, and the workflow runs that
// were made within it. Deployments and runs come
// newest first, so that those made since are paged through (the API searches
// deployments by no time). A query is the environment of the deployments.
func (r *Repository) Fetch(ctx context.Context, w connector.Window, after string) (connector.Batch, error) {
	c, err := position(after)
	if err != nil {
		return connector.Batch{}, err
	}
	switch c.list {
	case "deployments":
		return r.deployments(ctx, w, c)
	case "statuses":
		if len(c.ids) == 0 {
			return r.ofCommit(ctx, c)
		}
		return r.statuses(ctx, c)
	}
	return r.runs(ctx, w, c)
}

func (r *Repository) deployments(ctx context.Context, w connector.Window, c cursor) (connector.Batch, error) {
	query := url.Values{"per_page": {strconv.Itoa(perPage)}, "page": {strconv.Itoa(c.page)}}
	if w.Query != "" {
		query.Set("environment", w.Query)
	}
	var list []struct {
		ID        int64     `json:"id"`
		SHA       string    `json:"sha"`
		CreatedAt time.Time `json:"created_at"`
	}
	b, err := r.fetch(ctx, "/deployments", query, fmt.Sprintf("deployments-%d.json", c.page), &list)
	if err != nil {
		return b, err
	}
	next := cursor{list: "statuses", page: c.page, more: len(list) == perPage}
	for _, d := range list {
		if !d.CreatedAt.Before(w.From) && !d.CreatedAt.After(w.To) {
			next.ids = append(next.ids, strconv.FormatInt(d.ID, 10))
			if commit.MatchString(d.SHA) && !slices.Contains(next.commits, d.SHA) {
				next.commits = append(next.commits, d.SHA)
			}
		}
		next.more = next.more && !d.CreatedAt.Before(w.From)
	}
	if len(next.ids) == 0 {
		b.Files = nil
	}
	b.Next = next.rest().String()
	return b, nil
}

// rest returns c, or where to go on when there are no statuses left.
func (c cursor) rest() cursor {
	switch {
	case len(c.ids)+len(c.commits) > 0:
		return c
	case c.more:
		return cursor{list: "deployments", page: c.page + 1}
	}
	return cursor{list: "runs", page: 1}
}

func (r *Repository) statuses(ctx context.Context, c cursor) (connector.Batch, error) {
	b, err := r.fetch(ctx, "/deployments/"+c.ids[0]+"/statuses", url.Values{"per_page": {strconv.Itoa(perPage)}}, "deployment-"+c.ids[0]+"-statuses.json", &[]json.RawMessage{})
	c.ids = c.ids[1:]
	b.Next = c.rest().String()
	return b, err
}

// ofCommit fetches what other systems said of a commit, the last of which come first.
// A token from before it was asked for that may not do so is no reason to go without
// all else: the batch says that it is missing.
func (r *Repository) ofCommit(ctx context.Context, c cursor) (connector.Batch, error) {
	sha := c.commits[0]
	b, err := r.fetch(ctx, "/commits/"+sha+"/statuses", url.Values{"per_page": {strconv.Itoa(perPage)}}, "commit-"+sha[:12]+"-statuses.json", &[]json.RawMessage{})
	switch hindcast.CodeOf(err) {
	case hindcast.Denied, hindcast.NotFound:
		c.commits = nil
		b, err = connector.Batch{Notes: []string{"the statuses of commits, which the token may not read; give it the right Commit statuses: read"}}, nil
	default:
		c.commits = c.commits[1:]
	}
	b.Next = c.rest().String()
	return b, err
}

func (r *Repository) runs(ctx context.Context, w connector.Window, c cursor) (connector.Batch, error) {
	var answer struct {
		Runs *[]struct {
			CreatedAt time.Time `json:"created_at"`
		} `json:"workflow_runs"`
	}
	query := url.Values{"per_page": {strconv.Itoa(perPage)}, "page": {strconv.Itoa(c.page)}}
	b, err := r.fetch(ctx, "/actions/runs", query, fmt.Sprintf("workflow-runs-%d.json", c.page), &answer)
	if err != nil {
		return b, err
	}
	if answer.Runs == nil {
		return connector.Batch{}, hindcast.Errorf(hindcast.Unavailable, "fetch workflow runs from GitHub: the answer has no workflow_runs; look whether the address is that of its API")
	}
	wanted, more := false, len(*answer.Runs) == perPage
	for _, run := range *answer.Runs {
		wanted = wanted || !run.CreatedAt.Before(w.From) && !run.CreatedAt.After(w.To)
		more = more && !run.CreatedAt.Before(w.From)
	}
	if !wanted {
		b.Files = nil
	}
	if more {
		b.Next = cursor{list: "runs", page: c.page + 1}.String()
	}
	return b, nil
}

// fetch asks for one page and returns it as a file; v is what is looked at here.
func (r *Repository) fetch(ctx context.Context, path string, query url.Values, file string, v any) (connector.Batch, error) {
	res, err := r.do(ctx, http.MethodGet, path+"?"+query.Encode(), nil, v)
	if err != nil {
		return connector.Batch{}, fmt.Errorf("fetch %s from GitHub: %w", file, err)
	}
	return connector.Batch{Files: []connector.File{{Name: file, Body: res.Body, Source: "GitHub " + r.name + path, FetchedAt: r.deps.Now()}}}, nil
}
