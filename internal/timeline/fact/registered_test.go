package fact_test

import (
	"testing"

	"github.com/hindcast/hindcast/internal/timeline/fact"
)

func TestRegistered(t *testing.T) {
	for host, want := range map[string]string{
		"mail.shop.example":  "shop.example",
		"Shop.Example":       "shop.example",
		"www.shop.co.uk":     "shop.co.uk",
		"noc.acme.co.uk":     "acme.co.uk",
		"co.uk":              "co.uk",
		"a.b.c.shop.com.au":  "shop.com.au",
		"localhost":          "localhost",
		"eu.api.acme.com":    "acme.com",
		"status.acme.net.nz": "acme.net.nz",
	} {
		if got := fact.Registered(host); got != want {
			t.Errorf("Registered(%q) = %q, want %q", host, got, want)
		}
	}
}
