package foreign

import (
	"strings"
	"testing"
	"time"
)

func TestPlace(t *testing.T) {
	for _, c := range []struct{ text, at, until, rest string }{
		{"14:37 Rollout begins", "2024-03-15 14:37:00", "", "Rollout begins"},
		{"**14:37:21** - Rollout begins", "2024-03-15 14:37:21", "", "Rollout begins"},
		{"**14:37:** Rollout begins", "2024-03-15 14:37:00", "", "Rollout begins"},
		{"`14:37 UTC`: `kubectl` fails", "2024-03-15 14:37:00", "", "`kubectl` fails"},
		{"14:37:21.5Z | x", "2024-03-15 14:37:21.5", "", "x"},
		{"~2:37 pm – x", "2024-03-15 14:37:00", "", "x"},
		{"14:37pm: x", "2024-03-15 14:37:00", "", "x"},
		{"2pm: x", "2024-03-15 14:00:00", "", "x"},
		{"12:05 a.m. x", "2024-03-15 00:05:00", "", "x"},
		{"12.30 PM x", "2024-03-15 12:30:00", "", "x"},
		{"14h37 x", "2024-03-15 14:37:00", "", "x"},
		{"1437 UTC x", "2024-03-15 14:37:00", "", "x"},
		{"0937hrs x", "2024-03-15 09:37:00", "", "x"},
		{"14:37 CET - x", "2024-03-15 13:37:00", "", "x"},
		{"14:37 (PDT) x", "2024-03-15 21:37:00", "", "x"},
		{"10:37 ET x", "2024-03-15 14:37:00", "", "x"},
		{"14:37 UTC+2: x", "2024-03-15 12:37:00", "", "x"},
		{"2024-03-15T14:37:00+05:30 x", "2024-03-15 09:07:00", "", "x"},
		{"14:37 - 14:52: x", "2024-03-15 14:37:00", "2024-03-15 14:52:00", "x"},
		{"23:50–00:10 UTC x", "2024-03-15 23:50:00", "2024-03-16 00:10:00", "x"},
		{"14:37 to 15:02 CET, x", "2024-03-15 13:37:00", "2024-03-15 14:02:00", "x"},
		{"14:37-14:?? x", "2024-03-15 14:37:00", "", "x"},
		{"2024-03-16 09:00 → 2024-03-17 10:00 x", "2024-03-16 09:00:00", "2024-03-17 10:00:00", "x"},
		{"2024/03/16, 09:00: x", "2024-03-16 09:00:00", "", "x"},
		{"March 16, 2024 at 9:00 AM: x", "2024-03-16 09:00:00", "", "x"},
		{"Sat, 16 Mar 2024 09:00 x", "2024-03-16 09:00:00", "", "x"},
		{"16th of March 09:00 x", "2024-03-16 09:00:00", "", "x"},
		{"Mar 16 ~09:00 - x", "2024-03-16 09:00:00", "", "x"},
		{"09:00 UTC (Mar 16) - x", "2024-03-16 09:00:00", "", "x"},
		{"16/03/2024 09:00 x", "2024-03-16 09:00:00", "", "x"},
		{"03/16/2024 09:00 x", "2024-03-16 09:00:00", "", "x"},
		{"16.03.24 09.00 x", "2024-03-16 09:00:00", "", "x"},
		{"Dec 30 09:00 x", "2023-12-30 09:00:00", "", "x"},
		{"around 14:37, x", "2024-03-15 14:37:00", "", "x"},

		{"14:37 IST x", "", "", "x"}, // India, Ireland or Israel
		{"05/06/2024 09:00 x", "", "", "x"},
		{"2024-03-16: x", "", "", "x"},
		{"March 16 - x", "", "", "x"},
	} {
		s, rest, ok := readStamp(c.text)
		if !ok || rest != c.rest {
			t.Errorf("readStamp(%q) leaves %q, %v, want %q", c.text, rest, ok, c.rest)
			continue
		}
		clock := Clock{Day: time.Date(2024, 3, 15, 0, 0, 0, 0, time.UTC)}
		at, until, ok := clock.place(&s)
		if got := format(at); got != c.at || ok != (c.at != "") {
			t.Errorf("%q is at %q, %v, want %q", c.text, got, ok, c.at)
		}
		if got := format(until); got != c.until {
			t.Errorf("%q lasts until %q, want %q", c.text, got, c.until)
		}
	}
}

func format(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("2006-01-02 15:04:05.999")
}

func TestNoStamp(t *testing.T) {
	for _, text := range []string{
		"", "We rolled back", "5 pods restarted", "24:61 x", "10:5 x", "25:00 x", "99% of users", "v1.2.3 shipped", "2024 was long", "1437 requests failed", "May be a fluke",
		"30 February x", "2024-02-30: x", "http://10:30/", "12 am", "10:30abc", "14:15am x",
	} {
		if s, rest, ok := readStamp(text); ok && rest != "" {
			t.Errorf("readStamp(%q) = %+v with %q left, want none", text, s, rest)
		}
	}
}

// TestClockGoesOn: the days of times that name none follow from those before.
func TestClockGoesOn(t *testing.T) {
	c := Clock{}
	var got []string
	for _, text := range []string{"January 30, 2022, 23:10 (CET): x", "23:50: x", "00:20: x", "January 31, 12:00 x", "12:30 UTC x"} {
		s, _, _ := readStamp(text)
		at, _, _ := c.place(&s)
		got = append(got, format(at))
	}
	want := "2022-01-30 22:10:00 2022-01-30 22:50:00 2022-01-30 23:20:00 2022-01-31 11:00:00 2022-01-31 12:30:00"
	if s := strings.Join(got, " "); s != want {
		t.Errorf("times are %s, want %s", s, want)
	}
}

func TestStatedZone(t *testing.T) {
	for text, want := range map[string]string{
		"All times in CEST": "CEST", "_all times utc_": "UTC", "(Paris, UTC+1)": "UTC+1", "Timeline (PST)": "PST", "All times are local time.": "local time", "Times are UTC unless noted": "UTC",
		"The GET request to the EAST region failed": "", "We met at noon": "", "The UTC offset of the database was read by the job that failed first": "",
	} {
		if z, _ := statedZone(text); z.name != want {
			t.Errorf("statedZone(%q) = %q, want %q", text, z.name, want)
		}
	}
}

func TestSummerInAmerica(t *testing.T) {
	for day, want := range map[string]bool{"2024-03-10 01:59": false, "2024-03-10 03:00": true, "2024-11-03 01:00": true, "2024-11-03 02:00": false, "2023-03-11 12:00": false, "2023-03-12 12:00": true} {
		at, err := time.Parse("2006-01-02 15:04", day)
		if err != nil {
			t.Fatal(err)
		}
		if got := summerInAmerica(at); got != want {
			t.Errorf("summerInAmerica(%s) = %v, want %v", day, got, want)
		}
	}
}

// TestEitherOrder: another date of the document tells whether the month is first.
func TestEitherOrder(t *testing.T) {
	for text, want := range map[string]string{"seen on 25/04/2024": "2024-06-05", "seen on 04/25/2024": "2024-05-06"} {
		c := Clock{}
		c.Learn(text)
		s, _, _ := readStamp("05/06/2024 09:00 x")
		if day, ok := c.dayOf(&s); !ok || day.Format(time.DateOnly) != want {
			t.Errorf("after %q 05/06/2024 is %v, %v, want %s", text, day, ok, want)
		}
	}
}
