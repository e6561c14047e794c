package template

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/timeline/signal"
	"github.com/hindcast/hindcast/internal/timeline/template/tally"
)

// mine returns the templates of messages without a time.
func mine(messages ...string) *Result {
	m := New()
	for i, s := range messages {
		m.Add(&record.Log{Line: i + 1, At: record.NoTime, Message: []byte(s)})
	}
	return Merge(m)
}

// texts returns the text of each template, with the number of its records.
func texts(r *Result) []string {
	var out []string
	for _, t := range r.Templates() {
		out = append(out, fmt.Sprint(t.Total, " ", t.Text))
	}
	return out
}

func TestTemplates(t *testing.T) {
	tests := []struct {
		name, messages string // messages one per line
		want           string
	}{
		{"nothing", "", ""},
		{"one shape", "took 3 ms\ntook 12 ms", "2 took <*> ms"},
		{"users", "session opened for user ann by (uid=0)\nsession opened for user ben by (uid=0)\nsession opened for user cleo by (uid=3)",
			"3 session opened for user <*> by (uid=<*>)"},
		{"two users only", "session opened for user ann now\nsession opened for user ben now",
			"1 session opened for user ann now\n1 session opened for user ben now"},
		{"states stay", "VM is now Paused ok\nVM is now Resumed ok\nVM is now Started ok\nVM is now Stopped ok",
			"1 VM is now Paused ok\n1 VM is now Resumed ok\n1 VM is now Started ok\n1 VM is now Stopped ok"},
		{"states in capitals stay", "job went from NEW to READY\njob went from READY to RUNNING\njob went from NEW to FAILED\njob went from RUNNING to DONE",
			"1 job went from NEW to FAILED\n1 job went from NEW to READY\n1 job went from READY to RUNNING\n1 job went from RUNNING to DONE"},
		{"methods stay", "GET /a took 1 ms\nPUT /b took 2 ms\nPOST /c took 3 ms\nDELETE /d took 4 ms",
			"1 DELETE <*> took <*> ms\n1 GET <*> took <*> ms\n1 POST <*> took <*> ms\n1 PUT <*> took <*> ms"},
		{"few values of a key stay", "login ok; user=root\nlogin ok; user=guest\nlogin ok; user=test",
			"1 login ok; user=guest\n1 login ok; user=root\n1 login ok; user=test"},
		{"many values of a key", "login is ok user=a\nlogin is ok user=b\nlogin is ok user=c\nlogin is ok user=d\nlogin is ok user=e",
			"5 login is ok user=<*>"},
		{"many names", "hive ALPHA was loaded\nhive beta was loaded\nhive gamma.dat was loaded\nhive DELTA was loaded\nhive eps was loaded",
			"5 hive <*> was loaded"},
		{"first words stay", "alpha startup succeeded\nbeta startup succeeded\ngamma startup succeeded\ndelta startup succeeded\nepsilon startup succeeded",
			"1 alpha startup succeeded\n1 beta startup succeeded\n1 delta startup succeeded\n1 epsilon startup succeeded\n1 gamma startup succeeded"},
		{"name or address", "lost contact with 10.0.0.1\nlost contact with db.internal", "2 lost contact with <*>"},
		{"missing value", "connection from 10.0.0.1 () at 12:00:01\nconnection from 10.0.0.2 (10.2.2.2) at 12:00:02",
			"2 connection from <*> (<*>) at <*>"},
		{"units", "free 12 KB, used 3 %\nfree 12 MB, used 3 %", "2 free <*>, used <*> %"},
		{"lists", "delete 1 now\ndelete 1 2 now\ndelete 1 2 3 4 5 6 7 8 9 now", "3 delete <*> now"},
		{"lists with unknown values", "fans ( 1 2 3 4 5 6 ) ok\nfans ( 1 2 3 **** 5 6 ) ok", "2 fans ( <*> ) ok"},
		{"two numbered names", "module U58 is down\nmodule U69 is down", "2 module <*> is down"},
		{"what names have in common stays", "use class org.acme.A$B ok\nuse class org.acme.C ok\nuse class org.acme.D ok", "3 use class org.acme.<*> ok"},
		{"several values at once", "register class a.B for class x.Y\nregister class a.C for class x.Z\nregister class a.D for class x.V\nregister class a.E for class x.W\nregister class a.F for class x.U",
			"5 register class a.<*> for class x.<*>"},
		{"no words in common", "alpha\nbeta\n12\n13 gamma", "1 <*>\n1 <*> gamma\n1 alpha\n1 beta"},
		{"numbered names", "link eth0 is up\nlink eth1 is up\nlink eth2 is up", "3 link <*> is up"},
		{"two numbers in a row", "r24=0x1 r25=0x2\nr28=0x3 r29=0x4", "2 <*>=<*> <*>=<*>"},
		{"kinds stay", "got an IPv4 address\ngot an IPv6 address", "1 got an IPv4 address\n1 got an IPv6 address"},
		{"methods stay behind an address", "10.0.0.1 \"GET /a\" ok\n10.0.0.1 \"PUT /a\" ok\n10.0.0.1 \"POST /a\" ok\n10.0.0.1 \"HEAD /a\" ok\n10.0.0.1 \"PATCH /a\" ok\n10.0.0.1 \"DELETE /a\" ok",
			"1 <*> \"DELETE <*>\" ok\n1 <*> \"GET <*>\" ok\n1 <*> \"HEAD <*>\" ok\n1 <*> \"PATCH <*>\" ok\n1 <*> \"POST <*>\" ok\n1 <*> \"PUT <*>\" ok"},
		{"many verbs stay", "the job has started again\nthe job has stopped again\nthe job has failed again\nthe job has resumed again\nthe job has paused again\nthe job has ended again",
			"1 the job has ended again\n1 the job has failed again\n1 the job has paused again\n1 the job has resumed again\n1 the job has started again\n1 the job has stopped again"},
		{"one name among numbers", "login failed for uid=12 now\nlogin failed for uid=root now", "2 login failed for uid=<*> now"},
		{"quoted names", "relation \"orders_2024\" does not exist\nrelation \"invoices\" does not exist", "2 relation \"<*>\" does not exist"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var in []string
			if tt.messages != "" {
				in = strings.Split(tt.messages, "\n")
			}
			r := mine(in...)
			if got := strings.Join(texts(r), "\n"); got != tt.want {
				t.Errorf("templates:\n%s\nwant:\n%s", got, tt.want)
			}
			for _, s := range in {
				if _, _, ok := r.Assign([]byte(s)); !ok {
					t.Errorf("Assign(%q) finds no template", s)
				}
			}
		})
	}
}

