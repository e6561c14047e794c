package prometheus

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/outhttp"
)

// Refused returns the error with which a server refuses a query in its own words, as
// Invalid, for who wrote the query. Any other error stays as it is.
func Refused(err error) error {
	var e *outhttp.Error
	if !errors.As(err, &e) || e.Status != http.StatusBadRequest && e.Status != http.StatusUnprocessableEntity {
		return err
	}
	if words := said(e.Said); words != "" {
		return hindcast.Errorf(hindcast.Invalid, "%s", words)
	}
	return err
}

// said returns the message in an answer of the API, of which the end may be missing.
func said(answer string) string {
	_, rest, ok := strings.Cut(answer, `"error":`)
	if rest = strings.TrimLeft(rest, " "); !ok || !strings.HasPrefix(rest, `"`) {
		return ""
	}
	end := 1
	for end < len(rest) && rest[end] != '"' {
		if rest[end] == '\\' {
			end++
		}
		end++
	}
	words := ""
	if end >= len(rest) {
		return strings.ReplaceAll(strings.Trim(rest, `"`), `\"`, `"`)
	}
	if json.Unmarshal([]byte(rest[:end+1]), &words) != nil {
		return ""
	}
	return strings.TrimPrefix(words, `invalid parameter "query": `)
}
