// Package kubernetestest is a cluster for tests: its API server lists events in pages
// and lets them be watched, as the published protocol has it. Lists go on with tokens
// that expire, watches tell a step a line in an answer that does not end, with
// bookmarks, and with an ERROR of 410 when they begin at a version that is forgotten.
package kubernetestest

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Cluster is one. The zero value has no events, and accepts every token.
type Cluster struct {
	mu       sync.Mutex
	version  int
	objects  map[string]map[string]any // events by uid, as they are
	steps    []step                    // what happened, in order
	oldest   int                       // the version before which all is forgotten
	token    string
	drops    int // how often all connections were ended
	marks    int // how often bookmarks were sent
	more     chan struct{}
	asked    []string
	forbids  map[string]bool // paths
	versions map[string]bool // uid/version of every event that ever was

	// Workloads are what /apis/apps/v1 lists, by the last part of the path.
	Workloads map[string][]map[string]any
	// Answering, when not nil, is told before every answer, and may keep it waiting.
	Answering func(r *http.Request)
}

type step struct {
	version int
	kind    string
	object  json.RawMessage
	ns      string
}

// change lets f change what there is, and tells those who watch.
func (c *Cluster) change(f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.objects == nil {
		c.objects, c.versions, c.forbids = map[string]map[string]any{}, map[string]bool{}, map[string]bool{}
	}
	f()
	if c.more != nil {
		close(c.more)
	}
	c.more = make(chan struct{})
}

// Happen makes an event about a pod, and returns its uid.
func (c *Cluster) Happen(ns, pod, reason, message string, at time.Time) (uid string) {
	c.change(func() {
		uid = fmt.Sprintf("uid-%d", c.version+1)
		stamp := at.UTC().Format(time.RFC3339)
		c.put("ADDED", map[string]any{
			"metadata":       map[string]any{"name": pod + "." + uid, "namespace": ns, "uid": uid, "creationTimestamp": stamp, "managedFields": []any{map[string]any{"manager": "kubelet"}}},
			"involvedObject": map[string]any{"kind": "Pod", "namespace": ns, "name": pod}, "reason": reason, "message": message, "type": "Warning",
			"source": map[string]any{"component": "kubelet"}, "firstTimestamp": stamp, "lastTimestamp": stamp, "count": 1, "eventTime": nil,
		})
	})
	return uid
}

// Again has an event happen once more.
func (c *Cluster) Again(uid string, at time.Time) {
	c.change(func() {
		o := maps.Clone(c.objects[uid])
		o["metadata"] = maps.Clone(o["metadata"].(map[string]any))
		o["count"], o["lastTimestamp"] = o["count"].(int)+1, at.UTC().Format(time.RFC3339)
		c.put("MODIFIED", o)
	})
}

// put keeps an object under a new version.
func (c *Cluster) put(kind string, o map[string]any) {
	c.version++
	meta := o["metadata"].(map[string]any)
	meta["resourceVersion"] = strconv.Itoa(c.version)
	uid := meta["uid"].(string)
	c.objects[uid] = o
	c.versions[uid+"/"+strconv.Itoa(c.version)] = true
	c.steps = append(c.steps, step{c.version, kind, watched(o), meta["namespace"].(string)})
}

// watched is an object as a watch tells it: with its kind.
func watched(o map[string]any) json.RawMessage {
	o = maps.Clone(o)
	o["apiVersion"], o["kind"] = "v1", "Event"
	return raw(o)
}

func raw(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // it is ours
	}
	return b
}

// Forget deletes an event, as a cluster does after an hour.
func (c *Cluster) Forget(uid string) {
	c.change(func() {
		o := maps.Clone(c.objects[uid])
		c.version++
		c.steps = append(c.steps, step{c.version, "DELETED", watched(o), o["metadata"].(map[string]any)["namespace"].(string)})
		delete(c.objects, uid)
	})
}

// Compact forgets all steps: who watches or lists from before is told 410.
func (c *Cluster) Compact() {
	c.change(func() {
		c.version++
		c.oldest, c.steps = c.version, nil
	})
}

// Bookmark tells those who watch how far they are.
func (c *Cluster) Bookmark() { c.change(func() { c.version++; c.marks++ }) }

// Drop ends every connection in the middle of a line.
func (c *Cluster) Drop() { c.change(func() { c.drops++ }) }

// Accept has only one token be accepted from now on.
func (c *Cluster) Accept(token string) { c.change(func() { c.token = token }) }

// Forbid has what is below a path be answered with 403.
func (c *Cluster) Forbid(path string) { c.change(func() { c.forbids[path] = true }) }

// Versions returns every version of every event that ever was, as uid/version, in order.
func (c *Cluster) Versions() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Sorted(maps.Keys(c.versions))
}

// Asked returns the requests so far.
func (c *Cluster) Asked() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.asked)
}

