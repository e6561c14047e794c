package followup

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb"
)

// View is a filter that a person keeps under a name.
type View struct {
	Name    string
	Query   string // of the address of the list: "state=overdue&team=platform"
	Created time.Time
}

const (
	maxViews    = 50
	maxView     = 2000 // bytes of a query
	maxViewName = 60   // letters
)

// Views returns the filters that the viewer keeps, by name.
func (s *Service) Views(ctx context.Context, v hindcast.Viewer) ([]View, error) {
	if !v.MayRead() {
		return nil, nil
	}
	list, err := sqldb.All(ctx, s.DB, func(scan func(...any) error) (x View, err error) {
		var created int64
		err = scan(&x.Name, &x.Query, &created)
		x.Created = sqldb.Time(created)
		return x, err
	}, `select name, query, created_at from action_view where person = $1 order by name limit $2`, v.PersonID, maxViews)
	if err != nil {
		return nil, s.DB.Fault(fmt.Errorf("read the filters of a person: %w", err))
	}
	return list, nil
}

// SaveView keeps a filter for the viewer alone, in place of one of the same name. What
// a query asks for beyond the filters of the list is left out.
func (s *Service) SaveView(ctx context.Context, v hindcast.Viewer, name, query string) (View, error) {
	x := View{Name: strings.TrimSpace(name), Created: s.now()}
	if err := mayKeep(v); err != nil {
		return x, err
	}
	if err := checkViewName(x.Name); err != nil {
		return x, err
	}
	asked, err := url.ParseQuery(query)
	if err != nil {
		return x, hindcast.Errorf(hindcast.Invalid, "the filter cannot be read; open the list, filter it and keep the filter there")
	}
	if x.Query = Query(asked); x.Query == "" || len(x.Query) > maxView {
		return x, hindcast.Errorf(hindcast.Invalid, "filter the list first")
	}
	err = s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		n, _, err := sqldb.Value[int64](ctx, tx, `select count(*) from action_view where person = $1 and name <> $2`, v.PersonID, x.Name)
		if err != nil {
			return err
		}
		if n >= maxViews {
			return hindcast.Errorf(hindcast.Conflict, "you keep %d filters already; remove one first", maxViews)
		}
		_, err = tx.Exec(ctx, `insert into action_view (person, name, query, created_at) values ($1, $2, $3, $4)
			on conflict (person, name) do update set query = $3, created_at = $4`, v.PersonID, x.Name, x.Query, sqldb.Micros(x.Created))
		return err
	})
	return x, err
}

func checkViewName(name string) error {
	if n := utf8.RuneCountInString(name); n == 0 || n > maxViewName || strings.ContainsFunc(name, unicode.IsControl) {
		return hindcast.Errorf(hindcast.Invalid, "name the filter in up to %d letters", maxViewName)
	}
	return nil
}

// RenameView gives a filter of the viewer another name, which none of theirs has. It
// returns the filter as it is then, also when it could not be renamed.
func (s *Service) RenameView(ctx context.Context, v hindcast.Viewer, name, to string) (View, error) {
	list, err := s.Views(ctx, v)
	if err != nil {
		return View{}, err
	}
	named := func(name string) int {
		return slices.IndexFunc(list, func(x View) bool { return x.Name == name })
	}
	i := named(name)
	if i < 0 {
		return View{}, hindcast.Errorf(hindcast.NotFound, "you keep no filter of the name %q", name)
	}
	x := list[i]
	if err := mayKeep(v); err != nil {
		return x, err
	}
	if to = strings.TrimSpace(to); to == name {
		return x, nil
	}
	if err := checkViewName(to); err != nil {
		return x, err
	}
	if named(to) >= 0 {
		return x, hindcast.Errorf(hindcast.Conflict, "you keep another filter of the name %q; choose another name, or forget that one first", to)
	}
	err = s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		_, err := tx.Exec(ctx, `update action_view set name = $3 where person = $1 and name = $2`, v.PersonID, name, to)
		return err
	})
	if err == nil {
		x.Name = to
	}
	return x, err
}

// RemoveView removes a filter of the viewer, if there is one of this name.
func (s *Service) RemoveView(ctx context.Context, v hindcast.Viewer, name string) error {
	if err := mayKeep(v); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		_, err := tx.Exec(ctx, `delete from action_view where person = $1 and name = $2`, v.PersonID, name)
		return err
	})
}

// mayKeep refuses who may not read, and tokens that may only read: to keep a filter is
// to write, for oneself.
func mayKeep(v hindcast.Viewer) error {
	if !v.MayRead() || v.TokenID != "" && !v.MayWrite() {
		return hindcast.Errorf(hindcast.Denied, "sign in to keep filters of the list")
	}
	return nil
}
