// Package deploys reads records of changes that no vendor's format covers: the
// lists and logs that teams' own pipelines and scripts write.
//
//	JSON array or NDJSON of changes: at, service, version, by, kind   deploy-list
//	the same as CSV with a header                                     deploy-table
//	a pipeline's log, a JSON object per step: time, pipeline,         deploy-pipeline
//	run_id, stage, service, version, previous_version, actor, msg
//	switches of flags and settings: at, flag, from, to, by            deploy-list
//	CloudEvents 1.0 in JSON, CDEvents among them                      cloudevents
//	logs of what makes changes: time, level, by, kind or flag, msg    change-log
//
// Fields go by many names ("at", "time", "deployed_at"; "by", "user", "author")
// and are found whatever their case and separators.
//
// In a pipeline's log the record with which a version begins to go out is a
// Deploy, for each run, service and environment; every other record is a
// DeployStep. A canary counts as a beginning, and so does the rollout after it.
package deploys

import (
	"bytes"
	"io"
	"strings"

	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/redact"
)

// Formats returns the formats of lists of changes and of pipeline logs.
func Formats() []record.Format {
	p := &parser{redactor: redact.New(), words: fact.NewWords()}
	return []record.Format{
		{Name: "cloudevents", Recognize: jsonrec.Recognizer(93, `"specversion"`, isCloudEvent), Parse: p.cloudEvents},
		{Name: "deploy-pipeline", Recognize: recognizer(75, isPipeline), Parse: p.pipeline},
		{Name: "deploy-list", Recognize: p.recognizeList, Parse: p.list},
		{Name: "change-log", Recognize: recognizer(73, isChangeLog), Parse: p.changeLog},
		{Name: "deploy-table", Recognize: recognizeTable, Parse: p.table},
	}
}

type parser struct {
	redactor *redact.Redactor
	words    *fact.Words
}

// containers are the members of a wrapping object under which lists are kept.
var containers = []string{"", "deploys", "deployments", "releases", "rollouts", "items", "records", "data", "results"}

// recognizer is [jsonrec.Recognizer] for records of which no member is certain.
func recognizer(score int, fits func(fields) bool) func(record.Head) int {
	return func(h record.Head) int {
		if !hasRecords(h.Bytes) {
			return 0
		}
		if jsonrec.Sniff(h.Bytes).Most(func(f jsonrec.Fields) bool { return fits(sniffed(f)) }) {
			return score
		}
		return 0
	}
}

// hasRecords is a cheap test for JSON that could speak of a service or a flag.
func hasRecords(head []byte) bool {
	head = bytes.TrimSpace(head)
	if len(head) == 0 || head[0] != '{' && head[0] != '[' {
		return false
	}
	head = bytes.ToLower(head[:min(len(head), 4<<10)])
	for _, word := range []string{"version", "service", "deploy", "flag", "setting", "stage", "app", "toggle", "config"} {
		if bytes.Contains(head, []byte(word)) {
			return true
		}
	}
	return false
}

// sniffed returns the members of a record, or those of the first element of a
// list that the record wraps.
func sniffed(f jsonrec.Fields) fields {
	at := ""
	for _, c := range containers[1:] {
		if f[c] == "[" {
			at = c + "."
		}
	}
	if f[at+"attributes"] == "{" {
		at += "attributes."
	}
	out := fields{}
	for path, v := range f {
		if name, ok := strings.CutPrefix(path, at); ok {
			out.add(name, v)
		}
	}
	return out
}

// each calls fn with the members of every record of a file.
func each(f *record.File, r io.Reader, sink record.Sink, fn func(jsonrec.Record, fields)) error {
	return jsonrec.Each(f, r, sink, func(rec jsonrec.Record) {
		if inner, ok := rec.Member("attributes"); ok && len(inner.Raw) > 0 && inner.Raw[0] == '{' {
			rec = inner
		}
		if members, ok := decode(rec, sink); ok {
			fn(rec, members)
		}
	}, containers...)
}
