package connectortest

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
)

// The queries that are asked: one that a service answers, and one that it refuses.
const (
	GoodQuery = "up"
	BadQuery  = "sum("
)

// Queries holds that a vendor answers queries of people's own, beside what holds for
// it as a source. Answer has something for [GoodQuery] and refuses [BadQuery]; words
// are what it says of that.
func Queries(t *testing.T, s Service, words string) { report(t, s.queries(t.Context(), words)) }

func (s Service) queries(ctx context.Context, words string) (out []string) {
	ask := func(query string, b *connector.Batch) func(context.Context, any) error {
		return func(ctx context.Context, v any) (err error) {
			src, ok := v.(connector.Source)
			if !ok {
				return fmt.Errorf("it is no Source")
			}
			*b, err = src.Fetch(ctx, connector.Window{From: time.Unix(1773583200, 0), To: time.Unix(1773590400, 0), Query: query}, "")
			return err
		}
	}
	var good, bad connector.Batch
	out = s.role(ctx, false, ask(GoodQuery, &good))
	calls, err := s.try(ctx, 1, s.Answer, ask(GoodQuery, &good))
	if err != nil || len(calls) != 1 || len(good.Files) != 1 || good.Next != "" {
		out = append(out, fmt.Sprintf("a query: %d files in %d requests, then %q, %v; want one in one", len(good.Files), len(calls), good.Next, err))
	}
	_, err = s.try(ctx, 1, s.Answer, ask(BadQuery, &bad))
	if err == nil || hindcast.CodeOf(err) != hindcast.Invalid || !strings.Contains(err.Error(), words) || len(bad.Files) > 0 {
		out = append(out, fmt.Sprintf("a query that is refused: %v (%s), want %s with %q", err, hindcast.CodeOf(err), hindcast.Invalid, words))
	}
	echo := func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = fmt.Fprintf(w, `{"status":"error","error":%q}`, strings.Join(slices.Concat(r.Header["Authorization"]), " "))
	}
	if _, err = s.try(ctx, 1, echo, ask(BadQuery, &bad)); err == nil || strings.Contains(err.Error(), Credential) {
		out = append(out, fmt.Sprintf("a refusal that repeats the credential: %v", err))
	}
	return out
}
