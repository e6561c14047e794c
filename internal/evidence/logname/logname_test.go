package logname_test

import (
	"testing"

	"github.com/hindcast/hindcast/internal/evidence/logname"
)

func TestWorkload(t *testing.T) {
	tests := map[string]string{
		"checkout-7f84d6f9b7-8rkdz":      "checkout",
		"order-history-6c9f7d8b5c-h7td":  "order-history-6c9f7d8b5c-h7td",
		"order-history-6c9f7d8b5c-h7tqd": "order-history",
		"search-7d9f8c-0abcd":            "search",
		"db-0":                           "db",
		"fluentd-x2k9p":                  "fluentd",
		"web.1":                          "web",
		"10.1.2.3":                       "10.1.2.3",
		"node-agent":                     "node-agent",
		"mobile-store":                   "mobile-store",
		"web":                            "web",
		"-abcde":                         "-abcde",
		"":                               "",
	}
	for in, want := range tests {
		t.Run(in, func(t *testing.T) {
			if got := logname.Workload([]byte(in)); string(got) != want {
				t.Errorf("Workload(%q) = %q, want %q", in, got, want)
			}
		})
	}
}

func TestService(t *testing.T) {
	tests := map[string]string{
		"logs/checkout.log":                               "checkout",
		"order-history-7f84d6f9b7-8rkdz.log":              "order-history",
		"k8s/checkout.cri.log":                            "checkout",
		"logs/checkout.log.1":                             "checkout",
		"logs/checkout-2024-03-15.log.gz":                 "checkout",
		"logs/checkout.2024-03-15T14.ndjson":              "checkout",
		"postgres-primary.log":                            "postgres-primary",
		"api/access.log":                                  "api",
		"nginx/access.log":                                "",
		"nginx/error.log":                                 "",
		"logs/gateway-access.log":                         "gateway",
		"evidence/logs/app.log":                           "",
		"logs.txt":                                        "",
		"checkout-7f84d6f9b7-8rkdz_prod_app-0123abcd.log": "checkout",
		`logs\worker.log`:                                 "worker",
		"-":                                               "",
		"":                                                "",
	}
	for in, want := range tests {
		t.Run(in, func(t *testing.T) {
			if got := logname.Service(in); got != want {
				t.Errorf("Service(%q) = %q, want %q", in, got, want)
			}
		})
	}
}
