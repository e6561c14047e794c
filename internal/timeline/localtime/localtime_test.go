package localtime_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence"
	"github.com/hindcast/hindcast/internal/evidence/formats"
	"github.com/hindcast/hindcast/internal/timeline"
	"github.com/hindcast/hindcast/internal/timeline/collect"
	"github.com/hindcast/hindcast/internal/timeline/localtime"
)

// lines is an edge's log of three hours in a zone in which requests fail from 09:41:20
// to 10:02:30 UTC.
func lines(zone time.Duration) string {
	var b strings.Builder
	at := time.Date(2025, 6, 3, 8, 30, 0, 0, time.UTC)
	begin, end := at.Add(71*time.Minute+20*time.Second), at.Add(92*time.Minute+30*time.Second)
	for i := range 900 {
		t := at.Add(time.Duration(i) * 12 * time.Second)
		say := "INFO request served path=/cart"
		if !t.Before(begin) && t.Before(end) {
			say = "ERROR no connection to cart-db: connection refused"
		}
		fmt.Fprintf(&b, "%s edge: %s n=%d\n", t.Add(zone).Format(time.DateTime), say, i)
	}
	return b.String()
}

const pager = `{"incident":{"id":"P1","incident_number":41,"title":"EdgeErrors on edge","status":"resolved","created_at":"2025-06-03T09:45:00Z","resolved_at":"2025-06-03T10:20:00Z","service":{"summary":"edge"}},"log_entries":[
{"id":"R1","type":"trigger_log_entry","created_at":"2025-06-03T09:45:00Z","summary":"Triggered through the API.","agent":{"type":"service_reference","summary":"edge"},"service":{"summary":"edge"}},
{"id":"R2","type":"acknowledge_log_entry","created_at":"2025-06-03T09:46:10Z","summary":"Acknowledged by Engineer A.","agent":{"type":"user_reference","summary":"Engineer A"},"service":{"summary":"edge"}},
{"id":"R3","type":"annotate_log_entry","created_at":"2025-06-03T10:04:00Z","summary":"Note","channel":{"type":"note","summary":"carts work again since 10:02, failed since 09:41"},"agent":{"type":"user_reference","summary":"Engineer A"},"service":{"summary":"edge"}},
{"id":"R4","type":"resolve_log_entry","created_at":"2025-06-03T10:20:00Z","summary":"Resolved by Engineer A.","agent":{"type":"user_reference","summary":"Engineer A"},"service":{"summary":"edge"}}]}`

// reader returns what reads files, and how often it was called.
func reader(files map[string]string) (localtime.Read, *int) {
	n := new(int)
	return func(zone localtime.Zone) (*collect.Result, []hindcast.Evidence, error) {
		*n++
		var sources []evidence.Source
		for name, text := range files {
			sources = append(sources, evidence.Source{Name: name, Size: int64(len(text)), Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }})
		}
		ev, sinks := evidence.Read(sources, evidence.Options{Formats: formats.All(), Zone: zone}, collect.New)
		return collect.Merge(sinks...), ev, nil
	}, n
}

func TestBuild(t *testing.T) {
	madrid, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name  string
		zone  time.Duration // of the log
		named *time.Location
		reads int
		want  string // the zone of the log
	}{
		{"two hours east", 2 * time.Hour, nil, 2, "deduced +02:00"},
		{"four hours west", -4 * time.Hour, nil, 2, "deduced -04:00"},
		{"in UTC", 0, nil, 1, "assumed UTC"},
		{"the user named the zone", 2 * time.Hour, madrid, 1, "Europe/Madrid"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			read, n := reader(map[string]string{"edge.log": lines(tt.zone), "pager.json": pager})
			_, tl, err := localtime.Build(read, func(string) *time.Location { return tt.named }, timeline.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if got := zoneOf(tl.Evidence); got != tt.want || *n != tt.reads {
				t.Errorf("the log was read as %q, in %d reads; want %q in %d", got, *n, tt.want, tt.reads)
			}
			if got, want := tl.Incident.StartedAt.Format(time.TimeOnly), "09:41:24"; got != want {
				t.Errorf("started at %s, want %s: %s", got, want, tl.PhaseWhy["started_at"])
			}
			deduced := strings.HasPrefix(tt.want, "deduced")
			for _, p := range tl.Problems {
				if strings.Contains(p.Message, "since what happened then fits pager.json; name the zone with --zone edge.log=ZONE") {
					deduced = !deduced
				}
			}
			if deduced {
				t.Errorf("problems %v: want one about the zone where it was deduced alone", tl.Problems)
			}
			if got := localtime.Deduced(tl.Evidence)("edge.log"); strings.HasPrefix(tt.want, "deduced") && (got == nil || got.String() != tt.want) {
				t.Errorf("Deduced(...)(edge.log) = %v, want %s", got, tt.want)
			}
		})
	}
}

