package slack_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

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
	want := map[string]string{"U1": "Engineer A", "U2": "eng-b", "U3": "engineer.c", "U4": "U4"}
	list := `[{"id":"U1","name":"a","real_name":"Engineer A"},{"id":"U2","name":"b","profile":{"real_name":"","display_name":"eng-b"}},{"id":"U3","name":"engineer.c","profile":null},{"id":"U4"},{}]`
	for name, in := range map[string]string{"export": list, "users.list": `{"ok":true,"members":` + list + `}`} {
		t.Run(name, func(t *testing.T) {
			got, err := slack.Users(strings.NewReader(in))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("Users: -want +got:\n%s", diff)
			}
		})
	}
	if _, err := slack.Users(strings.NewReader("no JSON")); err == nil {
		t.Error("Users of no JSON gives no error")
	}
}
