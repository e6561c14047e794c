package logtime_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/logtime"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/record/recordtest"
)

func TestRead(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	year := &record.File{Year: 2024}
	tests := []struct {
		in   string // "|" marks where the time should end
		want string // RFC 3339; "none" for no time at all, "" for an incomplete one
		file *record.File
		hab  logtime.Habit
	}{
		{in: "2024-03-15T14:37:00Z| msg", want: "2024-03-15T14:37:00Z"},
		{in: "2024-03-15T14:37:00.123456789+02:00| msg", want: "2024-03-15T12:37:00.123456789Z"},
		{in: "2024-03-15 14:37:00,123| INFO msg", want: "2024-03-15T14:37:00.123Z"},
		{in: "2024-03-15 10:25:03.995 EDT| [3552] LOG", want: "2024-03-15T14:25:03.995Z"},
		{in: "2024-03-15 14:37:00.5+02| msg", want: "2024-03-15T12:37:00.5Z"},
		{in: "2024-03-15 14:37:00 +0000 UTC| m=+0.1", want: "2024-03-15T14:37:00Z"},
		{in: "2024-03-15 14:37:00| - INFO - msg", want: "2024-03-15T14:37:00Z"},
		{in: "2024-03-15 14:37:00| -1 left", want: "2024-03-15T14:37:00Z"},
		{in: "2024-03-15 14:37:00| ERROR msg", want: "2024-03-15T14:37:00Z"},
		{in: "2024-03-15 14:37:00| LOG:", want: "2024-03-15T14:37:00Z"},
		{in: "2024-03-15T14:37| msg", want: "2024-03-15T14:37:00Z"},
		{in: "2024/03/15 14:37:00| msg", want: "2024-03-15T14:37:00Z"},
		{in: "2024/03/15 - 14:37:00| | 200 |", want: "2024-03-15T14:37:00Z"},
		{in: "2024.03.15 14:37:00| msg", want: "2024-03-15T14:37:00Z"},
		{in: "2024-3-5 4:7:9| msg", want: "2024-03-05T04:07:09Z"},
		{in: "2005-06-03-15.42.50.675872| R02", want: "2005-06-03T15:42:50.675872Z"},
		{in: "20240315T143700Z| msg", want: "2024-03-15T14:37:00Z"},
		{in: "20171223-22:15:29:606|/Step", want: "2017-12-23T22:15:29.606Z"},
		{in: "20171224-0:7:20:44|/Step", want: "2017-12-24T00:07:20.044Z"},
		{in: "081109 203615| 148 INFO", want: "2008-11-09T20:36:15Z"},
		{in: "240315  9:05:01| msg", want: "2024-03-15T09:05:01Z"},
		{in: "15/Mar/2024:14:25:03 +0000|]", want: "2024-03-15T14:25:03Z"},
		{in: "15-Mar-2024 14:25:03.123| INFO", want: "2024-03-15T14:25:03.123Z"},
		{in: "12 May 2024 14:05:06,070 -0400| INFO", want: "2024-05-12T18:05:06.07Z"},
		{in: "15 Mar 2024 14:25:03.995| * msg", want: "2024-03-15T14:25:03.995Z"},
		{in: "15 Mar 14:25:03.995| * msg", want: "2024-03-15T14:25:03.995Z", file: year},
		{in: "Fri, 15 Mar 2024 14:25:03 GMT| msg", want: "2024-03-15T14:25:03Z"},
		{in: "Sun Dec 04 04:47:44 2005|] [notice]", want: "2005-12-04T04:47:44Z"},
		{in: "Wed Oct 11 14:32:52.123456 2023|] [core:error]", want: "2023-10-11T14:32:52.123456Z"},
		{in: "Fri Mar 15 14:25:03 UTC 2024| msg", want: "2024-03-15T14:25:03Z"},
		{in: "Mar 15, 2024 10:25:03 PM| com.example", want: "2024-03-15T22:25:03Z"},
		{in: "March 5, 2024 12:05:03 AM| x", want: "2024-03-05T00:05:03Z"},
		{in: "Mar  5 14:37:00| host", want: "2024-03-05T14:37:00Z", file: year},
		{in: "Mar  5 14:37:00| host", want: ""},
		{in: "Mar 15 2024 14:37:00| host", want: "2024-03-15T14:37:00Z"},
		{in: "0315 14:37:00.123456|  1 main.go", want: "2024-03-15T14:37:00.123456Z", file: year},
		{in: "03-17 16:13:38.811|  1702", want: "2024-03-17T16:13:38.811Z", file: year},
		{in: "10.30 16:49:06|] chrome", want: "2024-10-30T16:49:06Z", file: year},
		{in: "30.10 16:49:06|] chrome", want: "none", file: year},
		{in: "30.10 16:49:06|] chrome", want: "2024-10-30T16:49:06Z", file: year, hab: logtime.Habit{Order: logtime.DayFirst}},
		{in: "17/06/09 20:10:40| INFO", want: "2017-06-09T20:10:40Z"},
		{in: "15.3.2024 14.37| x", want: "2024-03-15T14:37:00Z"},
		{in: "15.03.2024 14:37:00| x", want: "2024-03-15T14:37:00Z"},
		{in: "03/15/2024 02:37:00 PM| x", want: "2024-03-15T14:37:00Z"},
		{in: "15/03/2024 14:37:00| x", want: "2024-03-15T14:37:00Z", hab: logtime.Habit{Order: logtime.DayFirst}},
		{in: "03/15/24 14:37:00| x", want: "2024-03-15T14:37:00Z", hab: logtime.Habit{Order: logtime.MonthFirst}},
		{in: "17:35:38.386| INFO", want: ""},
		{in: "2024075 14:37:00.68| JOB07101", want: "2024-03-15T14:37:00.68Z"},
		{in: "2024366 14:37:00| JOB07101", want: "2024-12-31T14:37:00Z"},
		{in: "2024367 14:37:00| JOB07101", want: "none"},
		{in: "1710513421| x", want: "2024-03-15T14:37:01Z"},
		{in: "1710513421.250| x", want: "2024-03-15T14:37:01.25Z"},
		{in: "1710513421250| x", want: "2024-03-15T14:37:01.25Z"},
		{in: "1710513421250000001| x", want: "2024-03-15T14:37:01.250000001Z"},
		{in: "2024-03-15 14:37:00| x", want: "2024-03-15T13:37:00Z", file: &record.File{Zone: berlin}},
		{in: "2024-07-15 14:37:00| x", want: "2024-07-15T12:37:00Z", file: &record.File{Zone: berlin}},
		{in: "Dec 31 23:59:59| x", want: "2023-12-31T23:59:59Z", file: year, hab: logtime.Habit{TurnMonth: 12}},
		{in: "Jan  1 00:00:01| x", want: "2024-01-01T00:00:01Z", file: year, hab: logtime.Habit{TurnMonth: 12}},
		{in: "10.20.30.40 - - [", want: "none"},
		{in: "2024-13-15 14:37:00 x", want: "none"},
		{in: "may be 12:00:00", want: "none"},
		{in: "1234567890123456789012 x", want: "none"},
		{in: "17105134215-abc", want: "none"},
		{in: "2024-03-15", want: "none"},
		{in: "request 12", want: "none"},
		{in: "12:30 lunch", want: "none"},
	}
	for _, tt := range tests {
		t.Run(tt.in, func(t *testing.T) {
			in, end := tt.in, 0
			for i := range in {
				if in[i] == '|' {
					in, end = in[:i]+in[i+1:], i
					break
				}
			}
			f := tt.file
			if f == nil {
				f = &record.File{}
			}
			s, ok := logtime.NewClock(f, tt.hab).Read([]byte(in))
			got := "none"
			if ok {
				got = recordtest.Time(s.At)
			}
			if got != tt.want || ok && s.N != end {
				t.Errorf("Read(%q) = %q, %d bytes; want %q, %d bytes", in, got, s.N, tt.want, end)
			}
		})
	}
}