func zoneOf(list []hindcast.Evidence) string {
	for _, e := range list {
		if e.Name == "edge.log" {
			return e.Zone
		}
	}
	return ""
}

func TestBuildFailsAsReadDoes(t *testing.T) {
	no := errors.New("no evidence")
	read := func(localtime.Zone) (*collect.Result, []hindcast.Evidence, error) { return nil, nil, no }
	if _, _, err := localtime.Build(read, nil, timeline.Options{}); !errors.Is(err, no) {
		t.Errorf("Build: %v, want %v", err, no)
	}
}

// TestBuildReadsAChatInItsZone: people tell of what the pager records, two hours ahead of it.
func TestBuildReadsAChatInItsZone(t *testing.T) {
	chat := `[2025-06-03 11:38] Engineer B: good morning
[2025-06-03 11:45] alertbot: Triggered #41 EdgeErrors on edge
[2025-06-03 11:46] Engineer A: i take the page of edge
[2025-06-03 11:50] Engineer B: no connection to cart-db from any edge
[2025-06-03 11:52] Engineer A: cart-db is up, though
[2025-06-03 11:56] Engineer B: the pool?
[2025-06-03 12:00] Engineer A: restarting the pool
[2025-06-03 12:04] Engineer A: carts work again since 12:02, failed since 11:41
[2025-06-03 12:10] Engineer B: thanks
[2025-06-03 12:15] Engineer B: all quiet
[2025-06-03 12:20] Engineer A: edge is fine, closing #41
`
	read, n := reader(map[string]string{"edge-chat.txt": chat, "pager.json": pager})
	_, tl, err := localtime.Build(read, nil, timeline.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range tl.Evidence {
		if e.Name == "edge-chat.txt" && e.Zone != "deduced +02:00" {
			t.Errorf("the chat was read as %q in %d reads, want two hours ahead: %v", e.Zone, *n, tl.Problems)
		}
	}
}

// TestBuildReadsAChatInTheOnlyZone: nothing in the evidence says when the chat was written
// but that all else is written in one zone.
func TestBuildReadsAChatInTheOnlyZone(t *testing.T) {
	const chat = `[2025-06-03 04:38] Engineer B: good morning
[2025-06-03 04:45] Engineer B: carts fail for all customers, edge answers with errors
[2025-06-03 04:46] Engineer A: i take it, looking at edge
[2025-06-03 04:50] Engineer B: no connection to cart-db from any edge
[2025-06-03 04:52] Engineer A: cart-db is up, though
[2025-06-03 04:56] Engineer B: the pool?
[2025-06-03 05:00] Engineer A: restarting the pool
[2025-06-03 05:04] Engineer A: carts work again
[2025-06-03 05:10] Engineer B: thanks
[2025-06-03 05:20] Engineer A: edge is fine, this is resolved
`
	logged := strings.ReplaceAll(lines(-5*time.Hour), " edge:", "-05:00 edge:")
	steady := strings.ReplaceAll(strings.ReplaceAll(lines(-5*time.Hour), " edge:", "-05:00 till:"), "ERROR no connection to cart-db: connection refused", "INFO request served path=/cart")
	for _, tt := range []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"two files name one zone", map[string]string{"edge-chat.txt": chat, "edge.log": logged, "till.log": steady}, "deduced -05:00"},
		{"one file names it", map[string]string{"edge-chat.txt": chat, "edge.log": logged}, "assumed UTC"},
		{"the others are in two", map[string]string{"edge-chat.txt": chat, "edge.log": logged, "till.log": strings.ReplaceAll(steady, "-05:00", "Z")}, "assumed UTC"},
		{"nothing fails while people work there", map[string]string{"edge-chat.txt": chat, "edge.log": strings.ReplaceAll(steady, "till", "edge"), "till.log": steady}, "assumed UTC"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			read, _ := reader(tt.files)
			_, tl, err := localtime.Build(read, nil, timeline.Options{})
			if err != nil {
				t.Fatal(err)
			}
			said := false
			for _, p := range tl.Problems {
				said = said || strings.Contains(p.Message, "were read as -05:00, the only zone that other files name, such as edge.log and till.log")
			}
			for _, e := range tl.Evidence {
				if e.Name == "edge-chat.txt" && (e.Zone != tt.want || said != strings.HasPrefix(tt.want, "deduced")) {
					t.Errorf("the chat was read as %q, want %q; problems %v", e.Zone, tt.want, tl.Problems)
				}
			}
		})
	}
}
