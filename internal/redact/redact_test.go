package redact_test

import (
	"strings"
	"testing"

	"github.com/hindcast/hindcast/internal/redact"
)

func TestText(t *testing.T) {
	r := redact.New()
	tests := []struct{ name, in, want string }{
		{"exported token", "export DEPLOY_API_TOKEN=abcd_live_7Qm2vX9tKc4LrZ8s", "export DEPLOY_API_TOKEN=[redacted]"},
		{"password in a URL", "redis-cli -u redis://default:hX7wq2LmP9zR@queue:6379 llen q", "redis-cli -u redis://[redacted]@queue:6379 llen q"},
		{"authorization header", "curl -H 'Authorization: Bearer pb_live_Zk3Rw8Yt1Nq6' https://x", "curl -H 'Authorization: [redacted]' https://x"},
		{"bearer alone", "sent bearer abcdefgh12345678", "sent bearer [redacted]"},
		{"password flag", "psql --password s3cretValue -h db", "psql --password [redacted] -h db"},
		{"json field", `{"client_secret": "qwe123rty"}`, `{"client_secret": [redacted]}`},
		{"basic auth", "curl -u admin:hunter22 https://x", "curl -u admin:[redacted] https://x"},
		{"password of a key store", "keytool -list -keystore a.jks -storepass hunter22 -v", "keytool -list -keystore a.jks -storepass [redacted] -v"},
		{"password of a key file", "openssl rsa -in k.pem -passin pass:hunter22", "openssl rsa -in k.pem -passin pass:[redacted]"},
		{"short name of a password", "DB_PASS=hunter22 ./run", "DB_PASS=[redacted] ./run"},
		{"basic auth by the long name", "curl --user admin:hunter22 https://x", "curl --user admin:[redacted] https://x"},
		{"community of a device", "snmp-server community Pub1icRO RO", "snmp-server community [redacted] RO"},
		{"hashed password of a device", "neighbor 192.0.2.1 password 7 0822455D0A16", "neighbor 192.0.2.1 password 7 [redacted]"},
		{"key of a device", "tacacs-server host 192.0.2.1 key Hunter2xyz!", "tacacs-server host 192.0.2.1 key [redacted]"},
		{"salted hash of a device", "username ops secret 5 $1$salt$abcdefghijk/lmnop.qrst", "username ops secret 5 [redacted]"},
		{"words about communities", "snmp community strings were wrong", "snmp community strings were wrong"},
		{"key with a number", "deleted key 4 20260304", "deleted key 4 20260304"},
		{"numbered key", "hit key 5 times", "hit key 5 times"},
		{"sshpass", "sshpass -p hunter22 ssh db1", "sshpass -p [redacted] ssh db1"},
		{"redis", "redis-cli -h q -a hunter22 ping", "redis-cli -h q -a [redacted] ping"},
		{"directory", "ldapsearch -x -D cn=a -w hunter22 -b dc=x", "ldapsearch -x -D cn=a -w [redacted] -b dc=x"},
		{"registry", "docker login -u ci -p hunter22 r.example.com", "docker login -u ci -p [redacted] r.example.com"},
		{"password file", "htpasswd -bc /etc/x ops hunter22", "htpasswd -bc /etc/x ops [redacted]"},
		{"port stays", "ssh -p 2222 db1 && docker run -p 8080:80 web", "ssh -p 2222 db1 && docker run -p 8080:80 web"},
		{"port of a login service stays", "docker run login-api -p 8080:80", "docker run login-api -p 8080:80"},
		{"bypass stays", "gate --bypass canary, bypass=canary, pass: 12 of 14", "gate --bypass canary, bypass=canary, pass: 12 of 14"},
		{"cloud key id", "key AKIAABCDEFGHIJKLMNOP used", "key [redacted] used"},
		{"json web token", "jwt eyJhbGciOiJIUzI1.eyJzdWIiOiIx.abc", "jwt [redacted]"},
		{"random word", "got Zk3Rw8Yt1Nq6Vb5Xc2Mf7Jd back", "got [redacted] back"},
		{"variable stays", "export TOKEN=$VAULT_TOKEN", "export TOKEN=$VAULT_TOKEN"},
		{"claim of a token stays", "rejecting token: iat 97 s in the future", "rejecting token: iat 97 s in the future"},
		{"state of a token stays", "token: expired", "token: expired"},
		{"pod name stays", "mobile-api-6c9f7d8b5c-x2x7p restarted", "mobile-api-6c9f7d8b5c-x2x7p restarted"},
		{"digest stays", "sha256:714607ac823f5b4faa602bb19668dde4e71bd8398b75e5b81ddd00c5eb55f7ec", "sha256:714607ac823f5b4faa602bb19668dde4e71bd8398b75e5b81ddd00c5eb55f7ec"},
		{"alert name with a number stays", "CatalogLatencyP95High: CheckoutErrorsP99Critical, KafkaVolume90PercentFull", "CatalogLatencyP95High: CheckoutErrorsP99Critical, KafkaVolume90PercentFull"},
		{"random word with a name in it", "got CartXk3Rw8Yt1Nq6Vb5Xc2Mf7 back", "got [redacted] back"},
		{"alert name stays", "KubePersistentVolumeFillingUpCritical firing", "KubePersistentVolumeFillingUpCritical firing"},
		{"quoted words", `password: "hunter two three" used`, `password: [redacted] used`},
		{"line of a private key", "ZoHk3/zum4cxxN2YJpGQA/1kR9+Tt0a/Q8ULFqrKPwc+x3w0F5TofEghBey109Cb", "[redacted]"},
		{"line of a private key among others", "one\n  e1cAqb/tTXNmMr/eO6Oray0sDw/1k+Q8/u+7ksmTUpnVEB32\ntwo", "one\n  [redacted]\ntwo"},
		{"long path stays", "/usr/local/Lib/python3/site-packages/example/views", "/usr/local/Lib/python3/site-packages/example/views"},
		{"plain command stays", "kubectl -n mobile rollout undo deployment/mobile-api --to-revision=184", "kubectl -n mobile rollout undo deployment/mobile-api --to-revision=184"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := r.Text(tt.in); got != tt.want {
				t.Errorf("Text(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestTextIsStable(t *testing.T) {
	r := redact.New()
	once := r.Text("password=abc12345 and token: xyz98765 at https://u:p4ss@h/")
	if twice := r.Text(once); twice != once {
		t.Errorf("Text(Text(s)) = %q, want %q", twice, once)
	}
}

func FuzzText(f *testing.F) {
	f.Add("export A_TOKEN=abcdefgh")
	f.Add("https://user:pass@host/path?token=abc")
	r := redact.New()
	f.Fuzz(func(t *testing.T, s string) {
		end := 0
		for _, sp := range r.Find(s) {
			if sp.Start < end || sp.End <= sp.Start || sp.End > len(s) {
				t.Fatalf("Find(%q) returned the span %v after %d", s, sp, end)
			}
			end = sp.End
		}
		if strings.Count(r.Text(s), "\n") > strings.Count(s, "\n") {
			t.Fatalf("Text(%q) added lines", s)
		}
	})
}
