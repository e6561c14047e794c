package speech

import "github.com/hindcast/hindcast/internal/lazyregexp"

// PassesOn reports whether a message passes on what those wrote or said who use the
// service, or others from outside.
func PassesOn(text string) bool {
	return !told.MatchString(text) && outside.MatchString(text) || Heard(text)
}

// Heard reports whether a message passes on what somebody from outside wrote or said
// at a time of day.
func Heard(text string) bool { return !told.MatchString(text) && heard.MatchString(text) }

var (
	outside = lazyregexp.New(`(?i)\b(?:customers?|clients?|users?|visitors?|guests?|partners?|merchants?|people|somebody|mentions|tickets?|cases?|mails?|e-?mails?|inbox|forum|tweets?|posts?|letters?|complain\w*)\b.*\b(?:writ\w+|wrote|report\w*|complain\w*|mailed|sent|said|sa(?:y|ys)|tells?|told|call\w*|phoned|rang|asks?|asked|opened|posted)\b`)
	// heard is the same of those who go by their name, at a clock.
	heard = lazyregexp.New(`(?i)\b(?:called|mailed|wrote|writes|asked|complained|phoned|rang|told (?:me|us)|opened (?:a|the|an) (?:chat|case|ticket|request))\b.{0,40}?\b\d{1,2}[:h]\d\d\b|\b\d{1,2}[:h]\d\d\b(?: \w+){0,4} (?:called|mailed|wrote|asked|complained|phoned|rang)\b`)
	// told is what the writer, or we, wrote or said to others.
	told = lazyregexp.New(`(?i)\b(?:i|we)(?:'ve| have| had|'d)? (?:just |already |also )?(?:called|mailed|wrote|asked|phoned|rang|told|opened|reported|sent|posted)\b`)
)
