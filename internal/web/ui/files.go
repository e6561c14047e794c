package ui

import "strings"

// file joins what is asked of a picture and of the file it is kept as.
func file(query, form string) string {
	if all := strings.Trim(query+"&"+form, "&"); all != "" {
		return "?" + all
	}
	return ""
}
