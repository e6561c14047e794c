// Package elastic reads logs that were searched for in Elasticsearch or
// OpenSearch, and tables that log search interfaces export:
//
//	POST /INDEX/_search, _msearch, _async_search     elastic-search
//	one hit per line (elasticdump, jq), or a list    elastic-hits
//	CSV of Kibana, Splunk, Datadog, CloudWatch Logs  log-csv
//	answers in rows: CloudWatch Logs Insights, Azure
//	Monitor, SQL of Elasticsearch, tables of Graylog  log-rows
//
// The fields of a hit are those of the Elastic Common Schema, nested or with
// dots in their names, or whatever other names loggers use.
package elastic

import (
	"bytes"
	"io"

	"github.com/hindcast/hindcast/internal/evidence/jsonlog"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// Formats returns the formats of log searches.
func Formats() []record.Format {
	return []record.Format{
		{Name: "elastic-search", Source: "Elasticsearch", Recognize: jsonrec.Recognizer(95, `"hits"`, isAnswer), Parse: parse},
		{Name: "elastic-hits", Source: "Elasticsearch", Recognize: jsonrec.Recognizer(92, `"_index"`, func(f jsonrec.Fields) bool { return isHit(f, "") }), Parse: parse},
		{Name: "log-rows", Recognize: recognizeRows, Parse: parseRows},
		{Name: "log-csv", Recognize: recognizeTable, Lines: newTable},
	}
}

// answers are where the hits of an answer stand: a search, an asynchronous one,
// and one that Kibana shows.
var answers = []string{"hits.hits", "response.hits.hits", "rawResponse.hits.hits"}

func isAnswer(f jsonrec.Fields) bool {
	for _, at := range answers {
		if isHit(f, at+".") {
			return true
		}
	}
	return isHit(f, "responses.hits.hits.") || f["hits.hits"] == "[" && f.Has("took", "timed_out")
}

func isHit(f jsonrec.Fields, at string) bool {
	return f.Has(at+"_index", at+"_id") && f.Any(at+"_source", at+"fields")
}

func parse(f *record.File, r io.Reader, sink record.Sink) error {
	in := jsonlog.NewReader(f)
	err := jsonrec.Each(f, r, sink, func(rec jsonrec.Record) {
		if rec.Path != "responses" {
			hit(rec, in, sink)
			return
		}
		if list, ok := rec.Member("hits", "hits"); ok {
			list.EachElement(func(h jsonrec.Record) bool {
				hit(h, in, sink)
				return true
			})
		}
	}, append([]string{"responses", ""}, answers...)...)
	in.Report(sink)
	return err
}

// hit reads one hit: its document, or else the fields that were asked for.
func hit(rec jsonrec.Record, in *jsonlog.Reader, sink record.Sink) {
	doc, ok := rec.Member("_source")
	if !ok || bytes.Equal(doc.Raw, []byte("{}")) {
		if fields, ok := rec.Member("fields"); ok {
			doc.Raw = single(fields)
		}
	}
	l := record.Log{File: rec.File, Line: rec.Line, EndLine: rec.EndLine, Offset: rec.Offset, At: record.NoTime, Raw: rec.Raw}
	if len(doc.Raw) == 0 || !in.Read(doc.Raw, &l) {
		sink.Problem(rec.Problem("this is no search hit with a document; it was skipped"))
		return
	}
	sink.Log(&l)
}

// single returns an object of lists with the first element of each instead:
// fields that were asked for come as lists.
func single(fields jsonrec.Record) []byte {
	out := []byte{'{'}
	fields.EachMember(func(key []byte, v jsonrec.Record) bool {
		v.EachElement(func(first jsonrec.Record) bool {
			if len(out) > 1 {
				out = append(out, ',')
			}
			out = append(append(out, '"'), key...)
			out = append(append(out, `":`...), first.Raw...)
			return false
		})
		return true
	})
	return append(out, '}')
}
