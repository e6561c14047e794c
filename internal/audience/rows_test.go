package audience

import (
	"fmt"
	"strings"
)

// Rows are the fields of single values in the allow-list that are in JSON.
func Rows() []string {
	var out []string
	for _, f := range fields {
		if f.by[0] != hidden && f.by[0] != inside && f.name != "ClockOffset.-" {
			out = append(out, f.name)
		}
	}
	return out
}

// Table writes the allow-list as a table of Markdown.
func Table() string {
	words := map[sight]string{hidden: "–", asIs: "shown", inside: "", text: "text", role: "role", team: "team", ident: "id", factor: "id", entry: "id"}
	var b strings.Builder
	b.WriteString("| Field | Engineering | Executive | Customer |\n| --- | --- | --- | --- |\n")
	for _, f := range fields {
		if f.by[0] != inside && f.name != "ClockOffset.-" {
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", f.name, words[f.by[0]], words[f.by[1]], words[f.by[2]])
		}
	}
	return b.String()
}