func TestReport(t *testing.T) {
	f := &record.File{Name: "a.log"}
	c := logtime.NewClock(f, logtime.Habit{})
	for _, s := range []string{"2024-03-15T14:37:00Z", "2024-03-15 14:37:00", "Mar 15 14:37:00", "14:37:00.000", "Mar 15 14:37:00"} {
		c.Read([]byte(s))
	}
	var sink recordtest.Sink
	c.Report(&sink)
	want := []hindcast.Problem{
		{File: "a.log", Message: "times carry no zone and were read as UTC; name the zone with --zone a.log=ZONE if that is wrong"},
		{File: "a.log", Message: "times carry no year, so the lines were read without times; name the year with --year YEAR"},
		{File: "a.log", Message: "times carry no date, so the lines were read without times; export the log with dates"},
	}
	if diff := cmp.Diff(want, sink.Problems); diff != "" {
		t.Errorf("problems differ (-want +got):\n%s", diff)
	}
}

func TestReportOfALineThatWasCutOff(t *testing.T) {
	for zoned, want := range map[int]int{50: 0, 5: 1} {
		c := logtime.NewClock(&record.File{Name: "a.log"}, logtime.Habit{})
		for i := range zoned {
			c.Read(fmt.Appendf(nil, "2024-03-15T14:%02d:00+11:00 x", i))
		}
		c.Read([]byte("2024-03-15T14:59:00.11"))
		var sink recordtest.Sink
		c.Report(&sink)
		if len(sink.Problems) != want {
			t.Errorf("after %d times with a zone and one without: problems %v, want %d", zoned, sink.Problems, want)
		}
	}
}