func TestRequests(t *testing.T) {
	m := New()
	for i := range 60 {
		for _, path := range []string{"GET /api/orders/%d/items", "GET /api/carts/%d", "GET /users/name%[2]c%[3]c/avatar", "PUT /api/orders/%d"} {
			status := 200
			if i == 7 {
				status = 503
			}
			msg := fmt.Sprintf(strings.ReplaceAll(path, "%d", "%[1]d")+" %[4]d", i, 'a'+i/26, 'a'+i%26, status)
			m.Add(&record.Log{At: record.NoTime, Message: []byte(strings.Split(msg, "%!")[0]), Status: status})
		}
	}
	r := Merge(m)
	want := []string{
		"59 GET /api/carts/<*> 2xx", "1 GET /api/carts/<*> 5xx", "59 GET /api/orders/<*>/items 2xx", "1 GET /api/orders/<*>/items 5xx",
		"59 GET /users/<*>/avatar 2xx", "1 GET /users/nameah/avatar 5xx", "59 PUT /api/orders/<*> 2xx", "1 PUT /api/orders/<*> 5xx",
	}
	if diff := cmp.Diff(texts(r), want); diff != "" {
		t.Errorf("templates (-got +want):\n%s", diff)
	}
	m = New()
	for _, path := range []string{"/orders/12", "/orders/13", "/orders/new", "/orders/search", "/orders/x.json"} {
		m.Add(&record.Log{At: record.NoTime, Message: []byte("GET " + path), Status: 200})
	}
	want = []string{"2 GET /orders/<*> 2xx", "1 GET /orders/new 2xx", "1 GET /orders/search 2xx", "1 GET /orders/x.json 2xx"}
	if diff := cmp.Diff(texts(Merge(m)), want); diff != "" {
		t.Errorf("templates (-got +want):\n%s", diff)
	}
	for _, tm := range r.Templates() {
		if want := int(tm.Text[len(tm.Text)-3]-'0') * 100; tm.Status != want {
			t.Errorf("status of %q = %d, want %d", tm.Text, tm.Status, want)
		}
	}
	if _, text, _ := r.AssignLog(&record.Log{Message: []byte("GET /api/carts/99999"), Status: 204}); text != "GET /api/carts/<*> 2xx" {
		t.Errorf("AssignLog of another cart = %q", text)
	}
}

