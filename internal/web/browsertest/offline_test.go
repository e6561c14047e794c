package browsertest

import "testing"

func TestExportedPageStandsAlone(t *testing.T) {
	address := browser(t)
	here, _ := serve(t, true)
	run(t, address, "offline.mjs", here)
}
