package graph

import (
	"strings"

	"github.com/hindcast/hindcast"
)

// JudgeBy returns a Judge that goes by what the lint finds in the words of a
// factor.
func JudgeBy(findings func(text []byte) []hindcast.Finding) Judge {
	return func(x hindcast.Factor) Stop {
		for _, f := range findings([]byte(x.Description)) {
			switch {
			case f.Rule == "shallow-cause" && strings.Contains(f.Message, "person"):
				return StopPerson
			case f.Rule == "shallow-cause":
				return StopProximate
			}
		}
		return ""
	}
}