func TestCounts(t *testing.T) {
	const sec = int64(1e9)
	a, b := &record.File{Name: "a.log"}, &record.File{Name: "b.log"}
	m := New()
	add := func(f *record.File, line int, at int64, service string, level hindcast.Level, n int) {
		m.Add(&record.Log{File: f, Line: line, EndLine: line + 1, Offset: int64(line), At: at, Service: []byte(service), Level: level,
			Message: fmt.Appendf(nil, "retry %d", n)})
	}
	add(b, 1, 25*sec, "cart", hindcast.LevelWarn, 1)
	add(b, 2, 41*sec, "cart", hindcast.LevelWarn, 2)
	add(b, 3, record.NoTime, "cart", hindcast.LevelWarn, 3)
	add(a, 1, 5*sec, "auth", hindcast.LevelInfo, 4)
	add(a, 2, 29*sec, "cart", hindcast.LevelError, 5)
	add(a, 3, -5*sec, "auth", hindcast.LevelInfo, 6)
	for i := range 20 {
		add(a, 4+i, 6*sec, "auth", hindcast.LevelInfo, 7)
	}
	mark := func(f *record.File, line int, at int64) signal.Mark {
		return signal.Mark{At: at, File: f, Line: line, EndLine: line + 1, Offset: int64(line)}
	}
	want := []signal.Template{{
		ID: ID("retry <*>"), Text: "retry <*>", Level: hindcast.LevelWarn, Total: 26, Example: "retry 6",
		Services: []signal.Counts{
			{Service: "auth", Total: 22, First: mark(a, 3, -5*sec), Last: mark(a, 23, 6*sec), Files: []*record.File{a},
				Buckets: []signal.Count{{Bucket: -1, N: 1, Line: 3, Micros: 5e6}, {Bucket: 0, N: 21, Line: 1, Micros: 5e6}}},
			{Service: "cart", Total: 4, First: mark(b, 1, 25*sec), Last: mark(b, 2, 41*sec), Files: []*record.File{a, b},
				Buckets: []signal.Count{{Bucket: 2, N: 2, Line: 1, Micros: 5e6, File: 1}, {Bucket: 4, N: 1, Line: 2, Micros: 1e6, File: 1}}},
		},
	}}
	if diff := cmp.Diff(Merge(m).Templates(), want); diff != "" {
		t.Errorf("templates (-got +want):\n%s", diff)
	}
}

func TestExampleIsCut(t *testing.T) {
	r := mine(strings.Repeat("long ", 400))
	if got := len(r.Templates()[0].Example); got != tally.MaxExample {
		t.Errorf("example has %d bytes, want %d", got, tally.MaxExample)
	}
}

func TestAssign(t *testing.T) {
	r := mine("connect to 10.0.0.1 refused", "user ann logged in from 10.0.0.1", "user ben logged in from 10.0.0.1", "user cleo logged in from 10.0.0.2",
		"delete 1 now", "delete 1 2 now", "disk full")
	tests := []struct{ name, msg, want string }{
		{"seen", "disk full", "disk full"},
		{"same shape", "connect to 10.9.9.9 refused", "connect to <*> refused"},
		{"name not seen", "user zoe logged in from 10.0.0.1", "user <*> logged in from <*>"},
		{"list not seen", "delete 1 2 3 now", "delete <*> now"},
		{"unknown", "user zoe left", ""},
		{"empty", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			id, text, ok := r.Assign([]byte(tt.msg))
			if text != tt.want || ok != (tt.want != "") || ok && id != ID(text) {
				t.Errorf("Assign(%q) = %q, %q, %v, want %q", tt.msg, id, text, ok, tt.want)
			}
		})
	}
}

