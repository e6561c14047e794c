package audience

import "testing"

// FuzzMay holds that a pattern matches no text on which it is not tried, and that
// names are looked for wherever their expression finds one.
func FuzzMay(f *testing.F) {
	for _, s := range []string{
		"<!-- a", "~~~\na", "\ta", "    a", "- > a", `: "a text that is long"`, "“a", "`a`", "</a>", "![a](b)", "[a][b]", "  [a]: b", "WWW.a", "a://b", "1.2.3.4", "a.ſvc",
		"db-7", "a:80", "a/b", "A.PY:7", "git -a", "git b/c", "(@é", "a_b", "AbcDefGhi", "a operator B", "\n\n\n", " \t", "Sev-1",
		"jo\u00a0doe", "JO-DOE", "jo_doe's", "JOD\u00d6e", "\u212ailo ma\u017ft", "the Kilo Mast services", "Σίσυφος", "ΣΊΣΥΦΟΣ", "\xffjo doe",
	} {
		f.Add(s)
	}
	who := newNames(map[string]string{"jo doe": "responder", "kilo mast": "a service", "σίσυφος": "participant", "jo-dö": "participant", "_-": "participant"})
	f.Fuzz(func(t *testing.T, s string) {
		for i, p := range []pattern{comment, fence, indented, blockquote, quotation, code, tag, image, link, definition, address, host, file, command, mention, technical, workers, manyBlank, spaces, numbered} {
			if !p.may(s) && p.MatchString(s) {
				t.Errorf("pattern %d matches %q, on which it is not tried", i, s)
			}
		}
		if !who.in(s) && who.find.MatchString(s) {
			t.Errorf("%q holds a name, which is not looked for", s)
		}
	})
}
