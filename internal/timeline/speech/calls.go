package speech

import "github.com/hindcast/hindcast/internal/lazyregexp"

// calls is how people say that they get others to help.
var calls = lazyregexp.New(`(?i)\b(?:paged|paging|page (?:@\S+|them|him|her|the \S+ (?:team|on-?call))|escalat\w+|(?:pull|loop|bring|dragg?|call)(?:ed|ing)?\s+(?:in\b|(?:you|them|him|her|someone|somebody)\b|@\S+)|get(?:ting)?\s+(?:you|them|him|her|someone|somebody|@\S+)\b|(?:waking|ringing|phoning|woke|rang)\b|need you\b|(?:added|adding|invit\w+|request\w+)\s+@?\S+\s+(?:as|to)\b)|@\S+[^.!?\n]{0,60}\b(?:come|join|help|(?:please|pls|can you|could you) look)\b`)

// Calls reports whether somebody says that they call others to help.
func Calls(text string) bool { return calls.MatchString(text) }
