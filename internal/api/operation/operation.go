// Package operation is what the operations of the API have in common: how one is
// described and added to the [Set], on whose behalf it runs, how an error becomes a
// problem (RFC 9457), and the parameters and answers that several of them have.
package operation

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/workflow"
)

// viewerKey is the key of the viewer in a context.
type viewerKey struct{}

// Viewer returns on whose behalf a request comes.
func Viewer(ctx context.Context) hindcast.Viewer {
	v, _ := ctx.Value(viewerKey{}).(hindcast.Viewer)
	return v
}

// New describes one operation. Its id is what clients call it.
func New(method, path, id, summary string, tags ...string) huma.Operation {
	return huma.Operation{
		Method: method, Path: Prefix + path, OperationID: id, Summary: summary, Tags: tags,
		Errors: []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity},
	}
}

// Register adds an operation whose errors are turned into problems.
func Register[I, O any](s *Set, op huma.Operation, f func(context.Context, *I) (*O, error)) {
	huma.Register(s.huma, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := f(ctx, in)
		if err != nil {
			return nil, s.problem(ctx, op.OperationID, err)
		}
		return out, nil
	})
}

// statuses are the HTTP statuses of our codes.
var statuses = map[hindcast.Code]int{
	hindcast.Invalid:     http.StatusUnprocessableEntity,
	hindcast.NotFound:    http.StatusNotFound,
	hindcast.Conflict:    http.StatusConflict,
	hindcast.Denied:      http.StatusForbidden,
	hindcast.Unavailable: http.StatusServiceUnavailable,
}

// problem turns an error into one that a client can read. What went wrong inside
// is logged under a number and not told.
func (s *Set) problem(ctx context.Context, operation string, err error) error {
	var answered huma.StatusError
	if errors.As(err, &answered) {
		return err
	}
	if errors.Is(err, context.Canceled) {
		return &huma.ErrorModel{Status: 499, Title: "Client Closed Request", Detail: "you went away"}
	}
	status, ok := statuses[hindcast.CodeOf(err)]
	if !ok {
		id := rand.Text()[:12]
		s.log.ErrorContext(ctx, "a request failed inside", "id", id, "operation", operation, "error", err)
		return &huma.ErrorModel{Status: http.StatusInternalServerError, Title: http.StatusText(http.StatusInternalServerError),
			Detail: "something went wrong here; tell an admin the number " + id, Instance: id}
	}
	p := &huma.ErrorModel{Status: status, Title: http.StatusText(status), Detail: err.Error()}
	var faults workflow.Faults
	var conflicts workflow.Conflicts
	switch {
	case errors.As(err, &faults):
		for _, f := range faults {
			where := f.Path
			if f.Field != "" {
				where += "#" + f.Field
			}
			p.Errors = append(p.Errors, &huma.ErrorDetail{Message: f.Message, Location: where})
		}
	case errors.As(err, &conflicts):
		for _, c := range conflicts {
			p.Errors = append(p.Errors, &huma.ErrorDetail{Message: "changed since you read it", Location: c.Path, Value: c})
		}
	}
	return p
}

// Prefix begins every path of this version.
const Prefix = "/api/v1"

// Set is the operations of the API, to which Register adds.
type Set struct {
	huma huma.API
	log  *slog.Logger // of errors inside
}

// NewSet returns a set that is served and described by h, and has what went wrong
// inside logged.
func NewSet(h huma.API, log *slog.Logger) *Set { return &Set{h, log} }

// WithViewer returns the context of a request with on whose behalf it comes.
func WithViewer(ctx huma.Context, v hindcast.Viewer) huma.Context {
	return huma.WithValue(ctx, viewerKey{}, v)
}
