package browsertest

import "testing"

// TestTwoBrowsersWriteTogether has two people in one section, with a form in
// between, a lost connection, a closed tab, and the end of a right to write.
func TestTwoBrowsersWriteTogether(t *testing.T) {
	address := browser(t)
	here, setup := serve(t, false)
	run(t, address, "write.mjs", here, setup)
}
