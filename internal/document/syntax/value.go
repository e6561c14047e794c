package syntax

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

var refPlace = lazyregexp.New(`(?s)^(.*?)(?::(\d{1,9})(?:-(\d{1,9}))?(?:@(\d{1,18}))?)?(?: sha256:([0-9a-f]{64}))?$`)

// WriteRef writes a reference as `FILE:LINE-END@OFFSET sha256:HASH`, without the
// parts that are zero and without a hash that is known from elsewhere.
func WriteRef(r hindcast.Ref, known string) string {
	place := ""
	switch {
	case r.Line > 0:
		place = ":" + strconv.Itoa(r.Line)
		if r.EndLine > 0 {
			place += "-" + strconv.Itoa(r.EndLine)
		}
		if r.Offset > 0 {
			place += "@" + strconv.FormatInt(r.Offset, 10)
		}
	case ReadRef(r.File) != hindcast.Ref{File: r.File}:
		place = ":0" // the name itself ends like a place
	}
	if r.SHA256 != "" && r.SHA256 != known {
		place += " sha256:" + r.SHA256
	}
	return WriteCode(r.File + place)
}

// ReadRef reads a reference without the marks of code.
func ReadRef(s string) hindcast.Ref {
	m := refPlace.FindStringSubmatch(s)
	r := hindcast.Ref{File: m[1], SHA256: m[5]}
	// The pattern admits only numbers that fit.
	r.Line, _ = strconv.Atoi(m[2])
	r.EndLine, _ = strconv.Atoi(m[3])
	r.Offset, _ = strconv.ParseInt(m[4], 10, 64)
	return r
}

func writeRefs(refs []hindcast.Ref, hashes map[string]string) string {
	var out []string
	for _, r := range refs {
		out = append(out, WriteRef(r, hashes[r.File]))
	}
	return strings.Join(out, ", ")
}

// readRefs reads a list of references. A person may write FILE:LINE without
// marks; other words become a reference to a file of that name.
func readRefs(s string) []hindcast.Ref {
	var out []hindcast.Ref
	for rest := strings.Trim(s, " \t\r"); rest != ""; {
		name, after, ok := CutCode(rest)
		if !ok || after != "" && !strings.HasPrefix(after, ",") {
			return append(out, plainRefs(rest)...)
		}
		out = append(out, ReadRef(name))
		rest = strings.TrimLeft(strings.TrimPrefix(after, ","), " ")
	}
	return out
}

func plainRefs(s string) []hindcast.Ref {
	if IsQuestion(s) {
		return nil
	}
	var out []hindcast.Ref
	for part := range strings.SplitSeq(s, ",") {
		r := ReadRef(strings.Trim(part, " `"))
		if r.Line == 0 || strings.Contains(r.File, " ") {
			return []hindcast.Ref{{File: s}}
		}
		out = append(out, r)
	}
	return out
}

// Layouts of a time in UTC.
const (
	ClockLayout  = "15:04:05.999999999"
	MomentLayout = time.DateOnly + " " + ClockLayout
)

// WriteMoment writes a time in UTC: its clock alone when it is on day.
func WriteMoment(t, day time.Time) string {
	t = t.UTC()
	if hindcast.DateOf(t) == hindcast.DateOf(day) {
		return t.Format(ClockLayout)
	}
	return t.Format(MomentLayout)
}

// WriteStamp writes a time with its date, without the clock at midnight UTC;
// "" for the zero time.
func WriteStamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return strings.TrimSuffix(t.UTC().Format(MomentLayout), " 00:00:00")
}

var moment = lazyregexp.New(`^(?:(\d{4}-\d{2}-\d{2})(?:T|,? +|$))?(?:(\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?) ?([aApP][mM])?)? ?(Z|UTC|GMT|[+-]\d{2}:?\d{2})?$`)

