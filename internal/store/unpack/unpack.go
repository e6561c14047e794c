// Package unpack reads JSON that our own program wrote with encoding/json, about
// three times as fast as that package does. It is what makes a view of a document
// cheap.
//
//	var postmortems = unpack.For[hindcast.Postmortem]()
//
//	p, err := postmortems.Unpack(text)
//
// The strings of the result are parts of the text and keep it in memory. A text
// that is not in the compact form that encoding/json writes, or a type that this
// package does not know, is left to encoding/json: the result is always the same.
package unpack

import (
	"encoding/json"
	"reflect"
)

// Unpacker reads values of one type. It may be used by several goroutines at
// once.
type Unpacker[T any] struct {
	read reader
}

// For returns the unpacker of a type.
func For[T any]() *Unpacker[T] {
	return &Unpacker[T]{compile(reflect.TypeFor[T]())}
}

// Unpack reads a value. Its errors are those of [json.Unmarshal].
func (u *Unpacker[T]) Unpack(text string) (T, error) {
	var v T
	p := parser{text: text}
	if u.read(&p, reflect.ValueOf(&v).Elem()) && p.at == len(text) {
		return v, nil
	}
	v = *new(T)
	err := json.Unmarshal([]byte(text), &v)
	return v, err
}
