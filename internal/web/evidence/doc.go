// Package evidence shows what is kept of an incident, and the lines behind the
// entries of its timeline.
package evidence
