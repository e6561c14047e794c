package workflow_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
)

func TestViewsAreKeptForOnePerson(t *testing.T) {
	onBoth(t, func(l *library) {
		ctx := l.Context()
		names := func(v hindcast.Viewer) (out []string) {
			list, err := l.Views(ctx, v)
			if err != nil {
				l.Fatal(err)
			}
			for _, x := range list {
				out = append(out, x.Name+": "+x.Query)
			}
			return out
		}
		tests := []struct {
			name, query string
			code        hindcast.Code
		}{
			{" Worst ", "severity=1&after=x&evil=1&status=", ""},
			{"Ledger", "service=ledger&q=time*", ""},
			{"Worst", "severity=1", ""}, // again
			{"", "severity=1", hindcast.Invalid},
			{strings.Repeat("x", 61), "severity=1", hindcast.Invalid},
			{"Everything", "sort=updated", hindcast.Invalid},
			{"Long", "q=" + strings.Repeat("x", 3000), hindcast.Invalid},
			{"Broken", "q=%zz", hindcast.Invalid},
		}
		for _, tt := range tests {
			if _, err := l.SaveView(ctx, lead, tt.name, tt.query); hindcast.CodeOf(err) != tt.code {
				l.Errorf("SaveView(%q, %q) = %v, want %q", tt.name, tt.query, err, tt.code)
			}
		}
		want := []string{"Ledger: q=time%2A&service=ledger", "Worst: severity=1"}
		if diff := cmp.Diff(want, names(lead)); diff != "" {
			l.Errorf("views (-want +got):\n%s", diff)
		}
		if got := names(other); got != nil {
			l.Errorf("others see %q", got)
		}
		if err := l.RemoveView(ctx, other, "Ledger"); err != nil || len(names(lead)) != 2 {
			l.Errorf("another person removes a view: %v", err)
		}
		if err := l.RemoveView(ctx, lead, "Ledger"); err != nil || len(names(lead)) != 1 {
			l.Errorf("removing one's own: %v", err)
		}
		token := lead
		token.TokenID, token.Scopes = "t", []hindcast.Scope{hindcast.ScopeRead}
		if _, err := l.SaveView(ctx, token, "Token", "severity=1"); hindcast.CodeOf(err) != hindcast.Denied {
			l.Errorf("a token that may only read keeps a view: %v", err)
		}
		var err error
		for i := 0; err == nil && i < 60; i++ {
			_, err = l.SaveView(ctx, lead, fmt.Sprint("View ", i), "severity=1")
		}
		if hindcast.CodeOf(err) != hindcast.Conflict || len(names(lead)) != 50 {
			l.Errorf("%d views, %v; want 50 and no more", len(names(lead)), err)
		}
	})
}
