package logline

import "bytes"

// AppendPlain appends line to dst without the escape sequences of terminals. dst may
// be the beginning of line.
func AppendPlain(dst, line []byte) []byte {
	for {
		i := bytes.IndexByte(line, 0x1b)
		if i < 0 {
			return append(dst, line...)
		}
		dst = append(dst, line[:i]...)
		if line = line[i+1:]; len(line) == 0 || line[0] != '[' {
			continue
		}
		i = 1
		for i < len(line) && (line[i] < '@' || line[i] > '~') {
			i++
		}
		line = line[min(i+1, len(line)):]
	}
}
