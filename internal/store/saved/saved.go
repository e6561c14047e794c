// Package saved keeps the views of the library that people save under a name.
package saved

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb"
)

// View is a way to look at the library that a person keeps under a name.
type View struct {
	Name    string
	Query   string // of the address of the library: "severity=1&service=ledger"
	Created time.Time
}

// MaxViews is how many views one person keeps.
const MaxViews = 50

// maxQuery is the most bytes of a view's query, and maxName the most letters of
// its name.
const (
	maxQuery = 2000
	maxName  = 60
)

// fields are what a view may ask the library for.
var fields = []string{"q", "status", "severity", "kind", "service", "category", "from", "to", "mine"}

// New returns a view that a person makes at a time. What its query asks for beyond the
// filters of the library is left out.
func New(name, query string, now time.Time) (View, error) {
	view := View{Name: strings.TrimSpace(name), Created: now}
	if n := utf8.RuneCountInString(view.Name); n == 0 || n > maxName || strings.ContainsFunc(view.Name, unicode.IsControl) {
		return view, hindcast.Errorf(hindcast.Invalid, "name the view in up to %d letters", maxName)
	}
	asked, err := url.ParseQuery(query)
	if err != nil {
		return view, hindcast.Errorf(hindcast.Invalid, "the view cannot be read; open the library, filter it and save the view there")
	}
	kept := url.Values{}
	for _, field := range fields {
		if value := strings.TrimSpace(asked.Get(field)); value != "" {
			kept.Set(field, value)
		}
	}
	if view.Query = kept.Encode(); view.Query == "" || len(view.Query) > maxQuery {
		return view, hindcast.Errorf(hindcast.Invalid, "filter the library first: a view keeps words and filters")
	}
	return view, nil
}

// List returns the views of a person, by name.
func List(ctx context.Context, db *sqldb.DB, person string) ([]View, error) {
	list, err := sqldb.All(ctx, db, func(scan func(...any) error) (x View, err error) {
		var created int64
		err = scan(&x.Name, &x.Query, &created)
		x.Created = sqldb.Time(created)
		return x, err
	}, `select name, query, created_at from saved_view where person = $1 order by name limit $2`, person, MaxViews)
	if err != nil {
		return nil, db.Fault(fmt.Errorf("read the views of a person: %w", err))
	}
	return list, nil
}

// Put keeps a view of a person, in place of one of the same name. It fails
// with [hindcast.Conflict] when the person keeps too many.
func Put(ctx context.Context, tx *sqldb.Tx, person string, x View) error {
	n, _, err := sqldb.Value[int64](ctx, tx, `select count(*) from saved_view where person = $1 and name <> $2`, person, x.Name)
	if err != nil {
		return fmt.Errorf("count the views of a person: %w", err)
	}
	if n >= MaxViews {
		return hindcast.Errorf(hindcast.Conflict, "you keep %d views already; remove one first", MaxViews)
	}
	if _, err := tx.Exec(ctx, `insert into saved_view (person, name, query, created_at) values ($1, $2, $3, $4)
		on conflict (person, name) do update set query = $3, created_at = $4`, person, x.Name, x.Query, sqldb.Micros(x.Created)); err != nil {
		return fmt.Errorf("keep a view: %w", err)
	}
	return nil
}

// Remove removes a view of a person, if there is one.
func Remove(ctx context.Context, tx *sqldb.Tx, person, name string) error {
	if _, err := tx.Exec(ctx, `delete from saved_view where person = $1 and name = $2`, person, name); err != nil {
		return fmt.Errorf("remove a view: %w", err)
	}
	return nil
}
