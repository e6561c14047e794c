package server_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hindcast/hindcast/internal/collab/change"
	"github.com/hindcast/hindcast/internal/config"
	"github.com/hindcast/hindcast/internal/server"
)

// editsVariable is how many edits TestNothingWrittenTogetherIsLost makes; few when
// it is not set, because they take long.
const editsVariable = "HINDCAST_TEST_EDITS"

// childVariable has the test binary serve a database until it is killed.
const childVariable = "HINDCAST_TEST_SERVE"

// serveUntilKilled reports whether the test binary was run as a server.
func serveUntilKilled() bool {
	about := strings.Fields(os.Getenv(childVariable))
	if len(about) != 3 {
		return false
	}
	c := config.Default()
	c.Addr, c.Data, c.DB, c.Private = about[0], about[1], strings.TrimPrefix(about[2], "-"), true
	c.MailIn.Address, c.MailIn.Listen, c.MailIn.PerHour = "incident@hindcast.example.org", "127.0.0.1:0", 100_000
	s, err := server.New(context.Background(), c, server.Options{})
	if err == nil {
		l, listenErr := s.Listen()
		if err = listenErr; err == nil {
			fmt.Println("serving", l.Addr(), s.MailAddr())
			err = s.Serve(context.Background(), l)
		}
	}
	fmt.Println("error", err)
	return true
}

// replica is a server in a program of its own.
type replica struct {
	*testing.T
	data, db, addr string
	mail           string // where it takes mail
	cmd            *exec.Cmd
}

func (r *replica) start() {
	r.Helper()
	r.cmd = exec.Command(os.Args[0], "-test.run=^$")
	r.cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%s %s -%s", childVariable, r.addr, r.data, r.db))
	r.cmd.Stderr = os.Stderr
	out, err := r.cmd.StdoutPipe()
	if err != nil {
		r.Fatal(err)
	}
	if err := r.cmd.Start(); err != nil {
		r.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	if !lines.Scan() || !strings.HasPrefix(lines.Text(), "serving ") {
		r.Fatalf("the replica says %q", lines.Text())
	}
	r.addr, r.mail, _ = strings.Cut(strings.TrimPrefix(lines.Text(), "serving "), " ")
}

func (r *replica) kill() {
	_ = r.cmd.Process.Kill() // it may be dead already
	_ = r.cmd.Wait()         // it was killed
}

// pushed is a step as editors receive it.
type pushed struct {
	Client  string     `json:"client"`
	Changes change.Set `json:"changes"`
}

// editor does what the editor in a browser does, without a screen.
type editor struct {
	servers []string
	at      int // of servers: the one that it talks to
	path    string
	http    *http.Client
	random  *rand.Rand
	client  string
	version int64
	text    []uint16
	pending []change.Set
	news    chan func() // from its stream, to be done between other things
	stop    context.CancelFunc
	made    *atomic.Int64 // edits
}

// here returns an address on the server that the editor talks to.
func (e *editor) here(rest string) string { return e.servers[e.at] + e.path + rest }

func (e *editor) call(ctx context.Context, method, to string, body any) (int, []byte, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return 0, nil, err
	}
	r, err := http.NewRequestWithContext(ctx, method, to, bytes.NewReader(raw))
	if err != nil {
		return 0, nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Hindcast-Script", "1")
	res, err := e.http.Do(r)
	if err != nil {
		return 0, nil, err
	}
	answer, err := io.ReadAll(res.Body)
	return res.StatusCode, answer, errors.Join(err, res.Body.Close())
}

func (e *editor) open(ctx context.Context) error {
	status, raw, err := e.call(ctx, "GET", e.here(""), nil)
	var o struct {
		Version      int64
		Text, Client string
	}
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("opening the section: %d %s", status, raw)
	}
	if err == nil {
		err = json.Unmarshal(raw, &o)
	}
	e.version, e.text, e.client = o.Version, change.Units(o.Text), o.Client
	return err
}

// edit changes the text somewhere by chance.
func (e *editor) edit() error {
	words := []string{"a", "pool ", "\n", "😀", "🚒", "é", "ran dry. "}
	from := whole(e.text, e.random.IntN(len(e.text)+1))
	to := from
	if len(e.text) > 400 || e.random.IntN(3) == 0 {
		to = max(from, whole(e.text, min(len(e.text), from+e.random.IntN(12))))
	}
	text := change.Units(words[e.random.IntN(len(words))])
	return e.write(change.Replace(len(e.text), from, to, text))
}

func (e *editor) write(c change.Set) error {
	text, err := c.Apply(e.text)
	if err != nil {
		return err
	}
	e.text, e.pending = text, append(e.pending, c)
	return nil
}

