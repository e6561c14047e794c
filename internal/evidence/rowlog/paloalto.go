package rowlog

import (
	"bytes"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/loglevel"
	"github.com/hindcast/hindcast/internal/evidence/logtime"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// Columns of Palo Alto's logs: those of every type, then those of some.
const (
	paSerial    = 2
	paType      = 3
	paSubtype   = 4
	paGenerated = 6

	paSystemSeverity, paSystemText         = 13, 14
	paCommand, paAdmin, paResult, paPath   = 9, 10, 12, 13
	paSource, paTarget, paRule, paProgram  = 7, 8, 11, 14
	paPort, paAction                       = 25, 30
	paThreatText, paThreat, paThreatDegree = 31, 32, 34
)

// readPaloAlto reads a row, before which syslog may have put time and host.
func readPaloAlto(c *logtime.Clock, cells [][]byte, l *record.Log, message []byte) ([]byte, bool) {
	if len(cells) <= paGenerated || !number(cells[paSerial]) && !hexadecimal(cells[paSerial]) || !timed(c, cells[paGenerated], l) {
		return message, false
	}
	cell := func(i int) []byte {
		if i < len(cells) {
			return bytes.TrimSpace(cells[i])
		}
		return nil
	}
	if words := bytes.Fields(cells[0]); len(words) > 2 {
		l.Instance = words[len(words)-2]
	}
	join := func(parts ...[]byte) []byte {
		for _, p := range parts {
			if len(p) == 0 {
				continue
			}
			if len(message) > 0 {
				message = append(message, ' ')
			}
			message = append(message, p...)
		}
		return message
	}
	kind, subtype := cell(paType), cell(paSubtype)
	switch string(kind) {
	case "SYSTEM":
		l.Level, _ = loglevel.Parse(cell(paSystemSeverity))
		return firstLine(message, cell(paSystemText)), true
	case "CONFIG":
		l.Level = hindcast.LevelInfo
		return join(cell(paCommand), []byte("by"), cell(paAdmin), cell(paResult), cell(paPath)), true
	case "THREAT":
		l.Level = degree(cell(paThreatDegree))
		return join(kind, subtype, cell(paAction), cell(paRule), cell(paProgram), cell(paThreat), cell(paThreatText), cell(paSource), []byte("->"), cell(paTarget)), true
	case "TRAFFIC":
		l.Level = hindcast.LevelInfo
		return join(kind, subtype, cell(paAction), cell(paRule), cell(paProgram), cell(paSource), []byte("->"), cell(paTarget), cell(paPort)), true
	case "GLOBALPROTECT", "HIPMATCH", "USERID", "AUTHENTICATION", "DECRYPTION", "TUNNEL", "SCTP", "GTP", "CORRELATION", "IPTAG":
		return join(kind, subtype, bytes.Join(cells[paSource:], []byte{' '})), true
	}
	return message, false
}

// degree returns the level of a threat: a blocked attack is no failure.
func degree(word []byte) hindcast.Level {
	switch string(word) {
	case "critical", "high", "medium":
		return hindcast.LevelWarn
	case "low", "informational":
		return hindcast.LevelInfo
	}
	return hindcast.LevelUnknown
}

func hexadecimal(b []byte) bool {
	for _, c := range b {
		if c-'0' >= 10 && c|0x20-'a' >= 6 {
			return false
		}
	}
	return len(b) > 0
}
