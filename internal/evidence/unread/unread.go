// Package unread knows outputs of tools that hold no time, or hold it in a form
// that no parser here reads, and says how to export the same with times. Read as
// logs they would be lines about nothing; not recognized, they would leave their
// reader guessing.
package unread

import (
	"io"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// output is what a tool prints and what to export instead.
type output struct {
	head   *lazyregexp.Regexp // of the first lines
	advice string
}

// sure is more than any format that reads such text line by line, and less than
// those that know a tool's output.
const sure = 75

// headSize is how much of a file is looked at.
const headSize = 4 << 10

// outputs returns what is known, tried in order.
func outputs() []output {
	known := func(head, advice string) output { return output{lazyregexp.New(head), advice} }
	return []output{
		known(`(?s)\A(?:---\r?\n)?apiVersion: .*\n *(?:involvedObject|regarding):`,
			"these are events of Kubernetes in YAML, which is not read; export them with kubectl get events -A -o json"),
		known(`\A(?:---\n)?apiVersion: [\w./-]+\r?\n(?:items:|kind: )`,
			"this is an object of Kubernetes in YAML, which is not read; export it with kubectl get ... -o json"),
		known(`\AName: +\S+\r?\n(?:.*\n){0,4}Strategy: +`,
			"this is what kubectl argo rollouts prints, without times; export kubectl get rollouts,replicasets -o json"),
		known(`\AName: +\S+\r?\n(?:Namespace|Roles|Labels|Priority|CreationTimestamp): +`,
			"this is the output of kubectl describe, which tells ages and no times; export with kubectl get events -A -o json and kubectl get pods -A -o json"),
		known(`\A(?:NAMESPACE +)?NAME +(?:.* AGE\b|CPU\(cores\) ).*\n`,
			"this is a table of kubectl get, which tells ages and no times; export it with -o json"),
		known(`\A\S+/\S+ ?\r?\nREVISION +CHANGE-CAUSE`,
			"the history of a rollout tells no times; export kubectl get replicasets -o json, whose revisions have them"),
		known(`\Adata: \{"?__`,
			"these are events that journalctl -o json-sse prints, which are not read; export with journalctl -o json"),
		known(`\ALinux \S+ \(.*\)\s.*_\w+_`,
			"this is what iostat, mpstat or sar prints without times, which is not read; export with iostat -t, with an interval, or with sadf -d"),
		known(`\Aprocs -+memory(?:.*cpu-+|[^\n]*swap-+) *\r?\n`,
			"this is what vmstat prints without times, which is not read; export with vmstat -t"),
		known(`\A[\w.-]+:[\d.]+\|(?:c|g|ms|s|h|d)\b`,
			"these are samples as programs send them to StatsD, without times; export the figures from where StatsD sends them"),
		known(`\Atop - \d\d:\d\d:\d\d up |\AFilesystem +(?:Size|1K-blocks|Type|Inodes) `,
			"this shows a moment without its date, which is not read; write down when it was and what it showed as a recollection or a note"),
		known(`\A<\?xml[^>]*>\s*<results preview=`,
			"this is an export of Splunk in XML, which is not read; export the search as CSV or JSON"),
		known(`\A\S+\{.*\} =>\s*(?:\n|\S+ @\[\d)`,
			"this is what promtool query prints, which is not read; save the answer of /api/v1/query_range instead"),
		known(`\A- app_version: .*\n  chart: `,
			"this is the history of a release of Helm in YAML, which is not read; export it with helm history RELEASE -o json"),
		known(`\A---\r?\n(?:insertId|logName|jsonPayload|textPayload|httpRequest|labels): `,
			"these are entries of Google Cloud Logging in YAML, which is not read; export them with gcloud logging read --format json"),
	}
}

// Formats returns the one format of what is not read.
func Formats() []record.Format {
	all := outputs()
	return []record.Format{{
		Name: "unread",
		Recognize: func(h record.Head) int {
			if find(all, h.Bytes) != "" {
				return sure
			}
			return 0
		},
		Parse: func(f *record.File, r io.Reader, sink record.Sink) error {
			head := make([]byte, headSize)
			n, err := io.ReadFull(r, head)
			if err == io.EOF || err == io.ErrUnexpectedEOF {
				err = nil
			}
			if advice := find(all, head[:n]); advice != "" {
				sink.Problem(hindcast.Problem{File: f.Name, Line: 1, Message: advice})
			}
			return err
		},
	}}
}

// find returns the advice for what begins with head; "" when it is not known.
func find(all []output, head []byte) string {
	text := string(head[:min(len(head), headSize)])
	for i := range all {
		if all[i].head.MatchString(text) {
			return all[i].advice
		}
	}
	return ""
}
