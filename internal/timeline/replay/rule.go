// Package replay answers "would this alert have helped?": it replays an alert
// rule over the evidence of an incident and says when it would have fired, how
// much earlier than the incident was detected, and how often without one.
//
// A rule is one line of text, for a metric or for log messages:
//
//	error_ratio > 0.05 for 2m
//	checkout-api http_requests{route="/buy",code="500"} >= 10
//	"connection is not available" in checkout-api >= 5 per 1m for 30s
//
// The first word of a metric's rule may be the service; a metric or a label
// matches whole, a service whole or as it is spelled in the evidence. Counters are
// compared as increase per second. A log rule counts the messages over the window
// after "per" whose template (see "hindcast logs"), or the first message of that
// template, contains the text, in any case. All messages of a template count:
// what varies between them is not searched one by one.
package replay

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Rule is an alert rule. Exactly one of Metric and Text is set.
type Rule struct {
	Service string
	Metric  string
	Labels  []Label
	Text    string        // that a log template contains
	Op      string        // ">", ">=", "<", "<=", "==", "!="
	Value   float64       // number that the metric or the count is compared with
	Window  time.Duration // over which log messages are counted
	For     time.Duration // how long the condition must hold before it fires
}

// Label is a label that a series must have.
type Label struct{ Name, Value string }

// SyntaxError says what in a rule is not understood and where.
type SyntaxError struct {
	Rule    string
	Offset  int // in bytes from the beginning
	Message string
}

// Error returns the message with the place in the rule, counted in characters
// from 1.
func (e *SyntaxError) Error() string {
	at := min(e.Offset, len(e.Rule))
	return fmt.Sprintf("alert rule, character %d: %s", len([]rune(e.Rule[:at]))+1, e.Message)
}

// String writes the rule in the form that [Parse] reads.
func (r Rule) String() string {
	var b strings.Builder
	if r.Text != "" {
		b.WriteString(strconv.Quote(r.Text))
		if r.Service != "" {
			b.WriteString(" in " + r.Service)
		}
	} else {
		if r.Service != "" {
			b.WriteString(r.Service + " ")
		}
		b.WriteString(r.Metric)
		for i, l := range r.Labels {
			b.WriteString(map[bool]string{true: "{", false: ","}[i == 0] + l.Name + "=" + strconv.Quote(l.Value))
		}
		if len(r.Labels) > 0 {
			b.WriteString("}")
		}
	}
	b.WriteString(" " + r.Op + " " + strconv.FormatFloat(r.Value, 'g', -1, 64))
	if r.Window > 0 {
		b.WriteString(" per " + short(r.Window))
	}
	if r.For > 0 {
		b.WriteString(" for " + short(r.For))
	}
	return b.String()
}

