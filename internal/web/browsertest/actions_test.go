package browsertest

import "testing"

func TestActionsGetDone(t *testing.T) {
	chromium := browser(t)
	here, _ := serve(t, true)
	run(t, chromium, "actions.mjs", here)
}
