package api

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/workflow"
)

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
func (a *API) problem(ctx context.Context, operation string, err error) error {
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
		a.Log.ErrorContext(ctx, "a request failed inside", "id", id, "operation", operation, "error", err)
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

// refuse answers outside an operation.
func (a *API) refuse(w http.ResponseWriter, status int, detail string) {
	w.Header().Set("Content-Type", "application/problem+json")
	if status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="hindcast"`)
	}
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(huma.ErrorModel{Status: status, Title: http.StatusText(status), Detail: detail}) // the client went away
}
