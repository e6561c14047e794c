package evidence_test

import (
	"io"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // zones by name on machines that have no zone database

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence"
	"github.com/hindcast/hindcast/internal/evidence/formats"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// placed keeps the times that records were given.
type placed struct {
	times    []string // in UTC, in the order of the file
	problems []string
}

func (p *placed) take(t time.Time) { p.times = append(p.times, t.UTC().Format("15:04:05")) }

func (p *placed) Event(e hindcast.Event)     { p.take(e.At) }
func (p *placed) Log(l *record.Log)          { p.take(time.Unix(0, l.At)) }
func (*placed) Sample(*record.Sample)        {}
func (*placed) Person(record.Person)         {}
func (*placed) Span(*record.Span)            {}
func (p *placed) Problem(x hindcast.Problem) { p.problems = append(p.problems, x.String()) }

// lines are the records of a log, or of a table, at local times.
func lines(form string, times []string) string {
	var b strings.Builder
	if form == "table" {
		b.WriteString("time,actor,what\n")
	}
	for _, t := range times {
		if form == "table" {
			b.WriteString(t + ",on-call engineer,looked at the queue\n")
			continue
		}
		b.WriteString(t + " ERROR checkout connection is not available\n")
	}
	return b.String()
}

// TestClocksThatChange reads local times of Berlin at the hour that occurs twice
// and at the one that does not occur, with real zone data.
func TestClocksThatChange(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	autumn := func(times ...string) []string {
		for i := range times {
			times[i] = "2024-10-27 " + times[i]
		}
		return times
	}
	for _, tt := range []struct {
		name  string
		local []string
		want  []string
		says  string
	}{
		{"the order tells", autumn("01:55:00", "02:10:00", "02:50:00", "02:05:00", "02:40:00", "03:10:00"), []string{"23:55:00", "00:10:00", "00:50:00", "01:05:00", "01:40:00", "02:10:00"}, "told apart by the order of the records"},
		{"newest first", autumn("03:10:00", "02:40:00", "02:05:00", "02:50:00", "02:10:00", "01:55:00"), []string{"02:10:00", "01:40:00", "01:05:00", "00:50:00", "00:10:00", "23:55:00"}, "told apart by the order of the records"},
		{"begins within", autumn("02:40:00", "02:58:00", "02:01:00", "02:20:00"), []string{"00:40:00", "00:58:00", "01:01:00", "01:20:00"}, "told apart"},
		{"nothing tells", autumn("01:55:00", "02:10:00", "02:50:00", "03:10:00"), []string{"23:55:00", "00:10:00", "00:50:00", "02:10:00"}, "nothing in the file tells which"},
		{"out of order by a little", autumn("02:10:00", "02:11:00", "02:10:59", "02:12:00"), []string{"00:10:00", "00:11:00", "00:10:59", "00:12:00"}, "nothing in the file tells which"},
		{"zones are stated", autumn("02:10:00+02:00", "02:50:00+02:00", "02:05:00+01:00"), []string{"00:10:00", "00:50:00", "01:05:00"}, ""},
		{"an hour that did not occur", []string{"2024-03-31 01:55:00", "2024-03-31 02:30:00", "2024-03-31 03:40:00"}, []string{"00:55:00", "01:30:00", "01:40:00"}, "did not have (2024-03-31 01:00 to 02:00 UTC)"},
		{"another day", []string{"2024-10-26 02:30:00", "2024-10-26 02:10:00"}, []string{"00:30:00", "00:10:00"}, ""},
	} {
		for _, form := range []string{"log", "table"} {
			t.Run(tt.name+" in a "+form, func(t *testing.T) {
				text := lines(form, tt.local)
				src := evidence.Source{Name: "app", Size: int64(len(text)), Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }}
				_, sinks := evidence.Read([]evidence.Source{src}, evidence.Options{Formats: formats.All(), Workers: 2, Zone: func(string) *time.Location { return berlin }}, func() *placed { return &placed{} })
				var times, problems []string
				for _, s := range sinks {
					times, problems = append(times, s.times...), append(problems, s.problems...)
				}
				if diff := cmp.Diff(times, tt.want); diff != "" {
					t.Errorf("times (got before want):\n%s\n%s", diff, problems)
				}
				if says := slices.ContainsFunc(problems, func(s string) bool { return tt.says != "" && strings.Contains(s, tt.says) }); says != (tt.says != "") || tt.says == "" && len(problems) > 0 {
					t.Errorf("problems = %q, want one that says %q", problems, tt.says)
				}
			})
		}
	}
}
