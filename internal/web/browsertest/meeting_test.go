package browsertest

import "testing"

// TestMeeting holds a meeting from its plan to its minutes, with somebody who
// follows in a browser of their own.
func TestMeeting(t *testing.T) {
	address := browser(t)
	here, setup := serve(t, false)
	run(t, address, "meeting.mjs", here, setup, evidence(t))
}
