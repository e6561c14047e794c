package table

import (
	"slices"
	"strings"
	"unicode"

	"github.com/hindcast/hindcast/internal/evidence/logtime"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// role is what a column holds.
type role uint8

const (
	other role = iota
	moment
	day
	end
	title
	text
	actor
	service
	version
	previous
	environment
	status
	level
	link
	flag
	next
	roles
)

// names are the names of columns by role, the most telling first, in lower
// case, letters and digits only.
var names = [roles][]string{
	moment: {
		"timestamp", "time", "datetime", "dateandtime", "ts", "timeutc", "timestamputc", "datetimeutc", "utc", "at", "when", "eventtime", "occurredat", "occurred", "starttime", "startedat", "start", "started", "startdate", "begin", "createddate", "publishedat", "plannedstart", "inserttime",
		"createdat", "created", "creationtime", "date", "executedat", "deployedat", "finishedat", "updatedat", "updated", "epoch", "unixtime", "t", "opened", "openedat", "reported", "reportedat", "received", "receivedat", "raised", "raisedat", "submitted", "submittedat", "zeitstempel", "zeitpunkt", "zeit", "uhrzeit", "erstellt", "erstelltam", "angelegt", "eingang", "gemeldet",
	},
	day: {"date", "day", "dateutc", "datum", "tag", "fecha", "jour"},
	end: {"end", "endtime", "endedat", "ended", "until", "enddate", "finish", "finishedat", "finished", "completedat", "resolvedat", "stop", "to"},
	title: {
		"message", "msg", "fullformattedmessage", "formattedmessage", "event", "title", "summary", "whathappened", "what", "action", "activity", "entry", "update", "operation", "op", "eventname", "command", "change", "changedescription", "shortdescription", "subject", "description", "text", "details", "note", "notes", "comment", "name", "observation", "content", "postmessage", "meldung", "nachricht", "ereignis", "betreff", "beschreibung", "header", "headline", "log", "eventtypecode", "type", "kind",
	},
	text:        {"description", "details", "detail", "text", "body", "notes", "note", "comment", "comments", "longdescription"},
	actor:       {"actor", "who", "user", "username", "by", "author", "person", "performedby", "initiatedby", "requestedby", "deployedby", "changedby", "createdby", "owner", "responder", "engineer", "role", "operator", "principal", "useridentity", "caller", "assignee", "email", "member", "modifiedby", "updatedby", "useremail", "actoremail", "source"},
	service:     {"service", "servicename", "app", "application", "appname", "component", "system", "affectedservice", "project", "repository", "repo", "dienst", "anwendung"},
	version:     {"version", "tag", "release", "newversion", "toversion", "image", "build", "revision", "sha", "commit"},
	previous:    {"previous", "previousversion", "oldversion", "fromversion", "from"},
	flag:        {"flag", "flagkey", "flagname", "featureflag", "feature", "toggle"},
	next:        {"to", "newvalue", "after", "new", "value"},
	environment: {"env", "environment", "stage", "namespace", "cluster"},
	status:      {"status", "state", "result", "outcome", "conclusion"},
	level:       {"level", "severity", "loglevel", "priority", "stufe", "schweregrad", "ebene"},
	link:        {"url", "link", "href", "permalink", "evidence", "ticket"},
}

// before are the names of a column of what a flag was changed from, states of one of what
// it was set to where the table is about flags, and settings of one of what was changed,
// beside columns of what from and what to.
var (
	states   = []string{"percentage", "percent", "rolloutpercentage", "rolloutpercent", "rollout", "weight", "variation", "variant", "enabled"}
	before   = []string{"oldvalue", "previousvalue", "before", "old", "from", "was", "prev"}
	settings = []string{"setting", "settingkey", "settingname", "key", "parameter", "param", "option", "configkey", "property", "variable", "field", "attribute", "path"}
)

// layout says which column has which role, -1 for none.
type layout struct {
	header  []string
	columns [roles]int
	habit   logtime.Habit
	deploys bool // the table is about deployments
	setting bool // the column of flags holds settings
	flags   bool // the table is about flags
}

// settle finds the layout of a table; false when it has no column of times, or
// when its header is a row itself.
func settle(header []string, rows [][]string, file string) (layout, bool) {
	l := layout{header: header}
	for r := range l.columns {
		l.columns[r] = -1
	}
	if len(rows) == 0 || len(header) < 2 || slices.ContainsFunc(header, func(h string) bool { return isTime(logtime.Habit{}, h) }) {
		return l, false
	}
	if !l.findTime(rows) {
		return l, false
	}
	taken := []int{l.columns[moment], l.columns[day]}
	for _, r := range []role{end, flag, title, actor, service, version, previous, environment, status, level, link, text} {
		l.columns[r] = find(header, names[r], taken)
		taken = append(taken, l.columns[r])
	}
	if l.columns[title] < 0 {
		l.columns[title] = l.prose(rows)
	}
	if i := l.columns[end]; i >= 0 && count(rows, i, func(c string) bool { return c == "" || isTime(l.habit, c) || clockOnly(c) }) < len(rows) {
		l.columns[end] = -1
	}
	if i := find(header, settings, l.columns[:]); l.columns[flag] < 0 && i >= 0 && find(header, before, nil) >= 0 && find(header, names[next], nil) >= 0 {
		l.columns[flag], l.setting = i, true
	}
	about := strings.ToLower(file + " " + strings.Join(header, " "))
	if l.columns[flag] >= 0 {
		l.flags = strings.Contains(about, "flag") || strings.Contains(about, "toggle")
		l.columns[next] = find(header, names[next], l.columns[:])
		if l.columns[next] < 0 && l.flags {
			l.columns[next] = find(header, states, l.columns[:])
		}
		if l.columns[previous] < 0 {
			l.columns[previous] = find(header, before, l.columns[:])
		}
	}
	l.staged()
	l.deploys = l.deploys || l.columns[version] >= 0 && l.columns[service] >= 0 && (strings.Contains(about, "deploy") || strings.Contains(about, "release") || strings.Contains(about, "rollout"))
	return l, true
}

// wordy is how many words the cells of a column have that tells in sentences.
const wordy = 4

// prose returns the column without a role in which nearly every row tells something in
// several words, -1 when there is none: it says what happened, whatever it is called.
func (l *layout) prose(rows [][]string) int {
	for i := range l.header {
		if slices.Contains(l.columns[:], i) {
			continue
		}
		told := count(rows, i, func(c string) bool { return strings.Count(strings.TrimSpace(c), " ") >= wordy-1 })
		if told > 0 && 10*told >= 8*len(rows) {
			return i
		}
	}
	return -1
}

// stages are names of columns of where a version of a model or a package went, in a
// registry, and staged those of what it is a version of.
var (
	stages = []string{"stageto", "tostage", "newstage", "currentstage"}
	staged = []string{"model", "modelname", "package", "artifact", "image", "name"}
)

// staged reads the history of a registry: a version that came into a stage is a rollout.
func (l *layout) staged() {
	to := find(l.header, stages, nil)
	if to < 0 || l.columns[version] < 0 {
		return
	}
	l.columns[environment], l.deploys = to, true
	if i := find(l.header, staged, nil); i >= 0 && l.columns[service] < 0 {
		l.columns[service] = i
		if l.columns[title] == i {
			l.columns[title] = -1
		}
	}
}

// named reports whether the column of times is called like one.
func (l *layout) named() bool {
	return slices.Contains(names[moment], fold(l.header[l.columns[moment]]))
}

// yearless reports whether the times of most rows lack a year.
func (l *layout) yearless(rows [][]string) bool {
	return 2*count(rows, l.columns[moment], func(c string) bool {
		s, ok := logtime.NewClock(&record.File{Year: 2000}, l.habit).Read([]byte(c))
		return ok && s.Yearless
	}) > len(rows)
}

// find returns the column with the first of the names that is not taken; -1
// when there is none.
func find(header, names []string, taken []int) int {
	for _, n := range names {
		for i, h := range header {
			if fold(h) == n && !slices.Contains(taken, i) {
				return i
			}
		}
	}
	return -1
}

// fold returns a column's name in lower case, letters and digits only, without
// what stands in brackets.
func fold(name string) string {
	if i := strings.IndexAny(name, "(["); i > 0 {
		name = name[:i]
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}

// findTime finds the column of times: by name, else the first whose cells are
// times. Times of day need a column of dates beside them.
func (l *layout) findTime(rows [][]string) bool {
	candidates := make([]int, 0, len(l.header))
	for _, n := range names[moment] {
		for i, h := range l.header {
			if fold(h) == n {
				candidates = append(candidates, i)
			}
		}
	}
	for i := range l.header {
		candidates = append(candidates, i)
	}
	for _, i := range candidates {
		for _, order := range logtime.Orders {
			l.habit = logtime.Habit{Order: order}
			if 2*count(rows, i, func(c string) bool { return isTime(l.habit, c) }) > len(rows) {
				l.columns[moment] = i
				return true
			}
		}
	}
	d := find(l.header, names[day], nil)
	for _, i := range candidates {
		if 2*count(rows, i, clockOnly) > len(rows) && i != d {
			l.columns[moment], l.columns[day] = i, l.dayBeside(rows, i, d)
			return l.columns[day] >= 0
		}
	}
	return false
}

// dayBeside returns the column of dates, -1 for none: the one that is called so, else
// the first whose cells are dates. It settles their order.
func (l *layout) dayBeside(rows [][]string, clock, called int) int {
	best, most := called, 0
	for i := range l.header {
		if i == clock || called >= 0 && i != called {
			continue
		}
		for _, order := range logtime.Orders {
			habit := logtime.Habit{Order: order}
			n := count(rows, i, func(c string) bool { return len(c) <= 12 && isTime(habit, c+" 00:00:00") })
			if n > most && 2*n > len(rows) {
				best, most, l.habit = i, n, habit
			}
		}
	}
	return best
}

func count(rows [][]string, i int, fits func(string) bool) int {
	n := 0
	for _, r := range rows {
		if fits(r[i]) {
			n++
		}
	}
	return n
}

// isTime reports whether a cell is a date with a time of day, or an epoch.
func isTime(habit logtime.Habit, cell string) bool {
	clock := logtime.NewClock(&record.File{Year: 2000}, habit)
	s, ok := clock.Read([]byte(cell))
	return ok && s.At != record.NoTime && strings.TrimSpace(cell[s.N:]) == ""
}

// clockOnly reports whether a cell begins with a time of day, such as "14:37
// UTC", and holds little else.
func clockOnly(cell string) bool {
	cell = strings.TrimLeft(cell, "~≈ ")
	return len(cell) >= 4 && len(cell) <= 16 && cell[0]-'0' < 10 && strings.IndexByte(cell, ':') >= 1 && strings.IndexByte(cell, ':') <= 2
}