func TestAddShape(t *testing.T) {
	m := New()
	shapes := map[string]Shape{}
	for _, s := range []string{"took 3 ms", "took 4 ms", "user ann left now", "user ben left now", "user cleo left now", "done"} {
		shapes[s] = m.AddShape(&record.Log{At: record.NoTime, Message: []byte(s)})
	}
	r := Merge(m)
	of := r.Of()
	for s, shape := range shapes {
		_, want, _ := r.Assign([]byte(s))
		if got := r.Templates()[of[shape]].Text; got != want {
			t.Errorf("the shape of %q belongs to %q, want %q", s, got, want)
		}
	}
}

func TestSourcesAreKeptApart(t *testing.T) {
	m := New()
	noisy, calm := &record.File{Name: "a/chat.log"}, &record.File{Name: "b/app.log"}
	r := rand.New(rand.NewPCG(7, 8))
	for range 40000 {
		msg := fmt.Appendf(nil, "%x", r.Uint64()|1<<63)
		for i, c := range msg {
			msg[i] = "ghijklmnopqrstuv "[c%17]
		}
		m.Add(&record.Log{File: noisy, At: record.NoTime, Message: msg})
	}
	for range 10 {
		m.Add(&record.Log{File: calm, At: record.NoTime, Message: []byte("cache warmed in 3 ms")})
	}
	res := Merge(m)
	if n := len(res.Templates()); n > 50 {
		t.Errorf("%d templates", n)
	}
	id, text, ok := res.AssignLog(&record.Log{File: calm, Message: []byte("cache warmed in 5 ms")})
	if text != "cache warmed in <*> ms" || !ok || id != ID(text) {
		t.Errorf("AssignLog of the calm file = %q, %q, %v", id, text, ok)
	}
}

func TestMergeOfNothing(t *testing.T) {
	for _, r := range []*Result{Merge(), Merge(New(), New())} {
		if n := len(r.Templates()); n != 0 {
			t.Errorf("%d templates of no records", n)
		}
		if _, _, ok := r.Assign([]byte("x")); ok {
			t.Error("Assign finds a template where there is none")
		}
	}
}

// records makes log records of many kinds, some of them free text.
func records(n int, r *rand.Rand) []record.Log {
	files := []*record.File{{Name: "a.log"}, {Name: "b.log"}, {Name: "c.log"}}
	words := strings.Fields("alpha beta gamma delta order cart user lost found ready slow hot cold main 12 v2 eth0 10.0.0.1 /a/b x=1 \"q\" (z) 7,8")
	pick := func() string { return words[r.IntN(len(words))] }
	out := make([]record.Log, n)
	for i := range out {
		var msg string
		switch r.IntN(4) {
		case 0:
			msg = fmt.Sprintf("connection from %s to %s lost after %d ms", pick(), pick(), r.IntN(100))
		case 1:
			msg = fmt.Sprintf("user %s%s said: %s", pick(), pick(), strings.Repeat(pick()+" ", r.IntN(6)))
		case 2:
			msg = fmt.Sprintf("%s %s %s", pick(), pick(), pick())
		case 3:
			msg = fmt.Sprintf("batch %d of %d done", r.IntN(9), r.IntN(9))
		}
		out[i] = record.Log{File: files[r.IntN(3)], Line: i, At: int64(r.IntN(100)) * 1e9, Level: hindcast.Level(r.IntN(7)), Service: []byte(pick()),
			Message: []byte(msg), Status: []int{0, 0, 0, 200, 503}[r.IntN(5)]}
		if r.IntN(10) == 0 {
			out[i].At = record.NoTime
		}
	}
	return out
}

func TestOrderAndSplitDoNotMatter(t *testing.T) {
	for _, l := range []int{maxShapes, 1000, 100, 1} {
		t.Run(fmt.Sprint(l, " shapes"), func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, 2))
			logs := records(1500, r)
			m := &Miner{tables: newTables(l)}
			for i := range logs {
				m.Add(&logs[i])
			}
			want := Merge(m).Templates()
			for range 3 {
				r.Shuffle(len(logs), func(i, j int) { logs[i], logs[j] = logs[j], logs[i] })
				miners := make([]*Miner, 1+r.IntN(5))
				for i := range miners {
					miners[i] = &Miner{tables: newTables(l)}
				}
				for i := range logs {
					miners[r.IntN(len(miners))].Add(&logs[i])
				}
				if diff := cmp.Diff(Merge(miners...).Templates(), want); diff != "" {
					t.Fatalf("%d miners (-got +want):\n%s", len(miners), diff)
				}
			}
		})
	}
}