func whole(text []uint16, at int) int {
	if at > 0 && at < len(text) && text[at] >= 0xdc00 && text[at] < 0xe000 {
		return at - 1
	}
	return at
}

// receive takes steps after a version, of which some may be known: the rules of
// CodeMirror's receiveUpdates.
func (e *editor) receive(from int64, steps []pushed) error {
	for i, s := range steps {
		if from+int64(i) < e.version {
			continue
		}
		if from+int64(i) > e.version {
			return fmt.Errorf("a step after version %d comes at version %d", from+int64(i), e.version)
		}
		e.version++
		if s.Client == e.client && len(e.pending) > 0 {
			e.pending = e.pending[1:]
			continue
		}
		c := s.Changes
		for k, p := range e.pending {
			mine, err := p.Over(c, false)
			if err != nil {
				return err
			}
			if c, err = c.Over(p, true); err != nil {
				return err
			}
			e.pending[k] = mine
		}
		text, err := c.Apply(e.text)
		if err != nil {
			return err
		}
		e.text = text
	}
	return nil
}

// push sends what is pending once. lost has the answer get lost on its way.
func (e *editor) push(ctx context.Context, lost bool) error {
	if len(e.pending) == 0 {
		return nil
	}
	if lost {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Duration(e.random.IntN(3000))*time.Microsecond)
		defer cancel()
	}
	sent := slices.Clone(e.pending)
	status, raw, err := e.call(ctx, "POST", e.here(""), map[string]any{"client": e.client, "version": e.version, "changes": sent})
	switch {
	case err != nil || status >= 500: // nobody knows whether it arrived
		e.at = (e.at + 1) % len(e.servers)
		return nil
	case status == http.StatusOK:
		mine := make([]pushed, len(sent))
		for i := range sent {
			mine[i] = pushed{Client: e.client}
		}
		return e.receive(e.version, mine)
	case status == http.StatusConflict:
		var late struct {
			From  int64
			Steps []pushed
		}
		if err := json.Unmarshal(raw, &late); err != nil {
			return err
		}
		return e.receive(late.From, late.Steps)
	}
	return fmt.Errorf("a push was answered %d %s", status, raw)
}

// follow reads the stream of steps until ctx ends or it breaks.
func (e *editor) follow(ctx context.Context, heard func(version int64, steps []pushed)) error {
	r, err := http.NewRequestWithContext(ctx, "GET", e.here(fmt.Sprintf("/live?client=%s&version=%d", url.QueryEscape(e.client), e.version)), nil)
	if err != nil {
		return err
	}
	res, err := e.http.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }() // it is read to its end
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("following: %s", res.Status)
	}
	lines := bufio.NewScanner(res.Body)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		data, ok := strings.CutPrefix(lines.Text(), "data: ")
		var news struct {
			Version int64
			Steps   []pushed
		}
		if !ok || json.Unmarshal([]byte(data), &news) != nil || len(news.Steps) == 0 {
			continue
		}
		heard(news.Version, news.Steps)
	}
	return lines.Err()
}

// TestNothingWrittenTogetherIsLost has four editors change one section by chance on
// two servers, with answers and streams that get lost, and kills one server again
// and again. Every edit must be in the text once, and all must see the same.
func TestNothingWrittenTogetherIsLost(t *testing.T) {
	t.Parallel()
	edits := 240
	if n, err := strconv.Atoi(os.Getenv(editsVariable)); err == nil {
		edits = n
	}
	for _, db := range []string{"sqlite", "postgres"} {
		t.Run(db, func(t *testing.T) {
			data := t.TempDir()
			place := ""
			if db == "postgres" {
				place = postgres.URL(t)
			}
			here, _ := listen(t, func(c *config.Config) { c.DB, c.Data = place, data })
			there := &replica{T: t, data: data, db: place, addr: "127.0.0.1:0"}
			there.start()
			t.Cleanup(there.kill)
			admin := here.admin()
			var d struct {
				ID     string
				Number int64
			}
			admin.api("POST", "/incidents", map[string]string{"title": "Ledger outage"}, &d)
			path := fmt.Sprintf("/p/%d/write/summary", d.Number)
			jar := sessions(t, admin, here.url, "http://"+there.addr)

			var wait sync.WaitGroup
			errs := make(chan error, 4)
			all := make([]*editor, 4)
			var start int64
			for i := range all {
				e := &editor{servers: []string{here.url, "http://" + there.addr}, at: i % 2, path: path, http: &http.Client{Jar: jar, Timeout: 20 * time.Second}, random: rand.New(rand.NewPCG(uint64(i), 7)), made: &atomic.Int64{}}
				if err := e.open(t.Context()); err != nil {
					t.Fatal(err)
				}
				all[i], start = e, e.version
			}
			for _, e := range all {
				wait.Go(func() { errs <- e.work(t.Context(), edits/4) })
			}
			killed := make(chan struct{})
			ended := make(chan struct{})
			go func() { defer close(killed); there.again(ended, all, edits) }()
			wait.Wait()
			close(ended)
			<-killed
			for range all {
				if err := <-errs; err != nil {
					t.Fatal(err)
				}
			}
			sameEverywhere(t, admin, d.ID, all, start+int64(edits/4*4))
		})
	}
}

