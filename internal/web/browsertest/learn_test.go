package browsertest

import "testing"

// TestLearning reads what is published, leaves something there, and presents it by
// the keyboard and without scripts.
func TestLearning(t *testing.T) {
	address := browser(t)
	here, _ := serve(t, true)
	run(t, address, "learn.mjs", here)
}
