package replay

import (
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast/internal/timeline/signal"
)

// track is what a rule is evaluated on.
type track struct {
	subject string
	names   []string
	points  []point // at least one, in order
}

// point is one evaluation.
type point struct {
	at    int64 // nanoseconds since the Unix epoch
	value float64
}

// tracks returns what a rule watches: every series that matches, or the messages
// together.
func (r Rule) tracks(set signal.Set) []track {
	if r.Text != "" {
		return r.messages(set.Templates)
	}
	var out []track
	for i := range set.Series {
		if !r.matches(&set.Series[i]) {
			continue
		}
		s, _ := set.Series[i].Sampled()
		if len(s.At) == 0 {
			continue
		}
		name := strings.TrimSpace(subject(s) + " " + s.Service)
		t := track{subject: name, names: []string{name}}
		for k, at := range s.At {
			t.points = append(t.points, point{at, s.Value[k]})
		}
		out = append(out, t)
	}
	return out
}

func (r Rule) matches(s *signal.Series) bool {
	if s.Name != r.Metric || r.Service != "" && !strings.EqualFold(r.Service, s.Service) {
		return false
	}
	for _, l := range r.Labels {
		if !slices.Contains(s.Labels, l.Name+"="+l.Value) && !(l.Name == "service" && l.Value == s.Service) {
			return false
		}
	}
	return true
}

func subject(s *signal.Series) string {
	if len(s.Labels) == 0 {
		return s.Name
	}
	return s.Name + "{" + strings.Join(s.Labels, ",") + "}"
}

func contains(text, part string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(part))
}

// mostSteps is how many evaluations of a count are made at most: about four
// months at one in ten seconds.
const mostSteps = 1 << 20

// messages counts the messages that match over the rule's window, evaluated at
// the end of every bucket (see [signal.Bucket]) from the first to the last in
// which anything was logged, so that silence counts as none.
func (r Rule) messages(templates []signal.Template) []track {
	counts := map[int64]int{}
	first, last := int64(1<<62), int64(-1<<62)
	t := track{subject: r.Text}
	for _, tpl := range templates {
		match := contains(tpl.Text, r.Text) || contains(tpl.Example, r.Text)
		for _, c := range tpl.Services {
			if r.Service != "" && !strings.EqualFold(r.Service, c.Service) || len(c.Buckets) == 0 {
				continue
			}
			first, last = min(first, c.Buckets[0].Bucket), max(last, c.Buckets[len(c.Buckets)-1].Bucket)
			if !match {
				continue
			}
			t.names = append(t.names, strings.TrimSpace(tpl.Text+" in "+c.Service))
			for _, b := range c.Buckets {
				counts[b.Bucket] += int(b.N)
			}
		}
	}
	if len(t.names) == 0 || last-first >= mostSteps {
		return nil
	}
	width := max(1, int64((r.Window+signal.Bucket-1)/signal.Bucket))
	sum := 0
	for b := first; b <= last; b++ {
		sum += counts[b] - counts[b-width]
		t.points = append(t.points, point{(b + 1) * int64(signal.Bucket/time.Nanosecond), float64(sum)})
	}
	return []track{t}
}
