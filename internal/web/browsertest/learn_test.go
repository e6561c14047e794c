package browsertest

import "testing"

// TestLearning reads what is published, leaves something there, and presents it by
// the keyboard and without scripts.
func TestLearning(t *testing.T) {
	chromium := browser(t)
	here, _ := serve(t, true)
	run(t, chromium, "learn.mjs", here)
}
