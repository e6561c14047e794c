package browsertest

import "testing"

// TestTwoPeopleMakeAPostMortem has two people write, speak, suggest, accept,
// approve and publish, each in a browser of their own.
func TestTwoPeopleMakeAPostMortem(t *testing.T) {
	chromium := browser(t)
	here, setup := serve(t, false)
	run(t, chromium, "together.mjs", here, setup)
}
