package slack_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/record/recordtest"
	"github.com/hindcast/hindcast/internal/evidence/slack"
)

var update = flag.Bool("update", false, "write what the parsers say now as what is wanted")

func TestFormats(t *testing.T) {
	var save func(string, []byte) error
	if *update {
		save = func(name string, data []byte) error {
			return os.WriteFile(filepath.Join("testdata", name), data, 0o644)
		}
	}
	recordtest.Golden(t, slack.Formats(), os.DirFS("testdata"), save)
}

func FuzzFormats(f *testing.F) {
	recordtest.Fuzz(f, slack.Formats())
}

func TestUsers(t *testing.T) {
	want := []record.Person{{Source: "slack", ID: "U1", Name: "Engineer A", Zone: "Europe/Madrid"}, {Source: "slack", ID: "U2", Name: "eng-b"}, {Source: "slack", ID: "U3", Name: "engineer.c"}}
	list := `[{"id":"U1","name":"a","real_name":"Engineer A","tz":"Europe/Madrid"},{"id":"U2","name":"b","profile":{"real_name":"","display_name":"eng-b"}},{"id":"U3","name":"engineer.c","profile":null},{"id":"U4"},{}]`
	for name, in := range map[string]string{"export": list, "users.list": `{"ok":true,"members":` + list + `}`} {
		t.Run(name, func(t *testing.T) {
			got := recordtest.Parse(t, slack.Formats(), "slack-users", &record.File{Name: "users.json"}, []byte(in))
			if diff := cmp.Diff(want, got.Persons); diff != "" {
				t.Errorf("persons: -want +got:\n%s", diff)
			}
		})
	}
}

// TestUsersCutDown takes lists of which somebody kept only the names.
func TestUsersCutDown(t *testing.T) {
	named := `[{"id":"U1","name":"a","real_name":"Engineer A","tz":"Europe/Madrid"},{"id":"U2","name":"b","real_name":"Engineer B"}]`
	for in, want := range map[string]bool{
		named:                                 true,
		`{"ok":true,"members":` + named + `}`: true,
		`[{"id":"17","name":"a","real_name":"Engineer A"}]`:                       false,
		`[{"id":"U1","name":"a","real_name":"Engineer A","text":"x","ts":"1.0"}]`: false,
	} {
		for _, f := range slack.Formats() {
			if f.Name == "slack-users" && (f.Recognize(recordtest.Head("people.json", []byte(in))) > 0) != want {
				t.Errorf("%s is a list of users: %v, want %v", in, !want, want)
			}
		}
	}
}
