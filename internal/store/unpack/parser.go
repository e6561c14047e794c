package unpack

import (
	"encoding"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// parser goes through a JSON text without spaces between its parts.
type parser struct {
	text string
	at   int
}

// is steps over one byte if it is next.
func (p *parser) is(b byte) bool {
	if p.at < len(p.text) && p.text[p.at] == b {
		p.at++
		return true
	}
	return false
}

// word steps over a word if it is next.
func (p *parser) word(w string) bool {
	if strings.HasPrefix(p.text[p.at:], w) {
		p.at += len(w)
		return true
	}
	return false
}

func (p *parser) null() bool { return p.word("null") }

// member reads the name of the n-th member of an object, from 0, and the colon.
func (p *parser) member(n int) (string, bool) {
	if n > 0 && !p.is(',') {
		return "", false
	}
	name, ok := p.string()
	return name, ok && p.is(':')
}

// string reads a string. One without escapes is a part of the text.
func (p *parser) string() (string, bool) {
	if !p.is('"') {
		return "", false
	}
	var bits byte // of all bytes, to tell ASCII
	for i := p.at; i < len(p.text); i++ {
		c := p.text[i]
		if c >= ' ' && c != '"' && c != '\\' {
			bits |= c
			continue
		}
		if c == '\\' {
			return p.escaped()
		}
		s := p.text[p.at:i]
		p.at = i + 1
		return s, c == '"' && (bits < utf8.RuneSelf || utf8.ValidString(s))
	}
	return "", false
}

// escaped reads a string with escapes, of which the opening quote was read.
func (p *parser) escaped() (string, bool) {
	start := p.at
	for i := start; i < len(p.text); i++ {
		switch p.text[i] {
		case '\\':
			i++
		case '"':
			p.at = i + 1
			var s string
			err := json.Unmarshal([]byte(p.text[start-1:i+1]), &s)
			return s, err == nil
		}
	}
	return "", false
}

// number returns the text of a number; "" when there is none.
func (p *parser) number() string {
	start := p.at
	p.is('-')
	if !p.is('0') && p.digits() == 0 {
		return ""
	}
	if p.is('.') && p.digits() == 0 {
		return ""
	}
	if p.is('e') || p.is('E') {
		if !p.is('+') {
			p.is('-')
		}
		if p.digits() == 0 {
			return ""
		}
	}
	return p.text[start:p.at]
}

// digits steps over digits and returns how many there were.
func (p *parser) digits() int {
	start := p.at
	for p.at < len(p.text) && '0' <= p.text[p.at] && p.text[p.at] <= '9' {
		p.at++
	}
	return p.at - start
}

func readString(p *parser, v reflect.Value) bool {
	s, ok := p.string()
	if ok {
		v.SetString(s)
	}
	return ok
}

func readBool(p *parser, v reflect.Value) bool {
	yes := p.word("true")
	v.SetBool(yes)
	return yes || p.word("false")
}

func readInt(p *parser, v reflect.Value) bool {
	n, err := strconv.ParseInt(p.number(), 10, v.Type().Bits())
	v.SetInt(n)
	return err == nil
}

func readFloat(p *parser, v reflect.Value) bool {
	n, err := strconv.ParseFloat(p.number(), 64)
	v.SetFloat(n)
	return err == nil
}

func readTime(p *parser, v reflect.Value) bool {
	s, ok := p.string()
	if !ok {
		return false
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	*v.Addr().Interface().(*time.Time) = t
	return err == nil
}

func readText(p *parser, v reflect.Value) bool {
	s, ok := p.string()
	return ok && v.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(s)) == nil
}
