package jsonlog

import (
	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// nothing is a sink that keeps nothing, for recognition.
type nothing struct{}

func (nothing) Event(hindcast.Event)     {}
func (nothing) Log(*record.Log)          {}
func (nothing) Sample(*record.Sample)    {}
func (nothing) Span(*record.Span)        {}
func (nothing) Person(record.Person)     {}
func (nothing) Problem(hindcast.Problem) {}
