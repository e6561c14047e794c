package command

import (
	"time"

	"github.com/hindcast/hindcast/internal/evidence/stamp"
)

// FlagTime reads the time that a flag has, in UTC unless it says otherwise; an
// empty value is no time. What is no time is wrong usage.
func FlagTime(name, value string) (time.Time, error) {
	if value == "" {
		return time.Time{}, nil
	}
	t, _, ok := stamp.Parse(value, time.UTC, 0)
	if !ok {
		return t, Usagef("--%s %s: write a time as 2024-03-15T14:30:00Z", name, value)
	}
	return t, nil
}