// reviews adds n records of free text behind a fixed beginning.
func reviews(m *Miner, n int) {
	r := rand.New(rand.NewPCG(3, 4))
	for range n {
		msg := []byte("review by customer:")
		for range 2 + r.IntN(5) {
			msg = append(msg, ' ')
			for range 6 {
				msg = append(msg, byte('a'+r.IntN(26)))
			}
		}
		m.Add(&record.Log{At: record.NoTime, Message: msg})
	}
}

func TestFreeText(t *testing.T) {
	for _, n := range []int{300, 40000} {
		m := New()
		reviews(m, n)
		for range 2000 {
			m.Add(&record.Log{At: record.NoTime, Message: []byte("cache warmed in 12 ms")})
		}
		r := Merge(m)
		if got := len(r.tallies()); got > maxShapes {
			t.Errorf("the miner holds %d shapes of %d records", got, n)
		}
		want := []string{"2000 cache warmed in <*> ms", fmt.Sprint(n, " review by customer: <*>")}
		if diff := cmp.Diff(texts(r), want); diff != "" {
			t.Errorf("templates (-got +want):\n%s", diff)
		}
		if _, text, _ := r.Assign([]byte("review by customer: never seen before")); text != "review by customer: <*>" {
			t.Errorf("Assign of more free text = %q", text)
		}
	}
}

func TestManyNames(t *testing.T) {
	m := New()
	for i := range 3000 {
		user := fmt.Sprintf("%c%c%c", 'a'+i%26, 'a'+i/26%26, 'a'+i/676)
		for _, f := range []string{"user %s logged in from 10.0.0.1", "user %s bought 3 items in 12 ms", "cannot ship to %s: address of %[1]s is unknown"} {
			m.Add(&record.Log{At: record.NoTime, Message: fmt.Appendf(nil, f, user)})
		}
	}
	want := []string{"3000 cannot ship to <*> address of <*> is unknown", "3000 user <*> bought <*> items in <*> ms", "3000 user <*> logged in from <*>"}
	r := Merge(m)
	if diff := cmp.Diff(texts(r), want); diff != "" {
		t.Errorf("templates (-got +want):\n%s", diff)
	}
	if _, text, _ := r.Assign([]byte("user zoe bought 1 items in 2 ms")); text != "user <*> bought <*> items in <*> ms" {
		t.Errorf("Assign of another name = %q", text)
	}
}

func TestTreeGivesUp(t *testing.T) {
	a, b := &tree{}, &tree{}
	add := func(tr *tree, from, to int) (n int) {
		for i := from; i < to; i++ {
			for k := range 60 {
				for _, end := range []string{"on", "off"} {
					shape := fmt.Appendf(nil, "%c%c %c%c %s", 'a'+i%26, 'a'+i/26, 'a'+k%26, 'a'+k/26, end)
					tr.get(shape).Add(&record.Log{At: record.NoTime}, 0)
					n++
				}
			}
		}
		return n
	}
	n := add(a, 0, 100) + add(b, 100, 200)
	if a.rest != nil || b.rest != nil || a.leaves != n/2 {
		t.Fatalf("the trees have %d and %d leaves", a.leaves, b.leaves)
	}
	a.join(b)
	if a.rest == nil || a.rest.Total() != n {
		t.Fatalf("the tree has %d leaves", a.leaves)
	}
	if name, ok := a.find("never seen"); name != all || !ok {
		t.Errorf("find = %q, %v", name, ok)
	}
	c := &tree{}
	n += add(c, 0, 1)
	c.join(a)
	c.get([]byte("one more")).Add(&record.Log{At: record.NoTime}, 0)
	if c.rest == nil || c.rest.Total() != n+1 {
		t.Errorf("a tree that joined one that gave up has %d leaves", c.leaves)
	}
}

