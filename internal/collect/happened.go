package collect

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"maps"
	"slices"

	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/workflow"
)

// mostHappened bounds the changes and events that are evidence of one episode; the
// last ones stay.
const mostHappened = 20_000

// happened returns the changes and other events that were received of a span of
// time, one on a line, a file for each connection.
func (s *Service) happened(ctx context.Context, w connector.Window) ([]workflow.File, error) {
	type row struct{ endpoint, name, body string }
	list, err := sqldb.All(ctx, s.DB, func(scan func(...any) error) (r row, err error) {
		err = scan(&r.endpoint, &r.name, &r.body)
		return r, err
	}, `select r.endpoint, coalesce(e.name, ''), r.body from received r left join endpoint e on e.id = r.endpoint where r.kind = $1 and r.at >= $2 and r.at <= $3 order by r.at desc, r.id desc limit $4`,
		string(connector.Happened), sqldb.Micros(w.From), sqldb.Micros(w.To), mostHappened)
	if err != nil {
		return nil, s.DB.Fault(fmt.Errorf("read what happened: %w", err))
	}
	bodies, names := map[string]*bytes.Buffer{}, map[string]string{}
	for _, r := range slices.Backward(list) {
		line, err := base64.StdEncoding.DecodeString(r.body)
		if err != nil {
			return nil, fmt.Errorf("read what endpoint %s told: %w", r.endpoint, err)
		}
		if bodies[r.endpoint] == nil {
			bodies[r.endpoint], names[r.endpoint] = &bytes.Buffer{}, r.name
		}
		bodies[r.endpoint].Write(append(line, '\n'))
	}
	var out []workflow.File
	for _, id := range slices.Sorted(maps.Keys(bodies)) {
		out = append(out, file(safe(names[id])+"/events.ndjson", bodies[id].Bytes()))
	}
	return out, nil
}
