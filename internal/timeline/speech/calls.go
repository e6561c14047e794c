package speech

import "github.com/hindcast/hindcast/internal/lazyregexp"

// calls is how people say that they get others to help.
var calls = lazyregexp.New(`(?i)\b(?:paged?|paging|escalat\w+|(?:pull|loop|bring|dragg?|call|get)(?:ed|ing|ting)?\s+(?:in\b|(?:you|them|him|her|the|our|someone|somebody)\b|@\S+)|(?:wak|ring|phon)(?:e|ing)\b|woke\b|rang\b|need you\b|(?:added|adding|invit\w+|request\w+)\s+@?\S+\s+(?:as|to)\b)|@\S+[^.!?\n]{0,60}\b(?:come|join|help|look|here|up)\b`)

// Calls reports whether somebody says that they call others to help.
func Calls(text string) bool { return calls.MatchString(text) }
