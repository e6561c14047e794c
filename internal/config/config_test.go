package config

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
)

func nothing(string) (string, bool) { return "", false }

func variables(pairs ...string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1], true
			}
		}
		return "", false
	}
}

func TestDefaultRuns(t *testing.T) {
	c, err := Load("", nil, nothing)
	if err != nil || c.Check() != nil {
		t.Errorf("the default = %v, %v", err, c.Check())
	}
	if c.Database() != "data/hindcast.db" {
		t.Errorf("Database = %q", c.Database())
	}
}

func TestEnvironmentGoesBeforeTheFile(t *testing.T) {
	file := "addr: 127.0.0.1:9000\ndata: /srv/hindcast\nproxies: [10.0.0.0/8]\nsmtp:\n  addr: mail.example.org:587\n  from: hindcast@example.org\nstop_after: 5s\n"
	c, err := Load("hindcast.yaml", []byte(file), variables("HINDCAST_ADDR", "127.0.0.1:9100", "HINDCAST_SSO_DOMAINS", "example.org, example.com", "HINDCAST_UPLOAD_MB", "10"))
	if err != nil {
		t.Fatal(err)
	}
	want := Default()
	want.Addr, want.Data, want.Proxies, want.Stop, want.UploadMB = "127.0.0.1:9100", "/srv/hindcast", []string{"10.0.0.0/8"}, 5*time.Second, 10
	want.SMTP.Addr, want.SMTP.From = "mail.example.org:587", "hindcast@example.org"
	want.SSO.Domains = []string{"example.org", "example.com"}
	if d := cmp.Diff(want, c); d != "" {
		t.Errorf("configuration differs (-want +got):\n%s", d)
	}
}

func TestFaultsAreNamedAtOnce(t *testing.T) {
	file := "adr: 127.0.0.1:9000\nupload_mb: much\nsso:\n  client_secret: [hunter2]\n  hue: red\n"
	_, err := Load("hindcast.yaml", []byte(file), variables("HINDCAST_STOP_AFTER", "soon"))
	want := `hindcast.yaml: line 1: there is no setting "adr"; docs/operate.md lists them
hindcast.yaml: line 2: the value cannot be read as a number
hindcast.yaml: line 4: the value cannot be read as a text
hindcast.yaml: line 5: there is no setting "hue"; docs/operate.md lists them
HINDCAST_STOP_AFTER: the value cannot be read as a duration such as 20s`
	if err == nil || err.Error() != want {
		t.Errorf("Load error = %v, want\n%s", err, want)
	}
	if strings.Contains(err.Error(), "hunter2") {
		t.Error("the error holds a secret")
	}
}

func TestCheck(t *testing.T) {
	tests := []struct {
		name   string
		change func(*Config)
		want   string
	}{
		{"address", func(c *Config) { c.Addr = "8080" }, `addr: "8080" is no address; write HOST:PORT, as in 127.0.0.1:8080`},
		{"database", func(c *Config) { c.DB = "mysql://u:secret@h/d" }, "db: write postgres://USER@HOST:PORT/DATABASE, or leave it out for an SQLite file in the data folder"},
		{"sso without address", func(c *Config) { c.SSO.Issuer, c.SSO.ClientID = "https://sso.example.org", "x" }, "url: is missing; the sign-in provider sends people back to it"},
		{"mail without sender", func(c *Config) { c.SMTP.Addr = "mail:25" }, "smtp.from: is missing; write the address that mail comes from"},
		{"proxy", func(c *Config) { c.Proxies = []string{"everybody"} }, `proxies: "everybody" is no network; write 10.0.0.0/8 or an address`},
		{"bucket without a name", func(c *Config) { c.Bucket.Endpoint = "s3.example.org" }, "bucket.name: is missing; name the bucket that holds the evidence"},
		{"two at once", func(c *Config) { c.Log.Level, c.UploadMB = "loud", 0 }, "log.level: \"loud\"; choose debug, info, warn or error\nupload_mb: is 0; write a number of MiB"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := Default()
			tt.change(&c)
			if err := c.Check(); err == nil || err.Error() != tt.want {
				t.Errorf("Check = %v, want %s", err, tt.want)
			}
		})
	}
}

func TestRulesOfReviewAreChecked(t *testing.T) {
	file := "review:\n  anonymous_comments: true\n  approvals:\n    - severity: 2\n      count: 1\n      parts: [reviewer]\n      people: [lead@example.org]\n"
	c, err := Load("hindcast.yaml", []byte(file), variables("HINDCAST_REVIEW_SHOW_ACCOUNTS", "true"))
	if err != nil || c.Check() != nil {
		t.Fatal(err, c.Check())
	}
	got, _ := c.Review.Policy(hindcast.DefaultPolicy())
	if d := cmp.Diff(hindcast.ReviewPolicy{AccountsShown: true, Anonymous: true}, got.Review); d != "" {
		t.Errorf("policy differs (-want +got):\n%s", d)
	}
	want := hindcast.Approvals{Count: 1, Parts: []string{"reviewer"}, People: []string{"lead@example.org"}}
	if d := cmp.Diff(want, got.Approvals(2)); d != "" || got.Approvals(1).Any() {
		t.Errorf("approvals differ (-want +got):\n%s", d)
	}
	c.Review.Approvals = []Approval{{Severity: 9, Count: -1, Parts: []string{"author"}, People: []string{"lead"}}, {Severity: 2, Parts: []string{"lead"}}}
	if _, faults := c.Review.Policy(hindcast.DefaultPolicy()); len(faults) != 6 || c.Check() == nil {
		t.Errorf("%d faults, want 6:\n%s", len(faults), faults)
	}
}

func TestACalendarIsChecked(t *testing.T) {
	c := Default()
	c.Days = Days{Zone: "Europe/Berlin", Weekend: []string{"Friday", "saturday"}, Holidays: []string{"2026-12-25"}}
	got, faults := c.Days.Calendar()
	if len(faults) > 0 || len(got.Weekend) != 2 || got.Works(hindcast.Date{Year: 2026, Month: 12, Day: 25}) || c.Check() != nil {
		t.Errorf("Calendar = %+v, %v, %v", got, faults, c.Check())
	}
	c.Days = Days{Zone: "Mars/Olympus", Weekend: []string{"restday"}, Holidays: []string{"25.12."}}
	if _, faults := c.Days.Calendar(); len(faults) != 3 || c.Check() == nil {
		t.Errorf("Calendar found %q, want three faults", faults)
	}
}