func TestAddAllocatesNothing(t *testing.T) {
	m := New()
	logs := generated(2000)
	for range 2 {
		for i := range logs {
			m.Add(&logs[i])
		}
	}
	i := 0
	if got := testing.AllocsPerRun(5000, func() { m.Add(&logs[i%len(logs)]); i++ }); got > 0 {
		t.Errorf("Add allocates %v times per record", got)
	}
}

// generated returns records like those of a set of services.
func generated(n int) []record.Log {
	r := rand.New(rand.NewPCG(5, 6))
	forms := []string{
		"request completed in %[1]d ms", "order %[3]s accepted for user u%06[1]d", "session expired from 10.0.%[2]d.%[2]d",
		"connection pool acquired on node node-%[2]d.blue.internal", "checkout failed for user u%06[1]d: upstream orders-db returned error after %[1]d ms",
		"payment retried after %[2]d attempts trace %[3]s", "shard compacted path=/var/data/alpha/%[1]d.seg", "POST /api/checkout status=500 upstream=checkout duration=%.3[4]fs",
		"cache released [%[2]d] delta", "voucher rejected version v1.%[2]d.3",
	}
	file := &record.File{Name: "app.log"}
	services := []string{"cart", "auth", "search"}
	out := make([]record.Log, n)
	for i := range out {
		msg := fmt.Sprintf(forms[r.IntN(len(forms))], r.IntN(100000), r.IntN(64), fmt.Sprintf("%012x", r.Uint64()>>16), r.Float64())
		msg, _, _ = strings.Cut(msg, "%!")
		out[i] = record.Log{File: file, Line: i + 1, At: int64(i) * 1e7, Level: hindcast.LevelInfo, Service: []byte(services[r.IntN(3)]), Message: []byte(msg)}
	}
	return out
}

func BenchmarkAdd(b *testing.B) {
	m := New()
	logs := generated(10000)
	for i := range logs {
		m.Add(&logs[i])
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		m.Add(&logs[i])
		if i++; i == len(logs) {
			i = 0
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds()/1e6, "M/s")
}

func BenchmarkMerge(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	logs := records(20000, r)
	for b.Loop() {
		b.StopTimer()
		m := New()
		for i := range logs {
			m.Add(&logs[i])
		}
		b.StartTimer()
		b.ReportMetric(float64(len(Merge(m).index)), "shapes")
	}
}

// FuzzTemplates holds that no message makes it panic, that every record is
// counted once, that it does not matter which miner counts it, and that Assign
// gives the template a record was counted under.
func FuzzTemplates(f *testing.F) {
	f.Add("took 3 ms\ntook 12 ms", 0)
	f.Add("GET /a/b?c=1&d 200\nGET /a/x 200", 200)
	f.Add("at Jul 9abc\nat Jul 9 12:16:49\nbytes (0x12 KB)\nbytes (12 KB)", 0)
	f.Fuzz(func(t *testing.T, text string, status int) {
		messages := strings.Split(text, "\n")
		for _, limit := range []int{maxShapes, 2} {
			one, odd, even := &Miner{tables: newTables(limit)}, &Miner{tables: newTables(limit)}, &Miner{tables: newTables(limit)}
			logs := make([]record.Log, len(messages))
			for i, s := range messages {
				logs[i] = record.Log{Line: i, At: record.NoTime, Message: []byte(s), Status: status}
				one.Add(&logs[i])
				[]*Miner{even, odd}[i%2].Add(&logs[i])
			}
			r := Merge(one)
			if diff := cmp.Diff(Merge(odd, even).Templates(), r.Templates()); diff != "" {
				t.Errorf("two miners give other templates:\n%s", diff)
			}
			checkAssign(t, r, logs)
		}
	})
}

func checkAssign(t *testing.T, r *Result, logs []record.Log) {
	t.Helper()
	counted := map[string]int{}
	for i := range logs {
		id, text, ok := r.AssignLog(&logs[i])
		if !ok || id != ID(text) {
			t.Errorf("AssignLog(%q) = %q, %q, %v", logs[i].Message, id, text, ok)
		}
		counted[id]++
	}
	for _, tm := range r.Templates() {
		if counted[tm.ID] != tm.Total {
			t.Errorf("%d records are assigned to %q, which counts %d", counted[tm.ID], tm.Text, tm.Total)
		}
	}
}
