package browsertest

import "testing"

func TestActionsGetDone(t *testing.T) {
	address := browser(t)
	here, _ := serve(t, true)
	run(t, address, "actions.mjs", here)
}
