// Package loglevel reads the severity of log records in the spellings of many
// loggers.
package loglevel

import "github.com/hindcast/hindcast"

// Parse returns the level that a word names, whatever its case: "WARN",
// "Warning", "W", "err", "SEVERE", "notice". ok is false for other words. Words
// of one letter must be upper case.
func Parse(word []byte) (level hindcast.Level, ok bool) {
	if len(word) == 0 || len(word) > 13 {
		return 0, false
	}
	if len(word) == 1 {
		return letter(word[0])
	}
	switch string(word) { // the spellings of nearly all lines
	case "info", "INFO":
		return hindcast.LevelInfo, true
	case "warn", "WARN":
		return hindcast.LevelWarn, true
	case "error", "ERROR":
		return hindcast.LevelError, true
	case "debug", "DEBUG":
		return hindcast.LevelDebug, true
	}
	var lower [13]byte
	for i, c := range word {
		if c|0x20 < 'a' || c|0x20 > 'z' {
			return 0, false
		}
		lower[i] = c | 0x20
	}
	switch string(lower[:len(word)]) {
	case "info", "inf", "information", "informational", "notice", "note", "notic", "log", "audit", "informationen":
		return hindcast.LevelInfo, true
	case "error", "err", "erro", "eror", "severe", "fail", "failure", "failed", "fehler", "erreur":
		return hindcast.LevelError, true
	case "warn", "warning", "wrn", "warnung", "avertissement", "advertencia":
		return hindcast.LevelWarn, true
	case "debug", "dbg", "debu", "debg", "fine", "config", "verbose", "verb", "vrb", "verbos":
		return hindcast.LevelDebug, true
	case "trace", "trc", "trac", "finer", "finest", "silly":
		return hindcast.LevelTrace, true
	case "fatal", "fatl", "ftl", "critical", "crit", "panic", "dpanic", "emerg", "emergency", "alert":
		return hindcast.LevelFatal, true
	case "detail", "hint", "statement", "context", "query", "system":
		return hindcast.LevelUnknown, true // PostgreSQL and MySQL: they belong to the message before, or are none
	}
	return 0, false
}

func letter(c byte) (hindcast.Level, bool) {
	switch c {
	case 'V', 'T':
		return hindcast.LevelTrace, true
	case 'D':
		return hindcast.LevelDebug, true
	case 'I', 'N':
		return hindcast.LevelInfo, true
	case 'W':
		return hindcast.LevelWarn, true
	case 'E':
		return hindcast.LevelError, true
	case 'F', 'C', 'A':
		return hindcast.LevelFatal, true
	}
	return 0, false
}

// Number returns the level of a number: 10 to 60 as bunyan and pino write them,
// below 10 the syslog severity (0 is worst) that GELF and journald use.
func Number(n int) hindcast.Level {
	switch {
	case n < 0:
		return hindcast.LevelUnknown
	case n < 10:
		return Severity(n)
	case n >= 100:
		return monolog(n)
	}
	return [...]hindcast.Level{hindcast.LevelTrace, hindcast.LevelDebug, hindcast.LevelInfo, hindcast.LevelWarn, hindcast.LevelError, hindcast.LevelFatal}[min(n/10-1, 5)]
}

// monolog returns the level of the numbers 100 to 600 of Monolog and Google
// Cloud Logging.
func monolog(n int) hindcast.Level {
	switch {
	case n < 200:
		return hindcast.LevelDebug
	case n < 300:
		return hindcast.LevelInfo
	case n < 400:
		return hindcast.LevelWarn
	case n < 500:
		return hindcast.LevelError
	}
	return hindcast.LevelFatal
}

// Severity returns the level of a syslog severity, 0 (emergency) to 7 (debug).
func Severity(n int) hindcast.Level {
	switch {
	case n < 0 || n > 7:
		return hindcast.LevelUnknown
	case n <= 2:
		return hindcast.LevelFatal
	case n == 3:
		return hindcast.LevelError
	case n == 4:
		return hindcast.LevelWarn
	case n <= 6:
		return hindcast.LevelInfo
	}
	return hindcast.LevelDebug
}

// Telemetry returns the level of an OpenTelemetry severity number, 1 to 24.
func Telemetry(n int) hindcast.Level {
	if n < 1 || n > 24 {
		return hindcast.LevelUnknown
	}
	return hindcast.Level((n-1)/4) + hindcast.LevelTrace
}