// sameEverywhere checks that a section has a version, and that its editors, the
// server and the document have one text.
func sameEverywhere(t *testing.T, admin *person, id string, all []*editor, version int64) {
	t.Helper()
	last := *all[0]
	last.at, last.pending = 0, nil
	if err := last.open(t.Context()); err != nil {
		t.Fatal(err)
	}
	if last.version != version {
		t.Errorf("the text has version %d, want %d with every edit once", last.version, version)
	}
	for i, e := range all {
		if err := e.finish(t.Context(), last.version); err != nil {
			t.Errorf("editor %d: %v", i, err)
		}
		if !slices.Equal(e.text, last.text) {
			t.Errorf("editor %d ends with %q, and the server has %q", i, change.String(e.text), change.String(last.text))
		}
	}
	if status, raw, err := last.call(t.Context(), "POST", last.here("/done"), struct{}{}); err != nil || status != http.StatusOK {
		t.Fatalf("done: %d %s %v", status, raw, err)
	}
	var doc struct {
		Postmortem struct {
			Sections []struct{ Kind, Text string }
		}
	}
	admin.api("GET", "/incidents/"+id, nil, &doc)
	if i := slices.IndexFunc(doc.Postmortem.Sections, func(s struct{ Kind, Text string }) bool { return s.Kind == "summary" }); i < 0 || doc.Postmortem.Sections[i].Text != change.String(last.text) {
		t.Errorf("the document has another text than those who wrote it")
	}
}

// sessions returns the cookies of somebody for two servers on one database.
func sessions(t *testing.T, p *person, servers ...string) http.CookieJar {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	from, err := url.Parse(servers[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range servers {
		u, err := url.Parse(s)
		if err != nil {
			t.Fatal(err)
		}
		jar.SetCookies(u, p.http.Jar.Cookies(from))
	}
	return jar
}

// again kills the server and starts it again while editors work, up to five times.
func (r *replica) again(ended <-chan struct{}, all []*editor, edits int) {
	most := min(5, 1+edits/1000)
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	for times := 1; times <= most; {
		select {
		case <-ended:
			r.Errorf("the server was killed %d times, want %d", times-1, most)
			return
		case <-look.C:
		}
		var made int64
		for _, e := range all {
			made += e.made.Load()
		}
		if made < int64(times*edits/(most+1)) {
			continue
		}
		r.kill()
		r.start() // at the same address
		times++
	}
}

// work makes edits and sends them, with what gets lost on the way.
func (e *editor) work(ctx context.Context, edits int) error {
	e.news = make(chan func(), 1000)
	var failed error
	listen := func() {
		streaming, stop := context.WithCancel(ctx)
		e.stop = stop
		probe := *e
		go func() {
			_ = probe.follow(streaming, func(v int64, steps []pushed) { // a stream that breaks is opened again
				e.news <- func() {
					if v-int64(len(steps)) <= e.version {
						failed = errors.Join(failed, e.receive(v-int64(len(steps)), steps))
					}
				}
			})
		}()
	}
	listen()
	defer func() { e.stop() }()
	for n := 0; n < edits || len(e.pending) > 0; {
		for k := e.random.IntN(3); k > 0 && n < edits; k-- {
			if err := e.edit(); err != nil {
				return err
			}
			n++
			e.made.Add(1)
		}
		if e.random.IntN(50) == 0 { // the connection drops
			e.stop()
			e.at = e.random.IntN(len(e.servers))
			listen()
		}
		if err := e.push(ctx, e.random.IntN(20) == 0); err != nil {
			return err
		}
		for more := true; more; {
			select {
			case f := <-e.news:
				f()
			default:
				more = false
			}
		}
		if failed != nil {
			return failed
		}
	}
	return nil
}

// finish reads on until the editor has a version.
func (e *editor) finish(ctx context.Context, version int64) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	e.at = 0
	if e.version == version {
		return nil
	}
	var failed error
	probe := *e
	err := probe.follow(ctx, func(v int64, steps []pushed) {
		if failed = errors.Join(failed, e.receive(v-int64(len(steps)), steps)); failed != nil || e.version >= version {
			cancel()
		}
	})
	if e.version == version {
		return failed
	}
	return errors.Join(failed, err, fmt.Errorf("it has version %d, want %d", e.version, version))
}
