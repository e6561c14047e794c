package console

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWords(t *testing.T) {
	for text, want := range map[string]said{
		"Starting deployment of billing-api (2.3.1 -> 2.4.0) in env=prod user=engineer-a": {act: begins, service: "billing-api", version: "2.4.0", previous: "2.3.1", env: "production", by: "engineer-a"},
		"begin release billing 2026.01.02-1 → prod-eu":                                    {act: begins, service: "billing", version: "2026.01.02-1", env: "production"},
		`level=info msg="deploying" service=billing version=2.4.0 env=staging by=ci`:      {act: begins, service: "billing", version: "2.4.0", env: "staging", by: "ci"},
		"billing-api: release 9f3c2d1 is live in prod":                                    {act: ends, service: "billing-api", version: "9f3c2d1", env: "production"},
		"Deploy of billing-api started by engineer-a: version 2.4.0, target production":   {act: begins, service: "billing-api", version: "2.4.0", env: "production", by: "engineer-a"},
		"Deploy of billing-api FAILED: health check returned 503":                         {act: fails, service: "billing-api"},
		"Auto-rollback of billing-api to 2.3.1 started":                                   {act: backs, service: "billing-api", version: "2.3.1"},
		"Auto-rollback of billing-api to 2.3.1 complete":                                  {act: backed, service: "billing-api", version: "2.3.1"},
		"Upgrade of catalog from 1.2.3 to 1.3.0 in production started":                    {act: begins, service: "catalog", version: "1.3.0", previous: "1.2.3", env: "production"},
		"Rolling out build 4411 of web-shop to live, triggered by engineer-b":             {act: begins, service: "web-shop", version: "4411", env: "production", by: "engineer-b"},
		"reverted catalog to v1.2.3":                                                      {act: backed, service: "catalog", version: "v1.2.3"},
		"waiting for approval to deploy billing-api 2.4.0 to production":                  {act: step, service: "billing-api", version: "2.4.0", env: "production"},
		"skipping rollout of billing-api 2.4.0":                                           {act: step, service: "billing-api", version: "2.4.0"},
	} {
		got, ok := words(text)
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(said{})); diff != "" || !ok {
			t.Errorf("words(%q), %v: -want +got:\n%s", text, ok, diff)
		}
	}
	for _, text := range []string{"order 4411 was paid", "health check passed", ""} {
		if got, ok := words(text); ok {
			t.Errorf("words(%q) = %+v, want nothing", text, got)
		}
	}
}
