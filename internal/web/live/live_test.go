package live_test

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/web/live"
)

// page is a document that readers follow.
type page struct {
	*httptest.Server
	hub     *live.Hub
	version atomic.Int64
	beside  atomic.Int64
	gone    atomic.Bool
	refused chan error
}

func start(t *testing.T, c live.Config) *page {
	c.Every = time.Millisecond
	p := &page{hub: live.New(c), refused: make(chan error, 10)}
	p.version.Store(5)
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := p.hub.Serve(w, r, live.Source{Person: r.URL.Query().Get("who"),
			Version: func(context.Context) (int64, error) {
				if p.gone.Load() {
					return 0, hindcast.Errorf(hindcast.NotFound, "it is not yours")
				}
				return p.version.Load(), nil
			},
			Tell:   func(_ context.Context, n int64) (any, error) { return map[string]int64{"version": n}, nil },
			Beside: func(context.Context) (int64, error) { return p.beside.Load(), nil },
		})
		if err != nil {
			p.refused <- err
		}
	}))
	t.Cleanup(func() { p.hub.Close(); p.Close() })
	return p
}

// follow returns the lines of a stream, which is closed when it ends.
func (p *page) follow(t *testing.T, query, last string) <-chan string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.URL+"?"+query, nil)
	if err != nil {
		t.Fatal(err)
	}
	if last != "" {
		r.Header.Set("Last-Event-ID", last)
	}
	lines := make(chan string, 100)
	go func() {
		defer close(lines)
		res, err := p.Client().Do(r)
		if err != nil {
			return
		}
		defer func() { _ = res.Body.Close() }() // read to its end
		for s := bufio.NewScanner(res.Body); s.Scan(); {
			lines <- s.Text()
		}
	}()
	return lines
}

// until reads lines up to one that begins with want.
func until(t *testing.T, lines <-chan string, want string) {
	t.Helper()
	for line := range lines {
		if strings.HasPrefix(line, want) {
			return
		}
	}
	t.Fatalf("the stream ended before %q", want)
}

func ended(t *testing.T, lines <-chan string) {
	t.Helper()
	for line := range lines {
		if strings.HasPrefix(line, "event: version") {
			t.Errorf("the stream says %q at its end", line)
		}
	}
}

func TestAStreamTellsWhatIsNewer(t *testing.T) {
	tests := []struct {
		name, query, last string
		want              string // the first version that is told
	}{
		{"from the version of the page", "version=4", "", "id: 5"},
		{"from the last event, which is later", "version=3", "4", "id: 5"},
		{"from now on", "", "", "id: 6"},
		{"from the present version", "version=5", "", "id: 6"},
		{"after nonsense", "version=x", "y", "id: 6"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := start(t, live.Config{})
			lines := p.follow(t, tt.query, tt.last)
			until(t, lines, "retry: ")
			if tt.want == "id: 5" {
				until(t, lines, tt.want)
			}
			p.version.Store(6)
			until(t, lines, "id: 6")
			until(t, lines, `data: {"version":6}`)
		})
	}
}

func TestAStreamTellsWhatGrewBesideThePage(t *testing.T) {
	p := start(t, live.Config{})
	p.beside.Store(7)
	lines := p.follow(t, "", "")
	until(t, lines, "event: beside")
	until(t, lines, "data: 7")
	p.beside.Store(8)
	until(t, lines, "data: 8")
}

func TestAStreamEndsWithTheRightToRead(t *testing.T) {
	p := start(t, live.Config{})
	lines := p.follow(t, "", "")
	until(t, lines, "retry: ")
	p.gone.Store(true)
	until(t, lines, "event: gone")
	ended(t, lines)
}

func TestAStreamEndsWithTheServer(t *testing.T) {
	p := start(t, live.Config{})
	lines := p.follow(t, "", "")
	until(t, lines, "retry: ")
	p.hub.Close()
	ended(t, lines)
	ended(t, p.follow(t, "", "")) // one that begins later too
}

func TestAStreamEndsToBeAskedForAgain(t *testing.T) {
	p := start(t, live.Config{Life: 20 * time.Millisecond})
	ended(t, p.follow(t, "", ""))
}

func TestASilentStreamSaysThatItIsThere(t *testing.T) {
	p := start(t, live.Config{Beat: time.Millisecond})
	until(t, p.follow(t, "", ""), ": still here")
}

func TestStreamsAreBounded(t *testing.T) {
	p := start(t, live.Config{All: 3, Person: 2})
	for _, who := range []string{"a", "a", "b"} {
		until(t, p.follow(t, "who="+who, ""), "retry: ")
	}
	ended(t, p.follow(t, "who=a", ""))
	if err := <-p.refused; hindcast.CodeOf(err) != hindcast.Unavailable {
		t.Errorf("a third stream of one person: %v, want Unavailable", err)
	}
	ended(t, p.follow(t, "who=c", ""))
	if err := <-p.refused; hindcast.CodeOf(err) != hindcast.Unavailable {
		t.Errorf("a fourth stream of all: %v, want Unavailable", err)
	}
	if n := p.hub.Streams(); n != 3 {
		t.Errorf("%d streams, want 3", n)
	}
}
