package browsertest

import "testing"

// TestKeysOfAPageJustOpened presses keys before anybody could read.
func TestKeysOfAPageJustOpened(t *testing.T) {
	address := browser(t)
	here, setup := serve(t, false)
	run(t, address, "early.mjs", here, setup)
}

// TestMetricsThatPeopleAskFor asks a double of Prometheus.
func TestMetricsThatPeopleAskFor(t *testing.T) {
	address := browser(t)
	here, setup := serve(t, false)
	run(t, address, "ask.mjs", here, setup)
}

// TestATicketThatIsStuck makes tickets at a double of GitHub that takes the
// credential back.
func TestATicketThatIsStuck(t *testing.T) {
	address := browser(t)
	here, setup := serve(t, false)
	run(t, address, "stuck.mjs", here, setup)
}
