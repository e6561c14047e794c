package fact

import (
	"strings"

	"github.com/hindcast/hindcast"
)

const (
	longEnough = 20 // bytes of a quoted message that cannot be repeated by chance
	remembered = 60 // messages of a channel that a reply may quote
)

// Quotes takes what a message quotes from others out of its text, so that only
// the writer's own words are read. The zero value is ready; events must come in
// order of time.
type Quotes struct {
	recent map[string][]string // by channel
}

// Strip returns the message without lines marked as quotes, and without the
// words of an earlier message of the channel that it begins with.
func (q *Quotes) Strip(e hindcast.Event) hindcast.Event {
	if e.Kind != hindcast.Message {
		return e
	}
	text := e.Text
	if text == "" {
		text = e.Title
	}
	own := withoutMarked(text)
	channel := e.Attrs["channel"]
	for _, s := range q.recent[channel] {
		if rest, ok := strings.CutPrefix(own, s); ok && strings.TrimSpace(rest) != "" {
			own = strings.TrimSpace(rest)
			break
		}
	}
	q.remember(channel, own)
	if own == text {
		return e
	}
	e.Text, e.Title = own, Shorten(strings.Join(strings.Fields(own), " "), 200)
	return e
}

func (q *Quotes) remember(channel, text string) {
	if len(text) < longEnough {
		return
	}
	if q.recent == nil {
		q.recent = map[string][]string{}
	}
	list := append(q.recent[channel], text)
	q.recent[channel] = list[max(0, len(list)-remembered):]
}

// withoutMarked drops the lines that begin with a mark of quotation, unless
// nothing else is left.
func withoutMarked(text string) string {
	var own []string
	for line := range strings.Lines(text) {
		if s := strings.TrimSpace(line); s != "" && !strings.HasPrefix(s, ">") && !strings.HasPrefix(s, "&gt;") {
			own = append(own, s)
		}
	}
	if len(own) == 0 || len(own) == strings.Count(text, "\n")+1 {
		return text
	}
	return strings.Join(own, "\n")
}

// Shorten returns at most n characters of a text; a longer one ends in an ellipsis.
func Shorten(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return strings.TrimRight(string(r[:n-1]), " ") + "…"
}
