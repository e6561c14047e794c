package audience

// Rows are the fields of single values in the allow-list that are in JSON.
func Rows() []string {
	var out []string
	for _, f := range fields {
		if f.by[0] != hidden && f.by[0] != inside && f.name != "ClockOffset.-" {
			out = append(out, f.name)
		}
	}
	return out
}
