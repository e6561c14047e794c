package hindcast

import (
	"errors"
	"fmt"
)

// Code says what kind of failure an [Error] is. Surfaces map it to an exit
// code, an HTTP status or a color; nothing below them does.
type Code string

// The failures that mean something to more than one layer.
const (
	Invalid     Code = "invalid"     // the input is wrong; the message says what to change
	NotFound    Code = "not_found"   // the thing named does not exist, or not for this viewer
	Conflict    Code = "conflict"    // the thing changed since it was read
	Denied      Code = "denied"      // the viewer may not do this
	Unavailable Code = "unavailable" // something needed is not there now; trying again may help
	Internal    Code = "internal"    // a fault of ours
)

// Error is a failure with a code for programs and a message for people: what is
// wrong and what to do next. It may wrap the cause.
type Error struct {
	Code    Code
	Message string
	Cause   error
}

// Errorf makes an Error; a %w verb in format sets its cause.
func Errorf(code Code, format string, args ...any) *Error {
	err := fmt.Errorf(format, args...)
	return &Error{Code: code, Message: err.Error(), Cause: errors.Unwrap(err)}
}

// Error returns the message.
func (e *Error) Error() string { return e.Message }

// Unwrap returns the cause, or nil.
func (e *Error) Unwrap() error { return e.Cause }

// CodeOf returns the code of the first Error in err's chain, [Internal] for any
// other error and the empty code for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return Internal
}
