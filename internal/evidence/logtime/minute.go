package logtime

// minute is a minute of which a time has been read. Most lines of a log are from
// the minute of the line before: of their times only seconds and zone are read.
type minute struct {
	text  [32]byte // date and time of day up to the seconds, as written
	n     int      // bytes of text; 0 for none
	at    int64    // when it begins, in nanoseconds of local time
	stamp Stamp    // of its times: Month and Yearless
}

// begins reports whether b begins with a time in the minute.
func (m *minute) begins(b []byte) bool {
	return m.n > 0 && len(b) > m.n+1 && string(b[:m.n]) == string(m.text[:m.n])
}

// keep remembers the minute of a time whose time of day, nanos after the day
// began, stands at b[n:]. Only times as 10:25:03 are remembered.
func (m *minute) keep(b []byte, n int, day, nanos int64, s Stamp) {
	if n+6 > len(m.text) || len(b) < n+8 || b[n+2] != ':' || b[n+5] != ':' {
		return
	}
	begin := int64(number(b[n:n+2])*3600+number(b[n+3:n+5])*60) * 1e9
	if nanos < begin || nanos >= begin+60e9 { // AM or PM
		return
	}
	m.n, m.at = copy(m.text[:], b[:n+6]), day+begin
	m.stamp = Stamp{Month: s.Month, Yearless: s.Yearless}
}

// second reads a time in the remembered minute, which b begins with. ok is false
// when what follows the minute is anything but seconds, a fraction and a zone.
func (c *Clock) second(b []byte) (s Stamp, ok bool) {
	i := c.minute.n
	tens, ones := b[i]-'0', b[i+1]-'0'
	if i += 2; tens > 5 || ones > 9 || i < len(b) && digit(b[i]) {
		return Stamp{}, false
	}
	frac, n := fraction(b[i:])
	i += n
	if i+1 < len(b) {
		if _, end := meridiem(b, 0, i); end > i {
			return Stamp{}, false
		}
	}
	east, n, zoned := c.readZone(b, i)
	s = c.minute.stamp
	s.N = i + n
	s.At = c.universal(c.minute.at+int64(tens*10+ones)*1e9+frac, east, zoned)
	return s, true
}
