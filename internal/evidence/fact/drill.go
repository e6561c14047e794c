package fact

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// drill reports whether a step of a page or an alert says that it is a test or
// a drill: by its title, by a label or a tag, or, when it has the lowest
// priority, by speaking of a test at all.
func drill(e hindcast.Event) bool {
	switch e.Kind {
	case hindcast.PagerTriggered, hindcast.PagerAcknowledged, hindcast.PagerResolved, hindcast.PagerStep, hindcast.AlertFiring, hindcast.AlertResolved:
	default:
		return false
	}
	for _, t := range []string{e.Title, e.Attrs["title"], e.Attrs["alertname"]} {
		if exercise.MatchString(t) && !serious.MatchString(t) {
			return true
		}
		if lowest.MatchString(e.Attrs["severity"]+" "+e.Attrs["priority"]) && trial.MatchString(t) {
			return true
		}
	}
	for k, v := range e.Attrs {
		if label, ok := strings.CutPrefix(k, "label."); ok && labeled(label, v) {
			return true
		}
	}
	return labeled("severity", e.Attrs["severity"]) || labeled("priority", e.Attrs["priority"]) ||
		slices.ContainsFunc(strings.FieldsFunc(e.Attrs["tags"], func(r rune) bool { return r == ',' || r == ';' || r == ' ' }), Tagged)
}

var (
	// exercise is how the title of a page says that it is none in earnest. A
	// hyphen joins a word to the name of a service.
	exercise = lazyregexp.New(`(?i)(?:^|[^\w\-./])(?:fire[- ])?drills?(?:$|[^\w\-./]|\.$)|(?-i:\bDRILL-\d)|\bgame[ \-_]?days?\b|\b(?:dr|disaster[- ]recovery|recovery|failover|fail-over|incident|security|training|planned|scheduled|resilience|chaos|on-?call|response|readiness|table-?top|paging|pager|team|quarterly|monthly|weekly|yearly|annual) exercise\b|` +
		`\bexercise only\b|^exercise\b *[:–—\-]|\b(?:practice|mock|training|dummy) (?:page|alert|incident|outage)\b|\btable-?top\b|[[(](?:test(?:ing)?|drill|exercise|game ?day|training|simulation|simulated|practice|mock)\b[^\])]*[\])]|` +
		`(?-i:(?:^|[^\w\-./])(?:TEST|DRILL|EXERCISE|SIMULATION|GAMEDAY)(?:$|[^\w\-./]))|[ ,;(–—\-] ?(?:just|only) (?:a )?(?:test|drill|exercise)\b|\btest\b.*\b(?:no action (?:needed|required|necessary)|do not (?:respond|act|escalate)|ignore)\b|\b(?:no action (?:needed|required|necessary)|ignore)\b.*\btest\b|` +
		`^test(?:ing)? (?:of|the|our|my|from|pagerduty|opsgenie|alertmanager|grafana|monitor(?:ing)?|phone|webhook|integration)\b|^test *$`)
	// serious is how a title says the opposite, or speaks of something else of
	// that name.
	serious = lazyregexp.New(`(?i)\b(?:not|no) an? (?:test|drill|exercise)\b|\bnot (?:test|drill)\b|\bapache drill\b|\bdrill[- ]?(?:down|through|bit)`)
	lowest  = lazyregexp.New(`(?i)\b(?:p5|p4|sev-?[45]|info(?:rmational)?|none|lowest|low)\b`)
	trial   = lazyregexp.New(`(?i)(?:^|[^\w\-./])(?:test(?:ing)?|exercise|drill|practice|simulat\w+)(?:$|[^\w\-./])`)
)

// drillWords are what labels and tags call a test or a drill.
var drillWords = strings.Fields("test drill drills testing test-page testpage test-alert pager-test page-test gameday game-day exercise fire-drill firedrill dr-drill dr-test dr-exercise simulation simulated training practice wargame tabletop failover-drill failover-test")

// drillKeys are the labels whose value can be one of drillWords. Others, such as
// an environment or a cluster, are only called so.
var drillKeys = strings.Fields("severity priority type kind purpose category class mode reason tag tags alert_type alerttype scenario event context intent label labels topic test drill")

// labeled reports whether a label says that an alert is a test or a drill.
func labeled(key, value string) bool {
	key, value = folded(key), folded(value)
	if slices.Contains(drillWords, strings.TrimPrefix(strings.TrimPrefix(key, "is-"), "was-")) {
		return value == "true" || value == "yes" || value == "1" || value == "on" || value == key
	}
	return slices.Contains(drillKeys, strings.ReplaceAll(key, "-", "_")) && slices.Contains(drillWords, value)
}

// Drill reports whether a JSON object, such as the free-form part of a page,
// says by one of its members, or of its labels and tags, that it is a test or a
// drill.
func Drill(object json.RawMessage) bool {
	var members map[string]json.RawMessage
	if json.Unmarshal(object, &members) != nil {
		return false
	}
	for k, raw := range members {
		var value jsonrec.Scalar
		var list []jsonrec.Scalar
		switch {
		case raw[0] == '{':
			if slices.Contains(bags, folded(k)) && Drill(raw) {
				return true
			}
		case raw[0] == '[':
			if slices.Contains(bags, folded(k)) && json.Unmarshal(raw, &list) == nil && slices.ContainsFunc(list, func(s jsonrec.Scalar) bool { return Tagged(string(s)) }) {
				return true
			}
		case json.Unmarshal(raw, &value) == nil && labeled(k, string(value)):
			return true
		}
	}
	return false
}

// bags are the members that hold labels.
var bags = strings.Fields("tags tag labels label details custom-details customdetails extra-properties properties attributes metadata annotations")

// Tagged reports whether a tag, alone or as key and value ("purpose:drill"),
// says that a page is a test or a drill.
func Tagged(tag string) bool {
	i := strings.IndexAny(tag, ":=")
	if i < 0 {
		return slices.Contains(drillWords, folded(tag))
	}
	return labeled(tag[:i], tag[i+1:])
}

func folded(s string) string {
	return strings.NewReplacer("_", "-", " ", "-").Replace(strings.ToLower(strings.Trim(s, ` "'#`)))
}
