package hindcast_test

import (
	"testing"
	"time"

	"github.com/hindcast/hindcast"
)

func TestDueIsCountedInWorkingDays(t *testing.T) {
	day := func(s string) hindcast.Date {
		d, err := hindcast.ParseDate(s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	friday := []time.Weekday{time.Friday, time.Saturday}
	for _, test := range []struct {
		name     string
		calendar hindcast.Calendar
		from     string
		days     int
		want     string
	}{
		{"within a week", hindcast.Calendar{}, "2026-03-02T10:00:00Z", 3, "2026-03-05T23:59:59Z"},
		{"over a weekend", hindcast.Calendar{}, "2026-03-05T10:00:00Z", 3, "2026-03-10T23:59:59Z"},
		{"from a weekend", hindcast.Calendar{}, "2026-03-07T10:00:00Z", 3, "2026-03-11T23:59:59Z"},
		{"none, on a weekend", hindcast.Calendar{}, "2026-03-07T10:00:00Z", 0, "2026-03-09T23:59:59Z"},
		{"another weekend", hindcast.Calendar{Weekend: friday}, "2026-03-05T10:00:00Z", 1, "2026-03-08T23:59:59Z"},
		{"no weekend", hindcast.Calendar{Weekend: []time.Weekday{}}, "2026-03-06T10:00:00Z", 1, "2026-03-07T23:59:59Z"},
		{"holidays", hindcast.Calendar{Holidays: []hindcast.Date{day("2026-04-03"), day("2026-04-06")}}, "2026-04-02T10:00:00Z", 1, "2026-04-07T23:59:59Z"},
		{"Saturday already in Auckland", hindcast.Calendar{Zone: "Pacific/Auckland"}, "2026-03-06T12:00:00Z", 1, "2026-03-09T10:59:59Z"},
		{"Friday still in Los Angeles", hindcast.Calendar{Zone: "America/Los_Angeles"}, "2026-03-07T02:00:00Z", 1, "2026-03-10T06:59:59Z"}, // clocks went forward on March 8
		{"clocks go forward", hindcast.Calendar{Zone: "Europe/Berlin"}, "2026-03-27T12:00:00Z", 1, "2026-03-30T21:59:59Z"},
		{"clocks go back", hindcast.Calendar{Zone: "Europe/Berlin"}, "2026-10-23T12:00:00Z", 1, "2026-10-26T22:59:59Z"},
		{"all days", hindcast.Calendar{AllDays: true}, "2026-03-06T10:00:00Z", 3, "2026-03-09T10:00:00Z"},
	} {
		from, err := time.Parse(time.RFC3339, test.from)
		if err != nil {
			t.Fatal(err)
		}
		if got := test.calendar.Due(from, test.days).UTC().Format(time.RFC3339); got != test.want {
			t.Errorf("%s: Due(%s, %d) = %s, want %s", test.name, test.from, test.days, got, test.want)
		}
	}
}

func TestDaysBetweenAreWhatAddAdds(t *testing.T) {
	c := hindcast.Calendar{Holidays: []hindcast.Date{{Year: 2026, Month: 1, Day: 1}}}
	for d := (hindcast.Date{Year: 2025, Month: 12, Day: 20}); d.Compare(hindcast.Date{Year: 2026, Month: 1, Day: 10}) < 0; d = d.Add(1) {
		for n := 1; n < 12; n++ {
			if got := c.Between(d, c.Add(d, n)); got != n {
				t.Errorf("Between(%s, Add(%d)) = %d, want %d", d, n, got, n)
			}
			if c.Works(d) && c.Add(c.Add(d, n), -n) != d {
				t.Errorf("%d working days after %s and back is %s", n, d, c.Add(c.Add(d, n), -n))
			}
		}
	}
}

func TestACalendarWithoutWorkIsRefused(t *testing.T) {
	week := []time.Weekday{0, 1, 2, 3, 4, 5, 6}
	if got := len((hindcast.Calendar{Zone: "Mars/Olympus", Weekend: week}).Validate()); got != 2 {
		t.Errorf("Validate found %d faults, want 2", got)
	}
}

func TestADayIsToldInWords(t *testing.T) {
	due := time.Date(2026, 3, 6, 22, 59, 59, 0, time.UTC) // Friday in Berlin
	for now, want := range map[time.Time]string{
		time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC):  "due in 2 working days",
		time.Date(2026, 3, 5, 9, 0, 0, 0, time.UTC):  "due in 1 working day",
		time.Date(2026, 3, 6, 9, 0, 0, 0, time.UTC):  "due today",
		time.Date(2026, 3, 7, 9, 0, 0, 0, time.UTC):  "due, and not long past", // nobody works
		time.Date(2026, 3, 9, 9, 0, 0, 0, time.UTC):  "1 working day late",
		time.Date(2026, 3, 11, 9, 0, 0, 0, time.UTC): "3 working days late",
	} {
		if got := (hindcast.Calendar{Zone: "Europe/Berlin"}).Until(due, now); got != want {
			t.Errorf("on %s it is %q, want %q", now.Weekday(), got, want)
		}
	}
}
