package browsertest

import "testing"

// TestTwoPeopleMakeAPostMortem has two people write, speak, suggest, accept,
// approve and publish, each in a browser of their own.
func TestTwoPeopleMakeAPostMortem(t *testing.T) {
	address := browser(t)
	here, setup := serve(t, false)
	run(t, address, "together.mjs", here, setup)
}
