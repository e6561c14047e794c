package auth

import (
	"context"
	"fmt"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb"
)

// DemoPerson is who everybody is in a demo.
const DemoPerson = "demo"

// demoPeople are the people of a demo. None has a password.
var demoPeople = []Person{
	{ID: DemoPerson, Email: "commander@demo.example", Name: "Incident commander", Role: hindcast.RoleAdmin},
	{ID: "demo-a", Email: "engineer-a@demo.example", Name: "Engineer A", Role: hindcast.RoleMember},
	{ID: "demo-b", Email: "engineer-b@demo.example", Name: "Engineer B", Role: hindcast.RoleMember},
	{ID: "demo-c", Email: "facilitator@demo.example", Name: "Facilitator", Role: hindcast.RoleMember},
	{ID: "demo-d", Email: "reader@demo.example", Name: "Reader", Role: hindcast.RoleReader},
}

// Demo lets everybody in as one made-up person, who may do everything. It refuses
// a library in which real people have accounts. first is true when the people of
// the demo were not there before.
func (a *Auth) Demo(ctx context.Context) (v hindcast.Viewer, first bool, err error) {
	err = a.db.Write(ctx, func(tx *sqldb.Tx) error {
		first = false
		var there, real int
		if err := tx.QueryRow(ctx, `select count(*), count(*) filter (where id not like 'demo%') from person`).Scan(&there, &real); err != nil {
			return err
		}
		if real > 0 {
			return hindcast.Errorf(hindcast.Conflict, "this data folder holds a library of real people; start the demo with another --data folder")
		}
		if first = there == 0; !first {
			return nil
		}
		for _, p := range demoPeople {
			if _, err := tx.Exec(ctx, `insert into person (id, email, name, role, disabled, password, created_at, seen_at) values ($1, $2, $3, $4, false, '', $5, 0)`,
				p.ID, p.Email, p.Name, p.Role, sqldb.Micros(a.now())); err != nil {
				return fmt.Errorf("add the people of the demo: %w", err)
			}
		}
		return nil
	})
	if err != nil {
		return v, false, err
	}
	v = demoPeople[0].Viewer()
	a.demo = &v
	return v, first, nil
}

// IsDemo reports whether the library is one of a demo, which has no passwords and
// must not be served to anybody.
func (a *Auth) IsDemo(ctx context.Context) (bool, error) {
	var n int
	err := a.db.QueryRow(ctx, `select count(*) from person where id = $1`, DemoPerson).Scan(&n)
	return n > 0, err
}
