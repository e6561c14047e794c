// Package write lets browsers write the prose of a post-mortem together: a script
// opens a section, pushes what was typed, and follows what others type by
// server-sent events. Without scripts a section is a form like every other part.
//
//	GET  /p/12/write/summary         {"version":7,"text":"…","client":"…"}
//	POST /p/12/write/summary         {"client":"…","version":7,"changes":[[4,[0,"very "],6]]}
//	                                 {"version":8}, or 409 with what the push lacks
//	GET  /p/12/write/summary/live    event: written  data: {"version":8,"steps":[…],"people":[…]}
//	POST /p/12/write/summary/cursor  {"client":"…","version":8,"anchor":4,"head":9}
//	POST /p/12/write/summary/rejoin  {"text":"…"}: what became of a text that is long gone
//	POST /p/12/write/summary/done    writes the document now
package write

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/collab"
	"github.com/hindcast/hindcast/internal/collab/change"
	"github.com/hindcast/hindcast/internal/web/answer"
	"github.com/hindcast/hindcast/internal/workflow"
)

// Config says what the handlers work with. All of it must be set.
type Config struct {
	Workflow *workflow.Service
	Collab   *collab.Service
	// Viewer says again who follows a stream: they may have signed out.
	Viewer func(*http.Request) (hindcast.Viewer, error)
}

// Handlers answer the script of the editor. They may be used by several goroutines
// at once.
type Handlers struct {
	Config
	known known
}

// Handler answers a request of somebody who is signed in, or says why not.
type Handler = func(http.ResponseWriter, *http.Request, hindcast.Viewer) error

// Pages returns the handlers by pattern.
func (h *Handlers) Pages() map[string]Handler {
	return map[string]Handler{
		"GET /p/{num}/write/{key}":         h.open,
		"POST /p/{num}/write/{key}":        h.push,
		"GET /p/{num}/write/{key}/live":    h.live,
		"POST /p/{num}/write/{key}/cursor": h.cursor,
		"POST /p/{num}/write/{key}/rejoin": h.rejoin,
		"POST /p/{num}/write/{key}/done":   h.done,
	}
}

// place returns the section that an address names, when the viewer may write in it.
func (h *Handlers) place(r *http.Request, v hindcast.Viewer) (collab.Place, error) {
	d, err := h.Workflow.Get(r.Context(), v, r.PathValue("num"))
	if err == nil {
		err = d.May(access.Write)
	}
	if err != nil {
		return collab.Place{}, err
	}
	return collab.Place{ID: d.ID, Num: d.Num, Key: r.PathValue("key")}, nil
}

// maxBody is the most bytes of a request: a text that is escaped throughout.
const maxBody = 4 << 20

// read reads what a script sent. Strings of JSON are checked where they become a
// change.
func read(w http.ResponseWriter, r *http.Request, into any) error {
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(into); err != nil {
		return hindcast.Errorf(hindcast.Invalid, "what was sent cannot be read: %w", err)
	}
	return nil
}

func (h *Handlers) open(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	p, err := h.place(r, v)
	if err != nil {
		return err
	}
	if !answer.Scripted(r) {
		return answer.Redirect(w, r, fmt.Sprintf("/p/%d?edit=sections/%s#sections/%s", p.Num, p.Key, p.Key))
	}
	o, err := h.Collab.Open(r.Context(), v, p)
	if err != nil {
		return err
	}
	return answer.JSON(w, map[string]any{"version": o.Version, "text": o.Text, "person": v.PersonID, "client": v.PersonID + ":" + strings.ToLower(rand.Text()[:12])})
}

// taken says which version a text has with what was pushed.
type taken struct {
	Version int64 `json:"version"`
}

// step is a step as the editor reads it.
type step struct {
	Client  string     `json:"client"`
	Changes change.Set `json:"changes"`
}

func stepsOf(list []collab.Step) []step {
	out := make([]step, len(list))
	for i, x := range list {
		out[i] = step{x.Client, x.Change}
	}
	return out
}

// push takes what was typed. A push that was made from an earlier version is
// answered with the steps since.
func (h *Handlers) push(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	p, err := h.placeAgain(r, v)
	if err != nil {
		return err
	}
	var sent struct {
		Client  string
		Version int64
		Changes []change.Set
	}
	if err := read(w, r, &sent); err != nil {
		return err
	}
	pushed, err := h.Collab.Push(r.Context(), v, p, collab.Push{Client: sent.Client, Version: sent.Version, Changes: sent.Changes})
	if err != nil {
		return err
	}
	if !pushed.Stale {
		return answer.JSON(w, taken{pushed.Version})
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusConflict)
	return json.NewEncoder(w).Encode(map[string]any{"from": sent.Version, "steps": stepsOf(pushed.Steps)})
}

