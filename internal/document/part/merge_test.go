package part

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
)

var moment = time.Date(2024, 3, 15, 14, 37, 0, 0, time.UTC)

func entry(id, title string) hindcast.Entry {
	return hindcast.Entry{ID: id, At: moment, Title: title, Kind: hindcast.Symptom}
}

func TestMerge(t *testing.T) {
	doc := func(entries ...hindcast.Entry) hindcast.Postmortem { return hindcast.Postmortem{Timeline: entries} }
	serviced := func(e hindcast.Entry, service string) hindcast.Entry { e.Service = service; return e }
	tests := []struct {
		name                      string
		base, current, next, want hindcast.Postmortem
		kept                      []Kept
	}{
		{"what nobody touched follows", doc(entry("a", "old")), doc(entry("a", "old")), doc(entry("a", "new")), doc(entry("a", "new")), nil},
		{"what is new comes in", doc(), doc(), doc(entry("a", "new")), doc(entry("a", "new")), nil},
		{"what a person added stays", doc(), doc(entry("p", "by hand")), doc(), doc(entry("p", "by hand")), nil},
		{"what a person removed stays away", doc(entry("a", "old")), doc(), doc(entry("a", "new")), doc(), []Kept{{Path: "timeline/a", Removed: true}}},
		{"what vanished untouched goes", doc(entry("a", "old")), doc(entry("a", "old")), doc(), doc(), nil},
		{"what vanished after an edit stays", doc(entry("a", "old")), doc(entry("a", "corrected")), doc(), doc(entry("a", "corrected")), []Kept{{Path: "timeline/a", Vanished: true}}},
		{"edits win field by field", doc(entry("a", "old")), doc(entry("a", "corrected")), doc(serviced(entry("a", "new"), "api")),
			doc(serviced(entry("a", "corrected"), "api")), []Kept{{Path: "timeline/a"}}},
		{"a field that a person emptied stays empty", doc(serviced(entry("a", "old"), "api")), doc(entry("a", "old")), doc(serviced(entry("a", "new"), "web")), doc(entry("a", "new")), []Kept{{Path: "timeline/a"}}},
		{"what a person brought is not filled in", doc(), doc(entry("a", "brought")), doc(serviced(entry("a", "new"), "api")), doc(entry("a", "brought")), []Kept{{Path: "timeline/a"}}},
		{"prose is one thing",
			hindcast.Postmortem{Sections: []hindcast.Section{{Kind: "summary", Heading: "S", Text: "draft"}}},
			hindcast.Postmortem{Sections: []hindcast.Section{{Kind: "summary", Heading: "S", Text: "written"}}},
			hindcast.Postmortem{Sections: []hindcast.Section{{Kind: "summary", Heading: "S", Text: "draft 2"}}},
			hindcast.Postmortem{Sections: []hindcast.Section{{Kind: "summary", Heading: "S", Text: "written"}}}, []Kept{{Path: "sections/summary"}}},
		{"a single value that a person changed stays",
			hindcast.Postmortem{Incident: hindcast.Incident{Title: "a"}}, hindcast.Postmortem{Incident: hindcast.Incident{Title: "b"}},
			hindcast.Postmortem{Incident: hindcast.Incident{Title: "c"}}, hindcast.Postmortem{Incident: hindcast.Incident{Title: "b"}}, []Kept{{Path: "title"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, kept, err := Merge(tt.base, tt.current, tt.next)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("merged differs (-want +got):\n%s", d)
			}
			if d := cmp.Diff(tt.kept, kept); d != "" {
				t.Errorf("kept differs (-want +got):\n%s", d)
			}
		})
	}
}
