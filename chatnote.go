package hindcast

import (
	"strings"
	"time"
)

// How a part of an entry's detail says that the message which the entry rests on was
// changed or deleted in its chat after it was read.
const (
	chatChanged = "Changed in the chat at "
	chatDeleted = "No longer in the chat at "
	chatClock   = "15:04:05 UTC on 2 January 2006"
)

// ChangedInChat says that a message was changed at a moment, and to what.
func ChangedInChat(at time.Time, text string) string {
	return chatChanged + at.UTC().Format(chatClock) + " to: “" + text + "”"
}

// DeletedInChat says that a message was found deleted at a moment.
func DeletedInChat(at time.Time) string {
	return chatDeleted + at.UTC().Format(chatClock) + "; it stays here as it was read"
}

// ChatNote returns the moment of a part of a detail that [ChangedInChat] or
// [DeletedInChat] made; ok is false of any other.
func ChatNote(part string) (at time.Time, ok bool) {
	rest, changed := strings.CutPrefix(part, chatChanged)
	end := " to: “"
	if !changed {
		if rest, ok = strings.CutPrefix(part, chatDeleted); !ok {
			return time.Time{}, false
		}
		end = ";"
	}
	clock, _, ok := strings.Cut(rest, end)
	if !ok {
		return time.Time{}, false
	}
	at, err := time.Parse(chatClock, clock)
	return at, err == nil
}
