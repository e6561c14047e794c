package evidence

import (
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// utf16Reader turns UTF-16 into UTF-8. Unpaired surrogates become U+FFFD.
type utf16Reader struct {
	r    io.Reader
	big  bool
	in   [4096]byte
	have int    // bytes in in that are not decoded yet
	out  []byte // decoded, not read yet
	err  error
}

func (u *utf16Reader) Read(p []byte) (int, error) {
	for len(u.out) == 0 {
		if u.err != nil {
			return 0, u.err
		}
		u.fill()
	}
	n := copy(p, u.out)
	u.out = u.out[n:]
	return n, nil
}

func (u *utf16Reader) fill() {
	var n int
	n, u.err = u.r.Read(u.in[u.have:])
	u.have += n
	done := 0
	for done+1 < u.have {
		c := u.unit(done)
		if utf16.IsSurrogate(c) && done+3 >= u.have && u.err == nil {
			break // the other half is still to come
		}
		done += 2
		if utf16.IsSurrogate(c) {
			pair := utf8.RuneError
			if done+1 < u.have {
				pair = utf16.DecodeRune(c, u.unit(done))
			}
			if pair != utf8.RuneError {
				done += 2
			}
			c = pair
		}
		u.out = utf8.AppendRune(u.out, c)
	}
	u.have = copy(u.in[:], u.in[done:u.have])
}

func (u *utf16Reader) unit(i int) rune {
	if u.big {
		return rune(u.in[i])<<8 | rune(u.in[i+1])
	}
	return rune(u.in[i+1])<<8 | rune(u.in[i])
}
