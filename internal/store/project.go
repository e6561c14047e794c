package store

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/part"
)

// projection is what other tables hold of a document: all that lists, filters,
// searches and links need. It is a function of the document.
type projection struct {
	happened time.Time
	excerpt  string
	sections []section
	services []string
	actions  []action
	links    []string
	people   []Participant
	acl      []string
	title    string // of the search index
	body     string
}

// action is a row of table action.
type action struct {
	id, status, priority, owner, body string
	due                               int64
	position                          int
	open                              bool
}

// noDue sorts actions without a due date last: the end of the year 9999 in days.
const noDue = 2932896

func project(d *Document) (*projection, error) {
	p := &d.Post
	out := &projection{
		happened: happened(d),
		excerpt:  excerpt(p),
		sections: keyed(p.Sections),
		services: distinct(p.Incident.Services),
		links:    links(p),
		people:   slices.Clone(d.People),
		acl:      acl(d),
		body:     searchText(p),
	}
	out.title = strings.Join([]string{p.Incident.Title, p.Incident.Number, strconv.FormatInt(d.Num, 10)}, " ")
	for i, a := range p.Actions {
		row, err := actionRow(i, a)
		if err != nil {
			return nil, err
		}
		out.actions = append(out.actions, row)
	}
	return out, nil
}

// happened returns the time by which lists sort an incident.
func happened(d *Document) time.Time {
	for _, t := range []time.Time{d.Post.Incident.StartedAt, d.Post.Incident.DetectedAt} {
		if !t.IsZero() {
			return t
		}
	}
	return d.CreatedAt
}

// excerpt returns the beginning of the summary, for lists.
func excerpt(p *hindcast.Postmortem) string {
	const most = 240
	s := p.Section(hindcast.SectionSummary)
	if s == nil {
		return ""
	}
	text := []rune(strings.Join(strings.Fields(s.Text[:min(len(s.Text), 8*most)]), " "))
	if len(text) <= most {
		return strings.ToValidUTF8(string(text), "")
	}
	cut := string(text[:most])
	if i := strings.LastIndexByte(cut, ' '); i > most/2 {
		cut = cut[:i]
	}
	return cut + " …"
}

func keyed(list []hindcast.Section) []section {
	out := make([]section, len(list))
	for i, key := range part.SectionKeys(list) {
		out[i] = section{key: key, position: i, version: 1, Section: list[i]}
	}
	return out
}

// distinct returns names without those that differ only in case, and empty ones.
func distinct(names []string) []string {
	var out []string
	seen := map[string]bool{"": true}
	for _, n := range names {
		if key := strings.ToLower(n); !seen[key] {
			seen[key] = true
			out = append(out, n)
		}
	}
	return out
}

func actionRow(position int, a hindcast.ActionItem) (action, error) {
	body, err := json.Marshal(a)
	if err != nil {
		return action{}, hindcast.Errorf(hindcast.Invalid, "keep action %s: %w", a.ID, err)
	}
	due := int64(noDue)
	if !a.Due.IsZero() {
		due = a.Due.Time().Unix() / 86400
	}
	open := a.Status == hindcast.ActionOpen || a.Status == hindcast.ActionInProgress
	return action{a.ID, string(a.Status), string(a.Priority), a.Owner, string(body), due, position, open}, nil
}

// acl returns who may read a document.
func acl(d *Document) []string {
	out := map[string]bool{}
	for _, p := range d.People {
		out[person(p.PersonID)] = true
	}
	if d.open() {
		out[everybody] = true
	}
	return slices.Sorted(maps.Keys(out))
}

// reference finds #12, #4521 and #INC-77 in prose, but not in addresses, HTML
// entities and colors.
var reference = regexp.MustCompile(`(?:^|[^\w&/#])#((?:[A-Za-z]{1,12}-)?\d{1,12})\b`)

// bareReference is the same where the field holds nothing else.
var bareReference = regexp.MustCompile(`^#?((?:[A-Za-z]{1,12}-)?\d{1,12})$`)

// links returns the numbers that a document refers to, in lower case.
func links(p *hindcast.Postmortem) []string {
	out := map[string]bool{}
	for text := range prose(p) {
		if !strings.Contains(text, "#") {
			continue
		}
		for _, m := range reference.FindAllStringSubmatch(text, -1) {
			out[strings.ToLower(m[1])] = true
		}
	}
	for _, r := range p.Related {
		if m := bareReference.FindStringSubmatch(strings.TrimSpace(r.Ref)); m != nil {
			out[strings.ToLower(m[1])] = true
		}
	}
	return slices.Sorted(maps.Keys(out))
}

// prose goes through the texts of a document that people write and search.
func prose(p *hindcast.Postmortem) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		ok := true
		text := func(list ...string) {
			for _, s := range list {
				if ok && s != "" {
					ok = yield(s)
				}
			}
		}
		text(p.Preamble)
		for _, s := range p.Sections {
			text(s.Text)
		}
		for _, e := range p.Timeline {
			text(e.Title, e.Detail)
			if e.Decision != nil {
				text(e.Decision.Question, e.Decision.Choice)
			}
		}
		for _, x := range p.Factors {
			text(x.Description, x.Detail, x.Counterfactual.Reason, x.Identified, x.RuledOutBy)
		}
		for _, o := range p.Observations {
			text(o.Text, o.Detail)
		}
		for _, a := range p.Actions {
			text(a.Description, a.Detail, a.DoneWhen, a.Reason)
		}
		for _, a := range p.Accounts {
			text(a.Text)
		}
		for _, r := range p.Related {
			text(r.Title, r.How)
		}
	}
}

// maxSearchText bounds the text that is indexed of one document.
const maxSearchText = 400_000

// searchText returns the text that is searched, the summary first.
func searchText(p *hindcast.Postmortem) string {
	var b strings.Builder
	add := func(s string) bool {
		if b.Len()+len(s) > maxSearchText {
			return false
		}
		b.WriteString(s)
		b.WriteByte('\n')
		return true
	}
	summary := p.Section(hindcast.SectionSummary)
	if summary != nil {
		add(summary.Text)
	}
	add(strings.Join(p.Incident.Services, " "))
	for s := range prose(p) {
		if summary != nil && s == summary.Text {
			continue
		}
		if !add(s) {
			break
		}
	}
	return b.String()
}