func (h *Handlers) cursor(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	p, err := h.place(r, v)
	if err != nil {
		return err
	}
	var sent struct {
		Client       string
		Version      int64
		Anchor, Head int
	}
	if err := read(w, r, &sent); err != nil {
		return err
	}
	if err := h.Collab.Move(v, p, sent.Client, sent.Version, sent.Anchor, sent.Head); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// rejoin answers an editor that was away so long that the steps since are gone:
// with the change that makes the present text of the one that it had then.
func (h *Handlers) rejoin(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	p, err := h.place(r, v)
	if err != nil {
		return err
	}
	var sent struct{ Text string }
	if err := read(w, r, &sent); err != nil {
		return err
	}
	o, err := h.Collab.Open(r.Context(), v, p)
	if err != nil {
		return err
	}
	return answer.JSON(w, map[string]any{"version": o.Version, "changes": change.Between(change.Units(sent.Text), change.Units(o.Text))})
}

// done writes the document now, so that whoever leaves the editor reads there what
// they wrote. The revision can be taken back: it is told when nobody else wrote in
// it.
func (h *Handlers) done(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	p, err := h.place(r, v)
	if err != nil {
		return err
	}
	if err := h.Collab.Settle(r.Context(), p); err != nil {
		return err
	}
	d, err := h.Workflow.Get(r.Context(), v, p.ID)
	if err != nil {
		return err
	}
	revision, err := h.own(r.Context(), v, p)
	if err != nil {
		return err
	}
	return answer.JSON(w, map[string]any{"version": d.Version, "revision": revision})
}

// own returns the last revision when it is of a section and its viewer alone wrote
// it, else 0.
func (h *Handlers) own(ctx context.Context, v hindcast.Viewer, p collab.Place) (int64, error) {
	last, err := h.Workflow.Revisions(ctx, v, p.ID, "", 1)
	if err != nil || len(last.Items) == 0 || !slices.Equal(last.Items[0].Paths, []string{"sections/" + p.Key}) {
		return 0, err
	}
	n := last.Items[0].N
	writers, err := h.Collab.Writers(ctx, p.Num, []int64{n})
	if err != nil || !slices.Equal(writers[n], []string{v.PersonID}) {
		return 0, err
	}
	return n, nil
}

// How long a stream lives before its browser comes back, how often it is asked
// whether its reader may still write, and how long a reader may take to read.
const (
	life     = 10 * time.Minute
	again    = time.Second
	beat     = 15 * time.Second
	patience = 10 * time.Second
)

// live streams what others write, and where their cursors are.
func (h *Handlers) live(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	p, err := h.place(r, v)
	if err != nil {
		return err
	}
	version, err := strconv.ParseInt(r.URL.Query().Get("version"), 10, 64)
	if last, lastErr := strconv.ParseInt(r.Header.Get("Last-Event-ID"), 10, 64); lastErr == nil {
		version, err = last, nil
	}
	if err != nil {
		return hindcast.Errorf(hindcast.Invalid, "say from which version to follow")
	}
	f, err := h.Collab.Follow(r.Context(), v, p, r.URL.Query().Get("client"), version)
	if err != nil {
		return err
	}
	defer func() { f.Close(context.WithoutCancel(r.Context())) }()
	set := w.Header()
	set.Set("Content-Type", "text/event-stream")
	set.Set("Cache-Control", "no-store")
	set.Set("X-Accel-Buffering", "no") // nginx passes it on at once
	s := stream{w, http.NewResponseController(w)}
	if s.send("retry: 1000\n\n") == nil {
		h.follow(r, s, p, f)
	}
	return nil
}

// follow tells a reader what happens until they or their right to write have gone,
// the server stops, or the stream has lived long enough.
func (h *Handlers) follow(r *http.Request, s stream, p collab.Place, f *collab.Follower) {
	began := time.Now()
	asked, spoke := began, began
	for time.Since(began) < life {
		e, err := f.Next(r.Context(), again)
		switch {
		case hindcast.CodeOf(err) == hindcast.NotFound: // its steps are gone
			_ = s.send("event: rejoin\ndata: {}\n\n") // the stream ends in any case
			return
		case err != nil && hindcast.CodeOf(err) == hindcast.Unavailable, r.Context().Err() != nil:
			return
		case err != nil: // the database may be back at the next look
			time.Sleep(again)
		}
		if time.Since(asked) >= again {
			asked = time.Now()
			if why := h.gone(r, p); why != "" {
				data, _ := json.Marshal(map[string]string{"why": why}) // a string is always JSON
				_ = s.send(fmt.Sprintf("event: gone\ndata: %s\n\n", data))
				return
			}
		}
		switch {
		case len(e.Steps) > 0 || len(e.People) > 0:
			err = s.tell(e)
		case time.Since(spoke) >= beat:
			err = s.send(": still here\n\n")
		default:
			continue
		}
		if spoke = time.Now(); err != nil {
			return
		}
	}
}

// gone returns why somebody may not write any more; empty when they may, or nobody
// can say now.
func (h *Handlers) gone(r *http.Request, p collab.Place) string {
	v, err := h.Viewer(r)
	if err == nil {
		_, err = h.place(r, v)
	}
	switch hindcast.CodeOf(err) {
	case hindcast.NotFound, hindcast.Denied, hindcast.Conflict:
		return answer.Sentence(err.Error())
	}
	return ""
}

// person is a Person as the editor reads it.
type person struct {
	Client string `json:"client"`
	Name   string `json:"name"`
	Anchor int    `json:"anchor"`
	Head   int    `json:"head"`
	Gone   bool   `json:"gone,omitempty"`
}

// stream writes to one reader.
type stream struct {
	w    http.ResponseWriter
	conn *http.ResponseController
}

func (s stream) send(text string) error {
	_ = s.conn.SetWriteDeadline(time.Now().Add(patience)) // connections of tests have none
	if _, err := s.w.Write([]byte(text)); err != nil {
		return err
	}
	return s.conn.Flush()
}

func (s stream) tell(e collab.Event) error {
	people := make([]person, len(e.People))
	for i, x := range e.People {
		people[i] = person{x.Client, x.Name, x.Anchor, x.Head, x.Gone}
	}
	data, err := json.Marshal(map[string]any{"version": e.Version, "steps": stepsOf(e.Steps), "people": people})
	if err != nil {
		return err
	}
	return s.send(fmt.Sprintf("event: written\nid: %d\ndata: %s\n\n", e.Version, data))
}
