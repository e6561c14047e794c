package browsertest

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/hindcast/hindcast/internal/cli"
)

var update = flag.Bool("update", false, "write the pictures in testdata anew; look at them before they are committed")

// TestTheDeploymentIncidentIsEnteredByHand compares the pictures of what people
// enter with those that were looked at, and with what the command line draws of
// the exported document.
func TestTheDeploymentIncidentIsEnteredByHand(t *testing.T) {
	address := browser(t)
	for _, hand := range []string{"mouse", "keyboard"} {
		t.Run(hand, func(t *testing.T) {
			here, setup := serve(t, false)
			out := t.TempDir()
			run(t, address, "analysis.mjs", here, setup, out, hand)
			if t.Failed() {
				return
			}
			for _, view := range []string{"whys", "fishbone", "graph"} {
				comparePicture(t, out, view)
			}
		})
	}
}

func comparePicture(t *testing.T, out, view string) {
	t.Helper()
	got, err := os.ReadFile(filepath.Join(out, view+".svg"))
	if err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join("testdata", view+".svg")
	if *update {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatalf("%v; run the test with -update and look at the picture", err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is not the picture in testdata; run the test with -update and look at the difference", view)
	}
	var drawn, failures bytes.Buffer
	if code := cli.Main([]string{"render", "--view", view, filepath.Join(out, "export.md")}, nil, &drawn, &failures); code != 0 {
		t.Fatalf("hindcast render --view %s: %s", view, failures.String())
	}
	if !bytes.Equal(drawn.Bytes(), got) {
		t.Errorf("hindcast render draws other bytes for the %s than the page", view)
	}
}

func TestSixtyFactorsHaveAnOverview(t *testing.T) {
	address := browser(t)
	here, _ := serve(t, true)
	run(t, address, "overview.mjs", here)
}

func TestWhatWasKnownWhen(t *testing.T) {
	address := browser(t)
	here, _ := serve(t, true)
	run(t, address, "then.mjs", here)
}
