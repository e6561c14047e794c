package builds

import (
	"cmp"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
)

func isHeroku(at string, f jsonrec.Fields) bool {
	return f.Has(at+"app.name", at+"created_at", at+"description", at+"version", at+"user.email")
}

// heroku reads a release of Heroku, which is a deploy, a rollback or a change of what
// the app is set to.
func (rd *reading) heroku(rec jsonrec.Record) {
	var h struct {
		ID      string         `json:"id"`
		App     named          `json:"app"`
		Created string         `json:"created_at"`
		Updated string         `json:"updated_at"`
		About   string         `json:"description"`
		Status  string         `json:"status"`
		Version jsonrec.Scalar `json:"version"`
		User    struct {
			Email string `json:"email"`
		} `json:"user"`
	}
	if !rec.Decode(&h, rd.sink) {
		return
	}
	verb, _, _ := strings.Cut(h.About, " ")
	if verb != "Deploy" && verb != "Promote" && verb != "Rollback" && verb != "Build" { // "Set LIMIT config vars"
		rd.Write(rec.Ref(), h.Created, hindcast.Event{
			Kind: hindcast.ConfigChange, ID: "heroku:" + h.ID, Subject: "deploy:heroku:" + h.ID, Actor: rd.words.Actor(h.User.Email), Service: h.App.Name, Status: h.Status, Title: h.About,
			Attrs: map[string]string{"by": h.User.Email, "version": "v" + string(h.Version)},
		})
		return
	}
	rd.write(rec.Ref(), run{
		id: "heroku:" + h.ID, name: "release of " + h.App.Name, title: h.About, service: h.App.Name, version: "v" + string(h.Version), by: h.User.Email, status: h.Status,
		started: h.Created, ended: h.Updated, deploys: true,
	})
}

func isVercel(at string, f jsonrec.Fields) bool {
	return f.Has(at+"uid", at+"name", at+"created") && f.Any(at+"state", at+"readyState") && f.Any(at+"target", at+"creator.username", at+"ready")
}

// vercel reads a deployment of Vercel. One to no target is a preview.
func (rd *reading) vercel(rec jsonrec.Record) {
	var v struct {
		ID      string         `json:"uid"`
		Name    string         `json:"name"`
		State   string         `json:"state"`
		Ready   string         `json:"readyState"`
		Target  jsonrec.Scalar `json:"target"`
		URL     string         `json:"url"`
		Created jsonrec.Scalar `json:"created"`
		Done    jsonrec.Scalar `json:"ready"`
		Creator struct {
			Username string `json:"username"`
		} `json:"creator"`
		Meta map[string]jsonrec.Scalar `json:"meta"`
	}
	if !rec.Decode(&v, rd.sink) {
		return
	}
	env := cmp.Or(string(v.Target), "preview")
	rd.write(rec.Ref(), run{
		id: "vercel:" + v.ID, name: "deploy " + v.Name + " to " + env, title: string(v.Meta["githubCommitMessage"]), service: v.Name, sha: string(cmp.Or(v.Meta["githubCommitSha"], v.Meta["gitlabCommitSha"])),
		env: env, by: v.Creator.Username, status: cmp.Or(v.State, v.Ready), url: address(v.URL), started: string(v.Created), ended: string(v.Done), deploys: true,
	})
}

// address is an address with its scheme.
func address(host string) string {
	if host == "" || strings.Contains(host, "://") {
		return host
	}
	return "https://" + host
}