// ServeHTTP answers as an API server.
func (c *Cluster) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if c.Answering != nil {
		c.Answering(r)
	}
	c.mu.Lock()
	c.asked = append(c.asked, r.URL.RequestURI())
	refused := c.token != "" && r.Header.Get("Authorization") != "Bearer "+c.token
	forbidden := false
	for path := range c.forbids {
		forbidden = forbidden || strings.HasPrefix(r.URL.Path, path)
	}
	c.mu.Unlock()
	parts := strings.Split(strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, "/apis"), "/api"), "/")
	kind, ns := parts[len(parts)-1], ""
	if len(parts) > 3 && parts[len(parts)-3] == "namespaces" {
		ns = parts[len(parts)-2]
	}
	switch {
	case refused:
		fail(w, http.StatusUnauthorized, "Unauthorized")
	case forbidden:
		fail(w, http.StatusForbidden, "Forbidden")
	case kind == "events" && r.URL.Query().Get("watch") == "true":
		c.watch(w, r, ns)
	case kind == "events":
		c.list(w, r, ns)
	case c.Workloads[kind] != nil:
		_, _ = w.Write(raw(map[string]any{"kind": strings.ToUpper(kind[:1]) + kind[1:] + "List", "metadata": map[string]any{"resourceVersion": "1"}, "items": c.Workloads[kind]}))
	default:
		_, _ = w.Write(raw(map[string]any{"kind": "NothingList", "metadata": map[string]any{"resourceVersion": "1"}, "items": []any{}}))
	}
}

// status is an answer that says what went wrong.
func status(code int, reason string) map[string]any {
	return map[string]any{"kind": "Status", "apiVersion": "v1", "metadata": map[string]any{}, "status": "Failure", "message": reason, "reason": reason, "code": code}
}

func fail(w http.ResponseWriter, code int, reason string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_, _ = w.Write(raw(status(code, reason)))
}

// list answers with a page, in the order of the uids.
func (c *Cluster) list(w http.ResponseWriter, r *http.Request, ns string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	version, from := c.version, ""
	if token := r.URL.Query().Get("continue"); token != "" {
		text, err := base64.RawURLEncoding.DecodeString(token)
		digits, uid, _ := strings.Cut(string(text), "/")
		n, _ := strconv.Atoi(digits)
		if err != nil || n < c.oldest {
			fail(w, http.StatusGone, "Expired")
			return
		}
		version, from = n, uid
	}
	limit, err := strconv.Atoi(r.URL.Query().Get("limit"))
	if err != nil {
		limit = len(c.objects)
	}
	items, left, last := []any{}, 0, ""
	for _, uid := range slices.Sorted(maps.Keys(c.objects)) {
		o := c.objects[uid]
		if uid <= from || ns != "" && o["metadata"].(map[string]any)["namespace"] != ns {
			continue
		}
		if len(items) == limit {
			left++
			continue
		}
		items, last = append(items, o), uid
	}
	meta := map[string]any{"resourceVersion": strconv.Itoa(version)}
	if left > 0 {
		meta["remainingItemCount"], meta["continue"] = left, base64.RawURLEncoding.EncodeToString([]byte(strconv.Itoa(version)+"/"+last))
	}
	_, _ = w.Write(raw(map[string]any{"kind": "EventList", "apiVersion": "v1", "metadata": meta, "items": items}))
}

// watch tells what happened since a version, and goes on telling.
func (c *Cluster) watch(w http.ResponseWriter, r *http.Request, ns string) {
	at, err := strconv.Atoi(r.URL.Query().Get("resourceVersion"))
	if err != nil {
		fail(w, http.StatusBadRequest, "BadRequest")
		return
	}
	c.mu.Lock()
	drops, marks := c.drops, c.marks
	c.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusOK)
	for {
		c.mu.Lock()
		var lines []map[string]any
		if at < c.oldest {
			lines = append(lines, map[string]any{"type": "ERROR", "object": status(http.StatusGone, "Expired")})
		}
		for _, s := range c.steps {
			if s.version > at && (ns == "" || s.ns == ns) {
				lines = append(lines, map[string]any{"type": s.kind, "object": s.object})
			}
		}
		gone := at < c.oldest
		at = c.version
		if c.marks > marks {
			marks = c.marks
			lines = append(lines, map[string]any{"type": "BOOKMARK", "object": map[string]any{"kind": "Event", "apiVersion": "v1", "metadata": map[string]any{"resourceVersion": strconv.Itoa(at)}}})
		}
		dropped, more := c.drops > drops, c.more
		c.mu.Unlock()
		if dropped {
			_, _ = w.Write([]byte(`{"type":"ADDED","object":{"metadata":{"uid":"torn"`))
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		}
		for _, l := range lines {
			_, _ = w.Write(append(raw(l), '\n'))
		}
		if err := http.NewResponseController(w).Flush(); err != nil || gone {
			return
		}
		if more == nil {
			c.change(func() {})
			continue
		}
		select {
		case <-more:
		case <-r.Context().Done():
			return
		}
	}
}
