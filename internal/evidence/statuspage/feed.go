package statuspage

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// recognizeFeed takes a feed that speaks of incidents the way status pages do.
func recognizeFeed(h record.Head) int {
	b := bytes.TrimSpace(h.Bytes)
	if !bytes.HasPrefix(b, []byte("<")) || !bytes.Contains(b, []byte("<rss")) && !bytes.Contains(b, []byte("<feed")) {
		return 0
	}
	b = bytes.ToLower(b)
	for _, word := range []string{"investigating", "identified", "monitoring", "resolved", "status page", "statuspage", "incident"} {
		if bytes.Contains(b, []byte(word)) {
			return 90
		}
	}
	return 0
}

// entry is an item of RSS or an entry of Atom.
type entry struct {
	Title       string `xml:"title"`
	GUID        string `xml:"guid"`
	ID          string `xml:"id"`
	PubDate     string `xml:"pubDate"`
	Published   string `xml:"published"`
	Updated     string `xml:"updated"`
	Description string `xml:"description"`
	Content     string `xml:"content"`
	Summary     string `xml:"summary"`
	Links       []struct {
		Href string `xml:"href,attr"`
		Text string `xml:",chardata"`
	} `xml:"link"`
}

// posted is an update inside the HTML of an entry: "Jun 2, 08:15 UTC", a status
// word in bold, a dash and what was said.
var posted = regexp.MustCompile(`(?is)<small>(.*?)</small>\s*(?:<br\s*/?>)?\s*<strong>\s*([A-Za-z ]+?)\s*</strong>\s*-?\s*(.*?)(?:</p>|$)`)

// feed reads the entries of a feed.
func (p *parser) feed(f *record.File, r io.Reader, sink record.Sink) error {
	lines := &lineReader{r: r}
	dec := xml.NewDecoder(lines)
	dec.Strict = false
	dec.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	rd := &reading{parser: p, Writer: fact.NewWriter(p.redactor, f, sink), sink: sink, file: f.Name, page: hindcast.Actor{Name: "status page", Kind: hindcast.External}}
	titled := false
	for {
		offset := dec.InputOffset()
		tok, err := dec.Token()
		if err != nil {
			return rd.stopped(lines.at(offset), lines.err, err)
		}
		start, ok := tok.(xml.StartElement)
		if !ok {
			continue
		}
		switch start.Name.Local {
		case "title":
			var title string
			if !titled && dec.DecodeElement(&title, &start) == nil {
				titled = true
				rd.page.Name = cmp.Or(pageName(title), rd.page.Name)
			}
		case "item", "entry":
			var e entry
			ref := hindcast.Ref{File: f.Name, Line: lines.at(offset), Offset: offset}
			if err := dec.DecodeElement(&e, &start); err != nil {
				return rd.stopped(lines.at(offset), lines.err, err)
			}
			if end := lines.at(dec.InputOffset()); end > ref.Line {
				ref.EndLine = end
			}
			rd.entry(ref, e)
		}
	}
}

// pageName takes the page's name out of a feed's title: "Acme Status - Incident History".
func pageName(title string) string {
	name, _, _ := strings.Cut(title, " - ")
	return strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(name), " Status"))
}

// stopped reports why a feed ends; what came before is kept.
func (rd *reading) stopped(line int, read, err error) error {
	switch {
	case read != nil:
		return read
	case errors.Is(err, io.EOF):
		return nil
	}
	rd.Problem(hindcast.Ref{File: rd.file, Line: line}, "this is not valid XML from about here; what came before was kept")
	return nil
}

// entry writes the updates that an entry's HTML lists, or the entry itself.
func (rd *reading) entry(ref hindcast.Ref, en entry) {
	id := cmp.Or(en.GUID, en.ID)
	at := cmp.Or(en.PubDate, en.Published, en.Updated)
	body := cmp.Or(en.Content, en.Description, en.Summary)
	e := hindcast.Event{Kind: hindcast.StatusUpdate, Actor: rd.page, Test: rd.words.Test(en.Title)}
	e.Subject = "statuspage:" + id[strings.LastIndexByte(strings.TrimRight(id, "/"), '/')+1:]
	for _, l := range en.Links {
		if url := cmp.Or(l.Href, strings.TrimSpace(l.Text)); url != "" {
			e.Links = append(e.Links, url)
		}
	}
	published, _, ok := rd.Time(at)
	updates := posted.FindAllStringSubmatch(body, -1)
	if !ok || len(updates) == 0 {
		e.ID, e.Title, e.Text = e.Subject, en.Title, rd.words.Plain(body)
		rd.Write(ref, at, e)
		return
	}
	for i, u := range updates {
		e := e
		status, said := strings.ToLower(u[2]), rd.words.Plain(u[3])
		e.ID = e.Subject + "/" + strconv.Itoa(len(updates)-i) // the newest comes first
		e.Status, e.Title, e.Text = status, en.Title+": "+status+" - "+said, said
		e.Attrs = map[string]string{"incident": en.Title}
		rd.Write(ref, rd.dated(rd.words.Plain(u[1]), published), e)
	}
}

// dated adds the year to the time of an update, "Jun 2, 08:15 UTC": the one that
// brings it closest to the time the entry was published.
func (rd *reading) dated(at string, published time.Time) string {
	day, clock, ok := strings.Cut(fact.OneLine(at), ",")
	if !ok {
		return at
	}
	var best string
	var distance time.Duration
	for year := published.Year() - 1; year <= published.Year()+1; year++ {
		s := day + ", " + strconv.Itoa(year) + " " + strings.TrimLeft(clock, " -")
		if t, _, ok := rd.Time(s); ok && (best == "" || published.Sub(t).Abs() < distance) {
			best, distance = s, published.Sub(t).Abs()
		}
	}
	return best
}

// lineReader remembers the line breaks of what is read through it, so that an
// offset can be told as a line.
type lineReader struct {
	r      io.Reader
	breaks []int64 // offsets of the line breaks
	n      int64
	err    error // of r
}

func (l *lineReader) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	for i, c := range p[:n] {
		if c == '\n' {
			l.breaks = append(l.breaks, l.n+int64(i))
		}
	}
	l.n += int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		l.err = err
	}
	return n, err
}

// at is the line of an offset, from 1.
func (l *lineReader) at(offset int64) int {
	n, _ := slices.BinarySearch(l.breaks, offset)
	return n + 1
}
