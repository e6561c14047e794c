package browsertest

import "testing"

func TestExportedPageStandsAlone(t *testing.T) {
	chromium := browser(t)
	here, _ := serve(t, true)
	run(t, chromium, "offline.mjs", here)
}
