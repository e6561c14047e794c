package template

import "bytes"

// host reports whether a run with a digit is the name of a host, with or
// without a port: three labels or more of which the last is a word in lower
// case; or a name with a port, unless that is a line in a source file.
func host(w []byte) bool {
	if n := len(w); n == 0 || classes[w[n-1]] != digit && w[n-1] != ':' && bytes.Count(w, []byte{'.'}) < 2 {
		return false
	}
	name, port, _ := bytes.Cut(w, []byte{':'})
	labels, digits, dashes := 1, 0, 0
	for _, c := range name {
		switch k := classes[c]; {
		case k == dot:
			labels++
		case k == digit:
			digits++
		case k == dash:
			dashes++
		case k != letter:
			return false
		}
	}
	last := name[bytes.LastIndexByte(name, '.')+1:]
	switch {
	case labels == 1:
		return number(port) && digits > 0 && dashes > 0
	case number(port):
		return !sourceFile(last)
	}
	return labels > 2 && lower(last) && !reversed(name) && (len(port) == 0 || host(port))
}

// resolved reports whether w is a name with its address, "db-1/10.0.0.7:5432".
func resolved(w []byte) bool {
	name, addr, ok := bytes.Cut(w, []byte{'/'})
	for _, c := range name {
		if classes[c]&(word|dot|dash) == 0 {
			return false
		}
	}
	return ok && bytes.Count(addr, []byte{'.'}) == 3 && hexadecimal(addr)
}

func number(w []byte) bool {
	for _, c := range w {
		if classes[c] != digit {
			return false
		}
	}
	return len(w) > 0
}

func lower(w []byte) bool {
	for _, c := range w {
		if c < 'a' || c > 'z' {
			return false
		}
	}
	return len(w) > 1
}

// reversed reports whether w begins with a top-level domain, as names of
// packages and bundles do.
func reversed(w []byte) bool {
	switch string(w[:max(0, bytes.IndexByte(w, '.'))]) {
	case "com", "org", "net", "io", "dev", "edu", "gov", "java", "javax", "jdk", "sun", "kotlin", "scala":
		return true
	}
	return false
}

// sourceFile reports whether a file name with this extension can have a line
// number behind it.
func sourceFile(ext []byte) bool {
	switch string(ext) {
	case "go", "java", "kt", "scala", "groovy", "c", "cc", "cpp", "cxx", "h", "hpp", "m", "mm", "swift", "rs", "py", "rb",
		"php", "pl", "pm", "lua", "js", "mjs", "jsx", "ts", "tsx", "cs", "fs", "vb", "ex", "exs", "erl", "hs", "ml", "clj",
		"sh", "sql", "html", "xml", "json", "yaml", "yml", "toml", "ini", "conf", "cfg", "properties", "txt", "log", "S", "s":
		return true
	}
	return false
}
