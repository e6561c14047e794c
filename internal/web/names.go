package web

import (
	"net/http"
	"sync"
	"time"

	"github.com/hindcast/hindcast"
)

// names are the names of people by id, read again after a while.
type names struct {
	mu   sync.Mutex
	at   time.Time
	list map[string]string
}

// namesFor is how long a changed name may go unnoticed.
const namesFor = 30 * time.Second

// name returns what a person is called.
func (h *Handler) name(r *http.Request, v hindcast.Viewer, id string) string {
	if id == v.PersonID {
		return v.Name
	}
	h.names.mu.Lock()
	defer h.names.mu.Unlock()
	now := h.Now()
	if h.names.list == nil || now.Sub(h.names.at) > namesFor || h.names.list[id] == "" {
		people, err := h.Auth.People(r.Context(), v)
		if err != nil {
			return "somebody"
		}
		if h.names.list == nil || now.Sub(h.names.at) > namesFor {
			h.names.list, h.names.at = map[string]string{}, now // else keep who left
		}
		for _, p := range people {
			h.names.list[p.ID] = p.Name
		}
		if h.names.list[id] == "" {
			h.names.list[id] = "somebody who left"
		}
	}
	return h.names.list[id]
}