// short writes a duration without parts that are zero: "2m", "1h30m".
func short(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// Parse reads a rule. The error is a [*SyntaxError].
func Parse(text string) (Rule, error) {
	p := &parser{text: text}
	r := p.rule()
	if p.err != nil {
		return Rule{}, p.err
	}
	return r, nil
}

// parser reads a rule from left to right and keeps the first error.
type parser struct {
	text string
	at   int
	err  *SyntaxError
}

func (p *parser) fail(at int, format string, args ...any) {
	if p.err == nil {
		p.err = &SyntaxError{p.text, at, fmt.Sprintf(format, args...)}
	}
}

func (p *parser) space() {
	for p.at < len(p.text) && (p.text[p.at] == ' ' || p.text[p.at] == '\t') {
		p.at++
	}
}

func (p *parser) rule() Rule {
	var r Rule
	p.space()
	switch {
	case p.at == len(p.text):
		p.fail(p.at, `it is empty; write it as METRIC > NUMBER for 2m, or "TEXT" > NUMBER per 1m`)
	case p.text[p.at] == '"':
		r.Text = p.quoted()
		if r.Text == "" {
			p.fail(p.at, "the text to search is empty")
		}
		if p.keyword("in") {
			r.Service = p.word("the service")
		}
	default:
		p.metric(&r)
	}
	p.comparison(&r)
	if r.Text != "" {
		if at := p.here(); !p.keyword("per") {
			p.fail(at, "over which time are messages counted? Go on with per 1m")
		}
		r.Window = p.duration()
	}
	if p.keyword("for") {
		r.For = p.duration()
	}
	if at := p.here(); p.err == nil && at < len(p.text) {
		p.fail(at, "%q is not understood here; a rule ends after its number, or with for 2m", p.text[at:])
	}
	return r
}

// here skips space and returns where the next thing begins.
func (p *parser) here() int {
	p.space()
	return p.at
}

// metric reads [SERVICE] METRIC[{LABELS}].
func (p *parser) metric(r *Rule) {
	r.Metric = p.word("the metric")
	if p.here() < len(p.text) && p.text[p.at] != '{' && !strings.ContainsRune("<>=!", rune(p.text[p.at])) {
		r.Service, r.Metric = r.Metric, p.word("the metric")
	}
	if p.here() < len(p.text) && p.text[p.at] == '{' {
		p.at++
		p.labels(r)
	}
}

// labels reads NAME="VALUE",...} after the brace.
func (p *parser) labels(r *Rule) {
	for p.err == nil {
		if p.here() < len(p.text) && p.text[p.at] == '}' {
			p.at++
			return
		}
		l := Label{Name: p.word("a label")}
		if p.here() >= len(p.text) || p.text[p.at] != '=' {
			p.fail(p.at, `a label is written as name="value"; only = is known here`)
			return
		}
		p.at++
		if p.here() < len(p.text) && p.text[p.at] == '"' {
			l.Value = p.quoted()
		} else {
			l.Value = p.word("the value of label " + l.Name)
		}
		r.Labels = append(r.Labels, l)
		if p.here() < len(p.text) && p.text[p.at] == ',' {
			p.at++
		} else if p.at >= len(p.text) || p.text[p.at] != '}' {
			p.fail(p.at, "the labels have no end; close them with }")
		}
	}
}

// word reads a name: up to a space or a sign of the grammar.
func (p *parser) word(what string) string {
	start := p.here()
	for p.at < len(p.text) && !strings.ContainsRune(" \t{}<>=!,\"", rune(p.text[p.at])) {
		p.at++
	}
	if p.at == start {
		p.fail(start, "%s is missing", what)
	}
	return p.text[start:p.at]
}

// quoted reads a text in double quotes, in which a backslash escapes.
func (p *parser) quoted() string {
	start := p.at
	for i := start + 1; i < len(p.text); i++ {
		switch p.text[i] {
		case '\\':
			i++
		case '"':
			s, err := strconv.Unquote(p.text[start : i+1])
			if err != nil {
				p.fail(start, `the text in quotes is not understood; write a quote in it as \" and a backslash as \\`)
			}
			p.at = i + 1
			return s
		}
	}
	p.fail(start, `the quote has no end; close it with "`)
	p.at = len(p.text)
	return ""
}

// keyword takes a word if it stands next.
func (p *parser) keyword(k string) bool {
	at := p.here()
	if rest := p.text[at:]; len(rest) >= len(k) && strings.EqualFold(rest[:len(k)], k) && (len(rest) == len(k) || unicode.IsSpace(rune(rest[len(k)]))) {
		p.at += len(k)
		return true
	}
	return false
}

// comparison reads an operator and a number, which may be a percentage.
func (p *parser) comparison(r *Rule) {
	at := p.here()
	for _, op := range [...]string{">=", "<=", "==", "!=", ">", "<"} {
		if strings.HasPrefix(p.text[at:], op) {
			r.Op = op
			p.at += len(op)
			break
		}
	}
	if r.Op == "" {
		p.fail(at, "compare with one of > >= < <= == != and a number")
		return
	}
	start := p.here()
	word := p.word("the number")
	v, err := strconv.ParseFloat(word, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		p.fail(start, "%q is no number; write it as 0.05 or 1000", word)
	}
	r.Value = v
}

// longest is how long a rule can count or wait.
const longest = 30 * 24 * time.Hour

// duration reads 30s, 2m, 1h30m or 1d.
func (p *parser) duration() time.Duration {
	start := p.here()
	word := p.word("the duration")
	d, err := time.ParseDuration(word)
	if days, ok := strings.CutSuffix(word, "d"); ok && err != nil {
		var n float64
		if n, err = strconv.ParseFloat(days, 64); err == nil && n >= 0 && n < 1000 {
			d = time.Duration(n * float64(24*time.Hour))
		}
	}
	if err != nil || d <= 0 || d > longest {
		p.fail(start, "%q is no duration; write it as 30s, 2m, 1h or 1d, up to 30d", word)
	}
	return d
}
