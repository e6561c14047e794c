package write

import (
	"net/http"
	"strconv"
	"sync"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/collab"
)

// known are places in which people were found to write, by person and address. What
// a number stands for never changes, and so need not be read for every few letters.
type known struct {
	mu     sync.Mutex
	places map[string]collab.Place
}

// mostKnown is how many places are known at once; then they are found anew.
const mostKnown = 10_000

func (k *known) get(key string) (collab.Place, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	p, ok := k.places[key]
	return p, ok
}

func (k *known) put(key string, p collab.Place) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.places == nil || len(k.places) >= mostKnown {
		k.places = map[string]collab.Place{}
	}
	k.places[key] = p
}

// placeAgain returns the place that an address names, for what asks in its own
// transaction whether the viewer may still write there.
func (h *Handlers) placeAgain(r *http.Request, v hindcast.Viewer) (collab.Place, error) {
	key := v.PersonID + "/" + r.PathValue("num") + "/" + r.PathValue("key")
	if p, ok := h.known.get(key); ok {
		return p, nil
	}
	p, err := h.place(r, v)
	if err == nil && strconv.FormatInt(p.Num, 10) == r.PathValue("num") { // and not the number of a pager
		h.known.put(key, p)
	}
	return p, err
}
