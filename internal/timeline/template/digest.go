package template

import (
	"encoding/binary"
	"math/bits"
)

// digest hashes s into a number that is the same in every process, for what is
// told apart by its hash alone.
func digest[T string | []byte](s T) uint64 {
	h := uint64(len(s))
	for ; len(s) >= 8; s = s[8:] {
		h = mix(h ^ binary.LittleEndian.Uint64([]byte(s[:8])))
	}
	var rest uint64
	for i := range len(s) {
		rest = rest<<8 | uint64(s[i])
	}
	return mix(h ^ rest)
}

// mix scatters the bits of x.
func mix(x uint64) uint64 {
	hi, lo := bits.Mul64(x^0x9e3779b97f4a7c15, 0xd6e8feb86659fd93)
	return hi ^ lo
}