// Column reads a level as it stands in the header of a line, in any brackets
// and with what closes them: "[INFO ]", "<Error>:", "core:error]", "INFO/Main-1".
// n is its length with closing punctuation; 0 when b does not begin with one.
func Column(b []byte) (level hindcast.Level, n int) {
	i := 0
	for i < len(b) && (opener(b[i]) || b[i] == ' ' && i > 0) {
		i++
	}
	inside := i > 0
	start := i
	for i < len(b) && letterByte(b[i]) {
		i++
	}
	if inside {
		if start, i = prefixed(b, start, i, ':', closer); i < len(b) && !closer(b[i]) {
			start, i = behindThread(b, start, i)
		}
	} else if i < len(b) && b[i] == '.' {
		start, i = prefixed(b, start, i, '.', func(c byte) bool { return c == ':' })
	}
	level, ok := Parse(b[start:i])
	if !ok || i < len(b) && !boundary(b[i]) {
		return 0, 0
	}
	if i < len(b) && b[i] == '/' { // LEVEL/process]
		for i < len(b) && b[i] != ' ' && !closer(b[i]) {
			i++
		}
	}
	return level, close(b, i, inside)
}

// prefixed passes the module in [module:level] and the channel in
// channel.LEVEL: when ends holds for what follows the level; start and end are
// those of the word where the level would be.
func prefixed(b []byte, start, end int, sep byte, ends func(byte) bool) (int, int) {
	i := end
	for i < len(b) && (letterByte(b[i]) || b[i] == '_' || b[i] >= '0' && b[i] <= '9') {
		i++
	}
	if i == start || i >= len(b) || b[i] != sep {
		return start, end
	}
	if last := letters(b, i+1); last > i+1 && last < len(b) && ends(b[last]) {
		return i + 1, last
	}
	return start, end
}

// behindThread passes the name of the thread in [Server thread/LEVEL]: when a level
// in upper case closes the bracket; else start and end are returned.
func behindThread(b []byte, start, end int) (int, int) {
	slash := -1
	for i := start; i < len(b) && i < start+40; i++ {
		switch {
		case b[i] == '/':
			slash = i
		case closer(b[i]):
			if word := b[slash+1 : i]; slash > start && len(word) > 3 && word[0] < 'a' && word[1] < 'a' {
				return slash + 1, i
			}
			return start, end
		}
	}
	return start, end
}

// close returns the offset after what closes a level at b[i:].
func close(b []byte, i int, inside bool) int {
	j := i
	for inside && j < len(b) && b[j] == ' ' {
		j++
	}
	for j < len(b) && closer(b[j]) {
		j++
		i = j
	}
	for i < len(b) && (b[i] == ':' || b[i] == ',' || b[i] == ';') {
		i++
	}
	return i
}

func letters(b []byte, i int) int {
	for i < len(b) && letterByte(b[i]) {
		i++
	}
	return i
}

func letterByte(c byte) bool { return (c|0x20)-'a' < 26 }

func opener(c byte) bool {
	return c == '[' || c == '(' || c == '<' || c == '{' || c == '"' || c == '\''
}

func closer(c byte) bool {
	return c == ']' || c == ')' || c == '>' || c == '}' || c == '"' || c == '\''
}

func boundary(c byte) bool {
	switch c {
	case ' ', '\t', ':', ',', ';', '|', '/', '-', '\r', '\n':
		return true
	}
	return closer(c)
}

// Leading returns the level that a message states itself, for records without
// one: a word such as ERROR or [warn] or error: among its first two words.
func Leading(message []byte) hindcast.Level {
	if level, ok := stated(message); ok {
		return level
	}
	for i, c := range message[:min(len(message), 32)] {
		if c == ' ' {
			if level, ok := stated(message[i+1:]); ok {
				return level
			}
			break
		}
	}
	return hindcast.LevelUnknown
}

// stated returns the level that b begins with, if it is marked as one by case
// or punctuation and is more than a letter.
func stated(b []byte) (hindcast.Level, bool) {
	if len(b) < 3 || !letterByte(b[0]) && !opener(b[0]) {
		return 0, false
	}
	level, n := Column(b)
	if n < 3 || level == hindcast.LevelUnknown {
		return 0, false
	}
	marked := b[n-1] == ':' || opener(b[0]) && closer(b[n-1])
	return level, marked || b[0] >= 'A' && b[0] <= 'Z' && b[1] >= 'A' && b[1] <= 'Z'
}
