package moment_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast/internal/timeline/moment"
)

// reader writes on a Wednesday at 15:10:00 UTC, thirteen minutes after a page.
func reader(offsets ...time.Duration) moment.Reader {
	at := time.Date(2026, time.March, 18, 15, 10, 0, 0, time.UTC)
	return moment.Reader{At: at, Offsets: append([]time.Duration{0}, offsets...), Page: at.Add(-13 * time.Minute), Change: at.Add(-50 * time.Minute)}
}

// read returns the moments that a text names, as "15:04" of the day or with seconds
// or the date where they are others.
func read(text string, r moment.Reader) string {
	var out []string
	for _, e := range moment.Find(text) {
		at, ok := e.Resolve(r)
		if !ok {
			continue
		}
		layout := "15:04"
		if at.Second() != 0 {
			layout = "15:04:05"
		}
		if at.YearDay() != r.At.YearDay() {
			layout = "01-02 " + layout
		}
		s := at.Format(layout)
		if e.Ahead {
			s = "<" + s
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}

// phrasings are what people write, with what it means at 15:10 UTC.
const phrasings = `
since 14:05 | 14:05
first error at 14:05:09 | 14:05:09
since about 14:05 it hangs | 14:05
it started around 14:05-ish | 14:05
the licence ran out at two sharp | 14:00
applied around two minutes past two | 14:02
submitted at ten last night | 03-17 22:00
since nine this morning | 09:00
the db gets its upgrade tonight at 14:05 | <14:05
we ran it tonight at 14:05 | 14:05
on Tuesday evening, 18:22, somebody ran it | 03-17 18:22
two minutes after one pod restarted | 
14:05ish | 14:05
~14:05 we saw it | 14:05
restored on Tuesday evening (17 Mar 21:10 Toronto) after the swap | 01:10
masked yesterday 11:41 Helsinki time while it moved | 03-17 09:41
the timer was disabled on the 12th at 20:14 UTC | 03-12 20:14
disabled 20:14 UTC on the 28th, nobody put it back | 02-28 20:14
resumed (10:12 New York), fine since | 14:12
down since 10:12 Toronto time, said the desk | 14:12
restarted at 14:02 (Sofia) | 14:02
thus at 14:02 the pool was empty | 14:02
restarted the ceph mon at 14:02 | 14:02
first alert at 14:01, the 2nd at 14:02 | 14:01 14:02
20:14 on the 12th of February | 02-12 20:14
14:05 canary: first errors | 14:05
the backup fails since tue 01:15, quota exceeded | 03-17 01:15
shortly after 14:05 | 14:05
just before 14:05 | 14:05
at 14:05:09.231 | 14:05:09
at 14:05Z | 14:05
at 14:05 UTC | 14:05
at 14:05 utc it went away | 14:05
at 15:05 CET | 14:05
at 16:05 CEST | 14:05
at 09:05 EST | 14:05
at 10:05 EDT | 14:05
at 10:05 ET | 14:05
10:05 eastern | 14:05
at 9:05 CT | 14:05
9:05 central already | 14:05
8:05 mountain | 14:05
at 7:05 PT | 14:05
7:05 pacific | 14:05
at 19:35 IST | 14:05
at 22:05 SGT | 14:05
23:05 JST | 14:05
at 01:05 AEST | 15:05
at 03:05 NZDT | 14:05
11:05 BRT | 14:05
at 17:05 MSK | 14:05
at 16:05 SAST | 14:05
at 16:05 +02:00 | 14:05
at 16:05+0200 | 14:05
at 16:05 UTC+2 | 14:05
at 16:05 (GMT+2) | 14:05
at 09:05 UTC-05:00 | 14:05
at 09:05-0500 | 14:05
2026-03-18T09:05:09-05:00 | 14:05:09
09:05-10:00 | 09:05 10:00
2:05pm | 14:05
at 2:05 pm | 14:05
at 2:05 p.m. it stopped | 14:05
since 2pm | 14:00
2 PM | 14:00
at 2 p.m. | 14:00
11am | 11:00
at 11 a.m. | 11:00
12am | 00:00
12pm | 12:00
since 2:05 this afternoon | 14:05
at 2:05 in the afternoon | 14:05
at 9:05 this morning | 09:05
this morning at 9:05 | 09:05
this morning's 06:00 run | 06:00
since 9 this morning | 09:00
around 7 this morning | 07:00
at 6:40 in the morning | 06:40
since 2:05 already | 14:05
climbing since 1:40 | 13:40
at 9:20 | 09:20
14h05 | 14:05
vers 14h05 | 14:05
14.05 Uhr | 14:05
um 14.05 Uhr | 14:05
seit 14 Uhr | 14:00
um 14:05 Uhr | 14:05
kl. 14.05 | 14:05
kl 14.05 | 14:05
klo 14.05 | 14:05
kl. 14:05 | 14:05
desde las 14:05 | 14:05
a las 14:05 | 14:05
1405Z | 14:05
at 1405Z contact was lost | 14:05
1405 UTC | 14:05
since 1405 hours | 14:05
at 1405hrs | 14:05
at 1405 zulu | 14:05
half past two | 14:30
half past 2 | 14:30
at half two | 14:30
since half past one | 13:30
quarter past two | 14:15
a quarter past two | 14:15
quarter after two | 14:15
quarter to three | 14:45
a quarter to three | 14:45
quarter of three | 14:45
at ten to two | 13:50
around ten to two | 13:50
about ten to three | 14:50
ten past two | 14:10
five past two | 14:05
five after two | 14:05
at five to three | 14:55
twenty past two | 14:20
at twenty to three | 14:40
twenty-five past one | 13:25
12 minutes past two | 14:12
two o'clock | 14:00
since two o'clock | 14:00
2 o'clock | 14:00
14 o'clock | 14:00
at ten past | 15:10
since five past | 15:05
at quarter past | 14:15
since half past | 14:30
at :40 | 14:40
since :05 | 15:05
around noon | 12:00
since noon | 12:00
at midnight | 00:00
since midday | 12:00
twenty minutes ago | 14:50
20 minutes ago | 14:50
20 min ago | 14:50
20min ago | 14:50
20m ago | 14:50
about 20 mins ago | 14:50
an hour ago | 14:10
1 hour ago | 14:10
1h ago | 14:10
half an hour ago | 14:40
an hour and a half ago | 13:40
an hour and ten minutes ago | 14:00
an hour and five minutes ago | 14:05
two and a half hours ago | 12:40
1.5 hours ago | 13:40
1h20 ago | 13:50
1h 20m ago | 13:50
2 hours and 10 minutes ago | 13:00
90s ago | 15:08:30
30 seconds ago | 15:09:30
a couple of hours ago | 13:10
a couple of minutes ago | 15:08
a few minutes ago | 15:06
two days ago | 03-16 15:10
ten minutes or so ago | 15:00
fifteen minutes back | 14:55
ten minutes earlier | 15:00
forty-five minutes ago | 14:25
it has been failing for the last 40 minutes | 14:30
for the past hour | 14:10
for the last half hour | 14:40
for the past two hours | 13:10
over the last half an hour | 
we have been down for 25 minutes | 14:45
it's been slow for about an hour | 14:10
the queue has been growing for 40 min now | 14:30
it has been broken for over an hour | 14:10
locked out for an hour at least | 
it is at 95% for 30 min | 
for 20 minutes now | 14:50
for 20 min already | 14:50
since 20 minutes | 14:50
since about 2 hours | 13:10
since an hour | 14:10
pausing for 10 minutes | 
in the last 10 minutes | 
~25 min before the page | 14:32
25 minutes before the page | 14:32
two minutes before the alert | 14:55
about 10 min before the alert fired | 14:47
a good hour before our alarm | 13:57
10 minutes before we got paged | 14:47
5 min ahead of the pager | 14:52
3 min after the alert | 15:00
ten minutes after the deploy | 14:30
5 minutes after the release | 14:25
2 min before the rollout | 14:18
an hour before the upgrade | 13:20
yesterday at 16:30 | 03-17 16:30
yesterday 16:30 | 03-17 16:30
16:30 yesterday | 03-17 16:30
yesterday at half past four in the afternoon | 03-17 16:30
yesterday afternoon at 4:30 | 03-17 16:30
since yesterday 22:10 UTC | 03-17 22:10
ten past three yesterday | 03-17 15:10
yesterday at ten to five | 03-17 16:50
yesterday at twenty to nine | 03-17 08:40
last night at 22:40 | 03-17 22:40
last night at 10:40 | 03-17 22:40
22:40 last night | 03-17 22:40
gestern 16:30 | 03-17 16:30
ayer a las 16:30 | 03-17 16:30
on Monday at 18:00 | 03-16 18:00
Monday 18:00 | 03-16 18:00
last Friday at 9:00 | 03-13 09:00
18:00 on Sunday | 03-15 18:00
Monday's config run at 18:00 | 03-16 18:00
yesterday's deploy of cart at 16:30 | 03-17 16:30
it was Sunday's nightly import (18:00) | 03-15 18:00
last Friday's release at 9:00 | 03-13 09:00
today's second push at 13:05 | 13:05
Monday's run was fine and the one at 13:05 was not | 13:05
2026-03-18 14:05 | 14:05
2026-03-17 23:50:10 | 03-17 23:50:10
2026-03-18T14:05:09Z | 14:05:09
2026-03-18T16:05:09+02:00 | 14:05:09
Mar 17 23:10 | 03-17 23:10
on 17 March 23:10 | 03-17 23:10
17th of March at 23:10 | 03-17 23:10
March 17th, 23:10 | 03-17 23:10
30 October 23:10 | 10-30 23:10
today at 13:05 | 13:05
13:05 today | 13:05
from 13:50 to 14:10 | 13:50 14:10
between 13:50 and 14:10 | 13:50 14:10
13:50-14:10 UTC | 13:50 14:10
1:50 - 14:10 | 13:50 14:10
until 14:22 | <14:22
by 15:00 | <15:00
ETA 14:59 | <14:59
next update 15:10 | <15:10
2:1 odds | 
ratio 16:9 | 
10.60.0.1:53 refused | 
half of the nodes | 
half an hour | 
ten to twelve users | 
a quarter of the traffic | 
version 14.05 is out | 
error 1405 | 
node 2 p | 
`

func TestFind(t *testing.T) {
	n := 0
	for line := range strings.Lines(phrasings) {
		text, want, ok := strings.Cut(strings.TrimSuffix(line, "\n"), " |")
		if !ok {
			continue
		}
		n++
		if got := read(text, reader()); got != strings.TrimSpace(want) {
			t.Errorf("Find(%q) = %q, want %q", text, got, strings.TrimSpace(want))
		}
	}
	if n < 150 {
		t.Errorf("%d phrasings, want 150 and more", n)
	}
}

func TestResolveReadsLocalTimeInAnotherZone(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"mailed at 15:05 our time", "14:05"},
		{"at 15:05 local", "14:05"},
		{"at 15:05 local time it broke", "14:05"},
		{"15:05 here", "14:05"},
		{"a las 15:05 hora local", "14:05"},
		{"15:05 (hora de aquí, 14:05 UTC)", "14:05 14:05"},
		{"at 15:05 plant time", "14:05"},
		{"at 15:05 in Dublin", "14:05"},
		{"at 15:05", "15:05"},
		{"at 11:20", "11:20"},
		{"at 16:05", "15:05"},
	} {
		if got := read(c.text, reader(time.Hour)); got != c.want {
			t.Errorf("Find(%q) = %q, want %q", c.text, got, c.want)
		}
	}
}

