package ui

import (
	"context"
	"io"
	"time"

	"github.com/a-h/templ"
)

// moment is a time as a page shows it: in UTC, until a script puts it into the
// reader's zone. A page has hundreds, so it is written by hand.
type moment struct {
	at         time.Time
	as, layout string
}

// Clock is the time of day of a moment.
func Clock(t time.Time) templ.Component { return moment{t, "clock", "15:04:05"} }

// Moment is a day and a time of day.
func Moment(t time.Time) templ.Component { return moment{t, "moment", "2006-01-02 15:04"} }

// Day is the day of a moment.
func Day(t time.Time) templ.Component { return moment{t, "day", "2006-01-02"} }

// Render writes the element. The title always says UTC.
func (m moment) Render(_ context.Context, w io.Writer) error {
	t := m.at.UTC()
	b := make([]byte, 0, 160)
	b = t.AppendFormat(append(b, `<time datetime="`...), time.RFC3339)
	b = append(append(append(b, `" data-as="`...), m.as...), `" title="`...)
	b = t.AppendFormat(b, "2006-01-02 15:04:05 UTC")
	b = t.AppendFormat(append(b, `">`...), m.layout)
	_, err := w.Write(append(b, `</time>`...))
	return err
}
