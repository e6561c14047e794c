package collect_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/timeline/collect"
)

func TestMergeKeepsWhatCronStarts(t *testing.T) {
	file := &record.File{Name: "cron.log"}
	start := func(c *collect.Collector, line int, service, message string) {
		c.Log(&record.Log{File: file, Line: line, At: int64(line) * int64(time.Hour), Service: []byte(service), Message: []byte(message)})
	}
	a, b := collect.New(), collect.New()
	start(a, 1, "CRON", "(app) CMD (/opt/shop/stats.sh)")
	start(b, 3, "CRON", "(app) CMD (/opt/shop/stats.sh)")
	start(b, 2, "CRON", "(app) CMD (cd /tmp && /opt/shop/reindex-all.sh --token=abc123def456)")
	start(b, 4, "sshd", "(app) CMD (/opt/shop/stats.sh)")
	want := []string{
		"1 stats 0 cron started /opt/shop/stats.sh",
		"2 reindex-all 0 cron started cd /tmp && /opt/shop/reindex-all.sh --token=[redacted]",
		"3 stats 1 cron started /opt/shop/stats.sh",
	}
	for range 2 {
		var got []string
		for _, j := range collect.Merge(a, b).Signals.Jobs {
			got = append(got, fmt.Sprintf("%d %s %d %s", j.Mark.Line, j.Name, j.Earlier, j.Title))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("Merge: -want +got:\n%s", diff)
		}
		a, b = collect.New(), collect.New()
		start(b, 1, "CRON", "(app) CMD (/opt/shop/stats.sh)")
		start(a, 3, "CRON", "(app) CMD (/opt/shop/stats.sh)")
		start(a, 2, "CRON", "(app) CMD (cd /tmp && /opt/shop/reindex-all.sh --token=abc123def456)")
	}
}