// TestBeside: a second time without year and zone is no habit of the file, even in a year
// that the user named.
func TestBeside(t *testing.T) {
	for _, year := range []int{0, 2024} {
		c := logtime.NewClock(&record.File{Name: "a.log", Year: year}, logtime.Habit{})
		for i := range 30 {
			c.Read(fmt.Appendf(nil, "2024-03-15T14:%02d:00+11:00 x", i))
			c.Beside(func() { c.Read(fmt.Appendf(nil, "Mar 15 14:%02d:00.123: x", i)) })
		}
		var sink recordtest.Sink
		if c.Report(&sink); len(sink.Problems) > 0 {
			t.Errorf("in the year %d: %v", year, sink.Problems)
		}
	}
}

// FuzzRead checks that a clock's memory never changes what it reads.
func FuzzRead(f *testing.F) {
	f.Add("2024-03-15 14:37:00 EDT", "2024-03-15 14:37:00 INFO")
	f.Add("Mar 15 14:37:00", "Mar 15 2024 14:37:00")
	f.Add("240315 9:05:01", "240315 090501")
	f.Add("2024-03-15 11:37:00", "2024-03-15 11:37:09 PM")
	f.Add("2024-03-15 11:37:00 AM", "2024-03-15 11:37:59,120+02:00")
	f.Add("Mon Mar 15 11:37:00 2021", "Mon Mar 15 11:37:00 2022")
	f.Fuzz(func(t *testing.T, a, b string) {
		file := &record.File{Year: 2024}
		used := logtime.NewClock(file, logtime.Habit{})
		used.Read([]byte(a))
		got, ok := used.Read([]byte(b))
		want, wantOK := logtime.NewClock(file, logtime.Habit{}).Read([]byte(b))
		if got != want || ok != wantOK {
			t.Errorf("Read(%q) after %q = %+v, %t; want %+v, %t", b, a, got, ok, want, wantOK)
		}
		if got.N > len(b) {
			t.Errorf("Read(%q) = %d bytes", b, got.N)
		}
	})
}

func BenchmarkRead(b *testing.B) {
	for _, s := range []string{
		"2026-03-04T10:00:00.123Z info", "2024-03-15 10:25:03,995 INFO", "2024-03-15 10:25:03.995 EDT [1]", "Mar 15 10:25:03 host",
		"15/Mar/2024:14:25:03 +0000]", "1710513421.250 x", "Sun Dec 04 04:47:44 2005]",
	} {
		b.Run(s, func(b *testing.B) {
			c := logtime.NewClock(&record.File{Year: 2024}, logtime.Habit{})
			line := []byte(s)
			b.ReportAllocs()
			for b.Loop() {
				c.Read(line)
			}
		})
	}
}
