package reading

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb"
)

// Listed is a published post-mortem in a list: what its readers have.
type Listed struct {
	ID       string // of the post-mortem
	Num      int64
	N        int64
	At       time.Time
	Title    string
	Severity int
	Services []string
	Excerpt  string
	Revised  bool // it is taken up again
}

// listLength is how much a list holds.
const listLength = 100

// latest is the condition that p is the last publication of incident i, and that
// everybody may read it.
const latest = `p.withdrawn_at = 0 and i.deleted_at = 0 and not i.private and not exists (select 1 from publication q where q.incident = p.incident and q.withdrawn_at = 0 and q.n > p.n)`

// List returns what was published last and everybody may read, the last first; of
// one service when it is named.
func (s *Service) List(ctx context.Context, v hindcast.Viewer, service string) ([]Listed, error) {
	if !v.MayRead() {
		return nil, missing()
	}
	var w sqldb.Where
	w.And(latest)
	if service = strings.TrimSpace(service); service != "" {
		w.And(`lower(p.services) like ? escape '!'`, "%"+likely(service)+"%")
	}
	list, err := sqldb.All(ctx, s.DB, func(scan func(...any) error) (l Listed, err error) {
		var at int64
		var services, status string
		if err = scan(&l.ID, &l.Num, &l.N, &at, &l.Title, &l.Severity, &services, &l.Excerpt, &status); err != nil {
			return l, err
		}
		l.At, l.Revised = sqldb.Time(at), status != string(hindcast.StatusPublished)
		return l, json.Unmarshal([]byte(services), &l.Services)
	}, `select i.id, p.incident, p.n, p.at, p.title, p.severity, p.services, p.excerpt, i.status from publication p join incident i on i.num = p.incident
		where `+w.String()+` order by p.at desc, p.incident desc`+w.Bind(` limit ?`, listLength), w.Args...)
	if err != nil {
		return nil, s.DB.Fault(fmt.Errorf("read what is published: %w", err))
	}
	return list, nil
}

// likely returns the pattern of a service in a JSON list of services.
func likely(service string) string {
	quoted, err := json.Marshal(strings.ToLower(service))
	if err != nil {
		return service // a string always can
	}
	return strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(string(quoted))
}

// Lesson is a note of a reader on what was useful to a service.
type Lesson struct {
	Num     int64
	Title   string
	Service string
	Note    string
	At      time.Time
}

// Lessons returns what readers found useful to a service, the last first; to any
// when none is named. Only of what everybody may read.
func (s *Service) Lessons(ctx context.Context, v hindcast.Viewer, service string) ([]Lesson, error) {
	if !v.MayRead() {
		return nil, missing()
	}
	var w sqldb.Where
	w.And(latest)
	if service = strings.TrimSpace(service); service != "" {
		w.And(`u.service_key = ?`, strings.ToLower(service))
	}
	list, err := sqldb.All(ctx, s.DB, func(scan func(...any) error) (l Lesson, err error) {
		var at int64
		err = scan(&l.Num, &l.Title, &l.Service, &l.Note, &at)
		l.At = sqldb.Time(at)
		return l, err
	}, `select u.incident, p.title, u.service, u.note, u.at from reader_use u join publication p on p.incident = u.incident join incident i on i.num = u.incident
		where `+w.String()+` order by u.at desc, u.incident desc`+w.Bind(` limit ?`, listLength), w.Args...)
	if err != nil {
		return nil, s.DB.Fault(fmt.Errorf("read what readers found useful: %w", err))
	}
	return list, nil
}
