package template

import "strings"

// chunks cuts a shape after each blank and after each comma inside a word; the
// path of a request also before each slash.
func chunks(shape string) []string {
	out := make([]string, 0, strings.Count(shape, " ")+1)
	route := shape != "" && shape[0] >= class && shape[0] < ' '
	for shape != "" {
		k := next(shape)
		if route {
			if i := strings.IndexByte(shape[1:k], '/'); i >= 0 {
				k = i + 1
			}
		}
		out = append(out, shape[:k])
		shape = shape[k:]
	}
	if len(out) == 0 {
		out = append(out, "")
	}
	return out
}

// next returns the length of the first chunk of a shape, which is not empty.
func next[T string | []byte](shape T) int {
	for i := 1; i < len(shape); i++ {
		if before := shape[i-1]; before == ' ' || before == ',' && shape[i] != ' ' {
			return i
		}
	}
	return len(shape)
}

// request reports whether chunks are the shape of a request.
func request(cs []string) bool { return cs[0] != "" && cs[0][0] >= class && cs[0][0] < ' ' }

// wordy reports whether a chunk holds a letter.
func wordy(c string) bool {
	for i := range len(c) {
		if classes[c[i]] == letter {
			return true
		}
	}
	return false
}

// head returns the first chunks of a shape: three words, or class, method and
// two words of the path of a request.
func head(cs []string) []string {
	if request(cs) {
		return cs[:min(len(cs), 4)]
	}
	return cs[:min(len(cs), 3)]
}
