package series_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/series"
)

func TestService(t *testing.T) {
	tests := []struct {
		name   string
		labels series.Labels
		want   string
		label  string
	}{
		{"service before job", series.Labels{"job": "shop", "service": "basket"}, "basket", "service"},
		{"dotted", series.Labels{"service.name": "basket"}, "basket", "service.name"},
		{"job alone", series.Labels{"job": "basket", "instance": "10.0.0.1:80"}, "basket", "job"},
		{"pod", series.Labels{"pod": "basket-5d8f7c9b6-2xkzq"}, "basket", ""},
		{"exporter", series.Labels{"service": "kps-kube-state-metrics", "job": "kube-state-metrics", "deployment": "basket"}, "basket", "deployment"},
		{"exporter alone", series.Labels{"job": "node-exporter"}, "node-exporter", "job"},
		{"sandbox container", series.Labels{"container": "POD", "pod": "basket-5d8f7c9b6-2xkzq"}, "basket", ""},
		{"none", series.Labels{"route": "/x"}, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, label := tt.labels.Service()
			if got != tt.want || label != tt.label {
				t.Errorf("Service of %v = %q from %q, want %q from %q", tt.labels, got, label, tt.want, tt.label)
			}
		})
	}
}

func TestGet(t *testing.T) {
	f := &record.File{Name: "metrics/p99.json"}
	set := series.NewSet(f)
	got := set.Get("", series.Labels{"service": "basket", "route": "/x", "empty": ""})
	want := &record.Series{File: f, Name: "p99", Service: "basket", Labels: []string{"route=/x"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Get: -want +got:\n%s", diff)
	}
	if again := set.Get("p99", series.Labels{"route": "/x", "service": "basket"}); again != got {
		t.Errorf("Get of the same series = %v, want the same value", again)
	}
}

func TestCut(t *testing.T) {
	tests := []struct {
		in, name string
		labels   series.Labels
		rest     string
		ok       bool
	}{
		{`up 1`, "up", nil, " 1", true},
		{`http_requests_total{code="500", path="/a\"b"} 3 4`, "http_requests_total", series.Labels{"code": "500", "path": `/a"b`}, " 3 4", true},
		{`{__name__="up",job="x"} 1`, "up", series.Labels{"job": "x"}, " 1", true},
		{`{service="basket"}`, "", series.Labels{"service": "basket"}, "", true},
		{`up{} 1`, "up", series.Labels{}, " 1", true},
		{`up{job="x`, "", nil, `up{job="x`, false},
		{`1 2`, "", nil, `1 2`, false},
	}
	for _, tt := range tests {
		t.Run(tt.in, func(t *testing.T) {
			name, labels, rest, ok := series.Cut(tt.in)
			if name != tt.name || rest != tt.rest || ok != tt.ok {
				t.Errorf("Cut(%q) = %q, rest %q, %v", tt.in, name, rest, ok)
			}
			if diff := cmp.Diff(tt.labels, labels); diff != "" {
				t.Errorf("Cut(%q): labels -want +got:\n%s", tt.in, diff)
			}
		})
	}
}
