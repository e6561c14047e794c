package report

import (
	"encoding/json"
	"io"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/hindcast/hindcast"
)

// Rule describes a rule to programs that show findings.
type Rule struct {
	Name    string
	Level   hindcast.FindingLevel
	Message string
	Why     string
	Bad     string
	Good    string
}

const sarifSchema = "https://json.schemastore.org/sarif-2.1.0.json"

// The parts of SARIF 2.1.0 that are written, by its names.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name            string      `json:"name"`
		SemanticVersion string      `json:"version,omitempty"`
		Rules           []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID            string      `json:"id"`
		Short         sarifText   `json:"shortDescription"`
		Full          sarifText   `json:"fullDescription"`
		Help          sarifText   `json:"help"`
		Configuration sarifConfig `json:"defaultConfiguration"`
	}
	sarifConfig struct {
		Level string `json:"level"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID    string          `json:"ruleId"`
		RuleIndex *int            `json:"ruleIndex,omitempty"`
		Level     string          `json:"level"`
		Message   sarifText       `json:"message"`
		Locations []sarifLocation `json:"locations"`
		Fixes     []sarifFix      `json:"fixes,omitempty"`
	}
	sarifLocation struct {
		Physical sarifPhysical `json:"physicalLocation"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   sarifRegion   `json:"region"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int        `json:"startLine,omitempty"`
		StartColumn int        `json:"startColumn,omitempty"`
		EndLine     int        `json:"endLine,omitempty"`
		EndColumn   int        `json:"endColumn,omitempty"`
		ByteOffset  int        `json:"byteOffset"`
		ByteLength  int        `json:"byteLength"`
		Snippet     *sarifText `json:"snippet,omitempty"`
	}
	sarifFix struct {
		Description sarifText     `json:"description"`
		Changes     []sarifChange `json:"artifactChanges"`
	}
	sarifChange struct {
		Artifact     sarifArtifact      `json:"artifactLocation"`
		Replacements []sarifReplacement `json:"replacements"`
	}
	sarifReplacement struct {
		Deleted  sarifRegion `json:"deletedRegion"`
		Inserted sarifText   `json:"insertedContent"`
	}
)

// SARIF writes findings as a log of one run of the version of this program.
func SARIF(w io.Writer, files []File, rules []Rule, version string) error {
	run := sarifRun{ColumnKind: "unicodeCodePoints", Results: []sarifResult{}, Tool: sarifTool{sarifDriver{Name: "hindcast", SemanticVersion: version, Rules: []sarifRule{}}}}
	index := map[string]int{}
	for i, r := range rules {
		index[r.Name] = i
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{r.Name, sarifText{strings.ReplaceAll(r.Message, "{text}", "…")}, sarifText{r.Why},
			sarifText{r.Why + "\n\nInstead of: " + r.Bad + "\nWrite: " + r.Good}, sarifConfig{string(r.Level)}})
	}
	for _, f := range files {
		for _, x := range f.Findings {
			run.Results = append(run.Results, sarifOf(f, x, index))
		}
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(sarifLog{sarifSchema, "2.1.0", []sarifRun{run}})
}

func sarifOf(f File, x hindcast.Finding, index map[string]int) sarifResult {
	at := sarifArtifact{uri(f.Name)}
	endLine, endColumn := endOf(f.Source, x)
	r := sarifResult{RuleID: x.Rule, Level: string(x.Level), Message: sarifText{sentences(x)},
		Locations: []sarifLocation{{sarifPhysical{at, sarifRegion{x.Line, x.Column, endLine, endColumn, x.Start, x.End - x.Start, &sarifText{strings.ToValidUTF8(x.Text, "\uFFFD")}}}}}}
	if i, ok := index[x.Rule]; ok {
		r.RuleIndex = &i
	}
	if x.Question != "" {
		r.Message.Text += " " + x.Question
	}
	if e := x.Edit; e != nil {
		r.Fixes = []sarifFix{{sarifText{x.Suggestions[0]}, []sarifChange{{at, []sarifReplacement{{sarifRegion{ByteOffset: e.Start, ByteLength: e.End - e.Start}, sarifText{e.Text}}}}}}}
	}
	return r
}

// uri writes a path as a relative reference.
func uri(name string) string {
	u := url.URL{Path: filepath.ToSlash(name)}
	return strings.TrimPrefix(u.String(), "./")
}
