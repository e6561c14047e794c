package redact

import (
	"strings"
	"testing"
)

// FuzzRuleWords holds that a rule matches no text without its words.
func FuzzRuleWords(f *testing.F) {
	for _, s := range []string{
		"export A_TOKEN=abcdefgh", "https://user:pass@host/path?token=abc", "AUTHORIZATION: Basic abcdef", "Bearer abcdefgh12345678",
		"session-id: 12345", "--signing_key abcd", "curl -u admin:hunter22", "mysqldump -psecret1", "gho_abcdefghijklmnopqrstu", "glpat-abcdefghijklmnopq",
		"AKIAABCDEFGHIJKLMNOP", "SG.abcdefghijklmnopq.abcdefghijklmnopq", "acme_live_12345678", "sk-abcdefghijklmnopqrstu", "-----BEGIN RSA PRIVATE KEY-----\nx",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		lower := strings.ToLower(s)
		for i := range rules {
			if ru := &rules[i]; ascii(s) && !ru.applies(lower) && ru.re().MatchString(s) {
				t.Errorf("rule %d matches %q, which holds none of %q", i, s, ru.words)
			}
		}
	})
}

// BenchmarkText takes secrets out of lines that hold none and one.
func BenchmarkText(b *testing.B) {
	for name, s := range map[string]string{
		"none": "checkout failed for user <*>: upstream orders-db returned error after <*> ms",
		"one":  "connect to postgres://app:hX7wq2LmP9zR@orders-db/orders refused",
	} {
		b.Run(name, func(b *testing.B) {
			r := New()
			b.ReportAllocs()
			for b.Loop() {
				r.Text(s)
			}
		})
	}
}
