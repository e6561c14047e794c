package template

// unit reports whether w is a unit of time or of size.
func unit(w string) bool {
	switch w {
	case "s", "sec", "secs", "second", "seconds", "ms", "msec", "msecs", "us", "ns", "m", "min", "mins", "minute", "minutes",
		"h", "hour", "hours", "d", "day", "days",
		"B", "KB", "MB", "GB", "TB", "PB", "KiB", "MiB", "GiB", "TiB", "kB", "K", "M", "G", "T", "b", "k", "bytes", "byte":
		return true
	}
	return false
}

// bracket handles a < or ( and returns the index after what it used up.
func (m *masker) bracket(msg []byte, i int) int {
	switch {
	case msg[i] == '<' && i+1 < len(msg) && classes[msg[i+1]] == digit:
		return m.rough(msg, i)
	case msg[i] == '(' && m.n > 2 && m.buf[m.n-1] == ' ':
		if j := restated(msg[i:]); j > 0 && m.afterQuantity() {
			m.n--
			return i + j
		}
	}
	m.put(msg[i])
	return i + 1
}

// rough reads a bound like "<1 sec", with its unit, as one variable.
func (m *masker) rough(msg []byte, i int) int {
	m.loose = true
	i++
	for i < len(msg) && classes[msg[i]]&(digit|dot) != 0 {
		i++
	}
	if j := i + 1; i < len(msg) && msg[i] == ' ' {
		for j < len(msg) && classes[msg[j]] == letter {
			j++
		}
		if unit(string(msg[i+1 : j])) {
			i = j
		}
	}
	m.variable()
	return i
}

// restated returns the length of "(1.16 KB)" or "(12ms)" at the beginning of
// b; 0 for anything else.
func restated(b []byte) int {
	i := 1
	for i < len(b) && (classes[b[i]]&(digit|dot) != 0 || b[i] == ',') {
		i++
	}
	if i == 1 || i == len(b) {
		return 0
	}
	if b[i] == ' ' {
		i++
	}
	j := i
	for j < len(b) && classes[b[j]] == letter {
		j++
	}
	if j == len(b) || b[j] != ')' || !unit(string(b[i:j])) {
		return 0
	}
	return j + 1
}

// afterQuantity reports whether the shape ends with a number, its unit and a
// blank.
func (m *masker) afterQuantity() bool {
	end := m.n - 1
	i := end
	for i > 0 && classes[m.buf[i-1]] == letter {
		i--
	}
	return i > 1 && i < end && m.buf[i-1] == ' ' && m.buf[i-2] == variable && unit(string(m.buf[i:end]))
}

// datePhrase returns the index after a date in words that begins at i, like
// "Sat Jul  9 12:16:49 2005" or "Jul 9"; 0 when there is none.
func datePhrase(msg []byte, i int) int {
	w := msg[i:]
	if weekday(w) {
		w = skip(w[3:])
	}
	if !month(w) {
		return 0
	}
	w, ok := clock(skip(w[3:]))
	if !ok {
		return 0
	}
	for range 2 {
		if rest, ok := clock(skip(zone(w))); ok {
			w = rest
		}
	}
	return len(msg) - len(w)
}

// zone drops the abbreviation of a time zone.
func zone(w []byte) []byte {
	rest := skip(w)
	n := 0
	for n < len(rest) && rest[n] >= 'A' && rest[n] <= 'Z' {
		n++
	}
	if n < 2 || n > 5 || n == len(rest) || rest[n] != ' ' {
		return w
	}
	return rest[n:]
}

func weekday(w []byte) bool {
	if len(w) < 8 || w[3] != ' ' && w[3] != ',' {
		return false
	}
	return dayName(w[:3])
}

func month(w []byte) bool {
	if len(w) < 5 || w[3] != ' ' {
		return false
	}
	return monthName(w[:3])
}

// calendar reports whether w names a weekday or a month.
func calendar(w []byte) bool { return dayName(w) || monthName(w) }

func dayName(w []byte) bool {
	switch string(w) {
	case "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun":
		return true
	}
	return false
}

func monthName(w []byte) bool {
	switch string(w) {
	case "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec":
		return true
	}
	return false
}

// skip drops commas and blanks.
func skip(w []byte) []byte {
	for len(w) > 0 && (w[0] == ' ' || w[0] == ',') {
		w = w[1:]
	}
	return w
}

// clock drops a number or a time of day; ok is false when there is none.
func clock(w []byte) (rest []byte, ok bool) {
	i := 0
	for i < len(w) && (classes[w[i]] == digit || i > 0 && w[i] == ':' && i+1 < len(w) && classes[w[i+1]] == digit) {
		i++
	}
	if i == 0 || i < len(w) && classes[w[i]]&(letter|under) != 0 {
		return w, false
	}
	return w[i:], true
}
