package unread_test

import (
	"strings"
	"testing"

	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/record/recordtest"
	"github.com/hindcast/hindcast/internal/evidence/unread"
)

func TestAdvice(t *testing.T) {
	for name, tt := range map[string]struct{ in, want string }{
		"events in YAML":        {"apiVersion: v1\nitems:\n- apiVersion: v1\n  count: 3\n  involvedObject:\n    kind: Pod\n", "kubectl get events -A -o json"},
		"pods in YAML":          {"apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n", "-o json"},
		"kubectl describe":      {"Name:             web-0\nNamespace:        shop\nPriority:         0\n", "kubectl describe"},
		"kubectl get pods":      {"NAME    READY   STATUS             RESTARTS      AGE\nweb-0   0/1     CrashLoopBackOff   5 (2m ago)    12m\n", "-o json"},
		"kubectl top pods":      {"NAME    CPU(cores)   MEMORY(bytes)\nweb-0   1m   2Mi\n", "-o json"},
		"a history":             {"deployment.apps/web \nREVISION  CHANGE-CAUSE\n1         <none>\n", "replicasets -o json"},
		"a rollout":             {"Name:            web\nNamespace:       shop\nStatus:          Degraded\nStrategy:        Canary\n", "rollouts"},
		"iostat":                {"Linux 5.15.0 (web-1) \t03/05/2026 \t_x86_64_\t(4 CPU)\n\navg-cpu:  %user\n", "iostat -t"},
		"vmstat":                {"procs -----------memory---------- ---swap--\n r  b   swpd\n", "vmstat -t"},
		"vmstat with times":     {"procs -----------memory---------- -----cpu----- -----timestamp-----\n r  b   swpd                 UTC\n", ""},
		"df":                    {"Filesystem      Size  Used Avail Use% Mounted on\n/dev/sda1        50G   50G     0 100% /\n", "recollection"},
		"Splunk":                {"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<results preview=\"0\">\n", "CSV"},
		"promtool":              {"up{job=\"web\"} =>\n0 @[1772690400]\n", "query_range"},
		"Helm":                  {"- app_version: 1.2.2\n  chart: web-0.1.0\n", "-o json"},
		"Google Cloud":          {"---\ninsertId: a\ntextPayload: failed\n", "--format json"},
		"a table with times":    {"NAME    STATUS    STARTED\nweb-0   Running   2026-03-05T06:00:10Z\n", ""},
		"a log":                 {"2026-03-05T06:00:10Z INFO Name: web\n", ""},
		"a setting and its log": {"Name: web\nstarted\n", ""},
	} {
		format := recordtest.Recognize(unread.Formats(), "file", []byte(tt.in))
		if tt.want == "" {
			if format != "" {
				t.Errorf("%s is known as %q", name, format)
			}
			continue
		}
		if format == "" {
			t.Errorf("%s is not known", name)
			continue
		}
		sink := recordtest.Parse(t, unread.Formats(), format, &record.File{Name: "file"}, []byte(tt.in))
		if len(sink.Problems) != 1 || !strings.Contains(sink.Problems[0].Message, tt.want) {
			t.Errorf("%s: problems %v, want one about %q", name, sink.Problems, tt.want)
		}
	}
}

func FuzzFormats(f *testing.F) {
	recordtest.Fuzz(f, unread.Formats(), "apiVersion: v1\nkind: Pod\n", "Linux 5.15.0 (web-1) \t03/05/2026 \t_x86_64_\t(4 CPU)\n\navg-cpu:  %user\n", "__CURSOR=s=1\n")
}