// ReadMoment reads a time of day on a day, or a date with or without a time.
// Without a zone it is UTC.
func ReadMoment(s string, day time.Time) (time.Time, bool) {
	m := moment.FindStringSubmatch(strings.Trim(s, " \t\r*`"))
	if m == nil || m[1] == "" && m[2] == "" || m[1] == "" && day.IsZero() {
		return time.Time{}, false
	}
	date := m[1]
	if date == "" {
		date = day.UTC().Format(time.DateOnly)
	}
	clock, layout := strings.Replace(m[2], ",", ".", 1), "15:04:05"
	switch {
	case clock == "":
		clock = "00:00:00"
	case strings.Count(clock, ":") == 1:
		layout = "15:04"
	}
	if m[3] != "" {
		clock, layout = clock+strings.ToUpper(m[3]), strings.Replace(layout, "15", "3", 1)+"PM"
	}
	zone := strings.Replace(m[4], ":", "", 1)
	if !strings.HasPrefix(zone, "+") && !strings.HasPrefix(zone, "-") {
		zone = "+0000"
	}
	t, err := time.Parse(time.DateOnly+" "+layout+" -0700", date+" "+clock+" "+zone)
	return t.UTC(), err == nil
}

var numberForm = lazyregexp.New(`^(?:(?:([-+]?[0-9][0-9,]*(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)|\?) ?(.*?), )?(measured|estimated|pending|not applicable)(?: by (.*?))?(?:: (.*))?$`)

// WriteNumber writes a number as "VALUE UNIT, STATE by WHO: HOW". Its evidence is
// not part of it.
func WriteNumber(n hindcast.Number) string {
	s := numberWords(n, func(s string) string { return s })
	if got, ok := ReadNumber(s); ok && numberWords(got, Quote) == numberWords(n, Quote) {
		return s
	}
	return numberWords(n, Quote)
}

func numberWords(n hindcast.Number, word func(string) string) string {
	s := strings.ReplaceAll(string(n.State), "-", " ")
	value := "?"
	if n.Value != nil {
		value = strconv.FormatFloat(*n.Value, 'f', -1, 64)
	}
	switch {
	case n.Unit != "":
		s = value + " " + word(n.Unit) + ", " + s
	case n.Value != nil:
		s = value + ", " + s
	}
	if n.By != "" {
		s += " by " + word(n.By)
	}
	if n.How != "" {
		s += ": " + word(n.How)
	}
	return s
}

// ReadNumber reads what [WriteNumber] writes; commas may divide thousands.
func ReadNumber(s string) (n hindcast.Number, ok bool) {
	m := numberForm.FindStringSubmatch(strings.Trim(s, " \t\r"))
	if m == nil {
		return n, false
	}
	n = hindcast.Number{
		State: hindcast.NumberState(strings.ReplaceAll(m[3], " ", "-")),
		Unit:  ReadInline(m[2]), By: ReadInline(m[4]), How: ReadInline(m[5]),
	}
	if m[1] != "" {
		v, err := strconv.ParseFloat(strings.ReplaceAll(m[1], ",", ""), 64)
		if err != nil {
			return n, false
		}
		n.Value = &v
	}
	return n, true
}

// WriteWord writes a word of a fixed list for people.
func WriteWord[W ~string](w W) string {
	if w == W(hindcast.ActionDeclined) {
		return "won't do"
	}
	return strings.ReplaceAll(string(w), "-", " ")
}

// KnownWord reads one of the words that are known, in any case and with any
// punctuation; complaint names them when it is none.
func KnownWord[W ~string](s string, known []W) (w W, complaint string) {
	w = W(strings.ReplaceAll(Normalize(strings.NewReplacer("'", "", "’", "").Replace(s)), " ", "-"))
	if slices.Contains(known, w) {
		return w, ""
	}
	var names []string
	for _, k := range known {
		names = append(names, WriteWord(k))
	}
	return "", "is none of: " + strings.Join(names, ", ")
}