func TestFindMarksHowATimeIsMeant(t *testing.T) {
	type marks struct{ Since, Approx, Ahead, Local, HasSecond, Called, Span bool }
	for _, c := range []struct {
		text string
		want marks
	}{
		{"since about 14:05", marks{Since: true, Approx: true}},
		{"from 14:05 on", marks{Since: true}},
		{"14:05-ish", marks{Approx: true}},
		{"until 14:05 our time", marks{Ahead: true, Local: true}},
		{"at 14:05:01", marks{HasSecond: true}},
		{"the board meets at 14:05", marks{Ahead: true}},
		{"the review on Thursday at 14:05", marks{Ahead: true}},
		{"with the 14:05 printed lists", marks{Called: true}},
		{"the 14:05 stock import", marks{Called: true}},
		{"first at 14:05 and then again", marks{}},
		{"the 14:05 push", marks{}},
		{"for the last 20 minutes", marks{Since: true}},
		{"about 20 minutes ago", marks{Approx: true}},
	} {
		found := moment.Find(c.text)
		if len(found) != 1 {
			t.Errorf("Find(%q) has %d times, want 1", c.text, len(found))
			continue
		}
		e := found[0]
		if diff := cmp.Diff(c.want, marks{e.Since, e.Approx, e.Ahead, e.Local, e.HasSecond, e.Called, e.Span}); diff != "" {
			t.Errorf("Find(%q): -want +got:\n%s", c.text, diff)
		}
	}
}

func FuzzFind(f *testing.F) {
	for line := range strings.Lines(phrasings) {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, e := range moment.Find(s) {
			if e.Start < 0 || e.End > len(strings.ToLower(s)) || e.Start >= e.End {
				t.Errorf("Find(%q) at [%d:%d]", s, e.Start, e.End)
			}
			e.Resolve(reader())
		}
	})
}

func TestFindMarksBothEndsOfATime(t *testing.T) {
	for _, text := range []string{"164 pieces between 14:05 and 14:20", "maintenance today 14:05 to 16:00 UTC", "14:05-14:20 was worst"} {
		found := moment.Find(text)
		if len(found) != 2 || !found[0].Span || !found[1].Span {
			t.Errorf("Find(%q) = %v, want both ends of a time", text, found)
		}
	}
}
