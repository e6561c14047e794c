package jsonlog_test

import (
	"testing"

	"github.com/hindcast/hindcast/internal/evidence/jsonlog"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/record/recordtest"
)

// TestWrapped reads lists of records as answers wrap them and as jq cuts them out.
func TestWrapped(t *testing.T) {
	const one = `{"time":"2024-03-15T14:25:03Z","level":"error","service":"cart","msg":"failed"}`
	const streams = `[{"stream":{"app":"cart"},"values":[["1710512703000000000","level=error msg=failed"]]}]`
	for name, in := range map[string]string{
		"a list":             "[" + one + "]",
		"items":              `{"items":[` + one + `]}`,
		"data":               `{"data":[` + one + `]}`,
		"messages":           `{"messages":[{"message":` + one + `,"index":"a"}],"total_results":1}`,
		"rows of New Relic":  `{"data":{"actor":{"account":{"nrql":{"results":[` + one + `]}}}}}`,
		"a list of Loki":     streams,
		"the data of Loki":   `{"resultType":"streams","result":` + streams + `}`,
		"an answer of Loki":  `{"status":"success","data":{"resultType":"streams","result":` + streams + `}}`,
		"streams one by one": streams[1:len(streams)-1] + "\n",
	} {
		format := recordtest.Recognize(jsonlog.Formats(), name, []byte(in))
		if format == "" {
			t.Errorf("%s is not recognized", name)
			continue
		}
		sink := recordtest.Parse(t, jsonlog.Formats(), format, &record.File{Name: "shop.json"}, []byte(in))
		if len(sink.Logs) != 1 || len(sink.Problems) > 0 {
			t.Errorf("%s: %d records and problems %v, want 1 record", name, len(sink.Logs), sink.Problems)
			continue
		}
		if l := sink.Logs[0]; l.Service != "cart" || l.Message != "failed" || l.At != "2024-03-15T14:25:03Z" {
			t.Errorf("%s: read as %+v", name, l)
		}
	}
}
