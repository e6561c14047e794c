// Package hindcast is the vocabulary of a post-mortem: the incident, the
// evidence it left, the timeline rebuilt from that evidence, and the document
// people write from it.
//
// It holds values, their validation and their state machine, and imports the
// standard library only. Everything else in the module is built on it:
//
//	evidence bytes -> Event -> Entry -> Postmortem
//
// Times are UTC. Where a source recorded a zone, the zone is kept beside the
// time as text. Durations are time.Duration in Go and whole seconds in JSON.
package hindcast
