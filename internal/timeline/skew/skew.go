// Package skew finds sources whose clock, or whose assumed zone, differs from
// the others'.
//
// Seven things tell: facts that two files state, such as a page in the pager's
// export and in chat; one failure that two files record with both its ends; and,
// for a file without a zone, when people and alerts say that the failure began and
// ended, that people type commands while an incident lasts, the lines and rows
// that they quote by their second or minute, that a conversation tells of what
// was recorded shortly before, and the hours that the other files are of.
// A difference that can be the ordinary delay of one system telling another is
// never reported, and neither is one that rests on a single coincidence.
// Nothing is corrected; the reader decides.
package skew

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/stamp"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/signal"
)

const (
	least = 30 * time.Second // smaller differences are delays
	most  = 15 * time.Minute // larger ones that are no error of zone are different facts
)

// Input is what clocks are compared by.
type Input struct {
	Statements []Statement
	Templates  []signal.Template
	Detections []signal.Detection
	Evidence   []hindcast.Evidence // tells which files carry no zone
	Anchors    []Anchor
	Phases     hindcast.Phases
	Commands   map[string][]Typed // by file
	Quotes     []Quote
	Tellings   map[string][]Telling // by file
	Rows       []*fact.Fact         // of tables
	Spoken     []time.Duration      // offsets from UTC in which people write clocks
	Alarm      string               // file of the alert or report that reached a person
	Zones      []time.Duration      // offsets from UTC in which files with a zone are written; people live in others
}

// Assumes reports whether times of any file carry no zone and were read as UTC.
func Assumes(evidence []hindcast.Evidence) bool { return len(Input{Evidence: evidence}.assumed()) > 0 }

// assumed returns the files whose times carry no zone and were read as UTC.
func (in Input) assumed() map[string]bool {
	out := map[string]bool{}
	for _, e := range in.Evidence {
		if e.Zone == stamp.AssumedZone {
			out[e.Name] = true
		}
	}
	return out
}

// Find returns the differing clocks, by file; one finding for a file at most.
// The same input gives the same result, in whatever order statements come.
func Find(in Input) []hindcast.ClockOffset {
	assumed := in.assumed()
	for _, z := range in.homes() {
		if !slices.Contains(in.Zones, z) {
			in.Zones = append(slices.Clone(in.Zones), z)
		}
	}
	found := byStatements(in.Statements, assumed)
	talk, tables := byTalk(in, assumed)
	for _, o := range slices.Concat(talk, byQuotes(in, assumed), byFailures(in, assumed), byAnchors(in, assumed), byCommands(in, assumed), tables, byWindow(in, assumed)) {
		if !slices.ContainsFunc(found, func(f hindcast.ClockOffset) bool { return f.File == o.File || f.File == o.Against }) {
			found = append(found, o)
		}
	}
	slices.SortFunc(found, func(a, b hindcast.ClockOffset) int { return cmp.Compare(a.File, b.File) })
	return found
}

// Local reports whether a finding is that a file is written in local time and was read
// as UTC.
func Local(o hindcast.ClockOffset, evidence []hindcast.Evidence) bool {
	return o.Offset.Abs() > most && Input{Evidence: evidence}.assumed()[o.File]
}

// offset words a finding. what says what was compared, as the begin of a
// sentence that goes on with how far apart it lies.
func offset(file, against string, d time.Duration, what, verdict string) hindcast.ClockOffset {
	d = d.Round(time.Second)
	way := "later"
	if d < 0 {
		way = "earlier"
	}
	why := fmt.Sprintf("%s %s %s than in %s: %s", what, hindcast.FormatDuration(d.Abs()), way, against, verdict)
	return hindcast.ClockOffset{File: file, Offset: d, OffsetS: d.Seconds(), Against: against, Why: why}
}

// drift is the verdict on a difference that is no error of zone.
func drift(d time.Duration) string {
	if d < 0 {
		return "its clock seems to run behind; no time was changed"
	}
	return "its clock seems to run ahead; no time was changed"
}
