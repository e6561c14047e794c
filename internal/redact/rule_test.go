package redact

import "testing"

// FuzzSigns holds that nothing is found in a text that shows no sign of it.
func FuzzSigns(f *testing.F) {
	for _, s := range []string{
		"export A_TOKEN=abcdefgh", "https://user:pass@host/path?token=abc", "AUTHORIZATION: Basic abcdef", "Bearer abcdefgh12345678",
		"session-id: 12345", "--signing_key abcd", "curl -u admin:hunter22", "mysqldump -psecret1", "keytool -storepass abcdef", "-passin pass:abcdef", "SMTP_PASS = abcdef", "--user a:bcd", "sshpass -pabcd", "docker login -p abcd", "gho_abcdefghijklmnopqrstu", "glpat-abcdefghijklmnopq",
		"AKIAABCDEFGHIJKLMNOP", "SG.abcdefghijklmnopq.abcdefghijklmnopq", "acme_live_12345678", "sk-abcdefghijklmnopqrstu", "-----BEGIN RSA PRIVATE KEY-----\nx",
		`'pwd' : "a b"`, "pa\u017fsword=12345678", "to\u212aen = abcdef", "x-api-key\t=\tabcd", "xoxb-1234567890", "ab_sk_12345678", "-----PRIVATE KEY-----",
		"ops@example.com", "+49 (30) 1234-5678", "4111 1111 1111 1111", "4111-1111 11111111", "203.0.113.7", "x-203.0.113.7.", "2001:db8::17", "a:::b", "\x85token=abcd",
		"got Zk3Rw8Yt1Nq6Vb5Xc2Mf7Jd back", "a key 7 0822455D0A", "snmp community abc", "tacacs-server key abc", "mysql\v-pabcd mysql\f-pabcd",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		shown := signsOf(s)
		for i := range rules {
			if ru := &rules[i]; !shown.any && !ru.sign(shown, s) && ru.re().MatchString(s) {
				t.Errorf("rule %d matches %q, which shows no sign of it", i, s)
			}
		}
		for i, p := range personal {
			if !p.sign(shown, s) && p.find().MatchString(s) {
				t.Errorf("rule %d for personal data matches %q, which shows no sign of it", i, s)
			}
		}
		if list := words(s); !shown.long && list != nil {
			t.Errorf("%q holds the random words %v and shows no sign of them", s, list)
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
