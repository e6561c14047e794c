package slack

import (
	"cmp"
	"io"

	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// users reads users.json of an export, or an answer of users.list, for the names of the
// users that messages name by their ids.
func (p *parser) users(f *record.File, r io.Reader, sink record.Sink) error {
	return jsonrec.Each(f, r, sink, func(rec jsonrec.Record) {
		var u user
		if !rec.Decode(&u, sink) || u.ID == "" {
			return
		}
		if name := cmp.Or(u.RealName, u.Profile.name(), u.Name); name != "" {
			sink.Person(p.person(u.ID, name, u.Zone))
		}
	}, "", "members")
}

// person is somebody with a name that is fit to be shown.
func (p *parser) person(id, name, zone string) record.Person {
	return record.Person{Source: "slack", ID: id, Name: fact.OneLine(p.redactor.Text(name)), Zone: zone}
}

type user struct {
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	RealName string   `json:"real_name"`
	Zone     string   `json:"tz"`
	Profile  *profile `json:"profile"`
}
