// Package config reads how a server is to run, from one YAML file and from
// environment variables; flags of the command line come on top. Everything has a
// working default, and every fault is named at once with where it stands.
package config

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/hindcast/hindcast"
)

// Config says how a server runs. The zero value of everything but Addr and Data
// works; see [Default].
type Config struct {
	Addr string `yaml:"addr" env:"ADDR"` // where it listens, "127.0.0.1:8080"
	Data string `yaml:"data" env:"DATA"` // the data folder
	DB   string `yaml:"db" env:"DB"`     // postgres://...; empty keeps an SQLite file in the data folder
	URL  string `yaml:"url" env:"URL"`   // the address people use, for links; empty when it is Addr
	// Proxies are the networks whose X-Forwarded-For and -Proto are believed.
	Proxies []string `yaml:"proxies" env:"PROXIES"`
	Log     Log      `yaml:"log"`
	SSO     SSO      `yaml:"sso"`
	SMTP    SMTP     `yaml:"smtp"`
	MailIn  MailIn   `yaml:"mail_in"`
	Days    Days     `yaml:"calendar"`
	Review  Review   `yaml:"review"`
	Bucket  Bucket   `yaml:"bucket"`
	// Private lets outgoing requests reach private addresses, such as a tracker in
	// the same network.
	Private bool `yaml:"allow_private_addresses" env:"ALLOW_PRIVATE_ADDRESSES"`
	// SecretKey seals the credentials that are kept; empty keeps a key in the data
	// folder. Several, separated by commas: the first seals, all open.
	SecretKey string `yaml:"secret_key" env:"SECRET_KEY"`
	Traces    string `yaml:"traces" env:"TRACES"` // OTLP endpoint, http://...; empty sends none
	// UploadMB is the most that one upload holds, in MiB.
	UploadMB int `yaml:"upload_mb" env:"UPLOAD_MB"`
	// Stop is how long requests may go on when the server is told to stop.
	Stop time.Duration `yaml:"stop_after" env:"STOP_AFTER"`
}

// Log says what the server logs, on standard error.
type Log struct {
	Level  string `yaml:"level" env:"LOG_LEVEL"`   // debug, info, warn or error
	Format string `yaml:"format" env:"LOG_FORMAT"` // text or json
}

// SSO is an OpenID Connect provider with which people sign in.
type SSO struct {
	Issuer       string   `yaml:"issuer" env:"SSO_ISSUER"`
	ClientID     string   `yaml:"client_id" env:"SSO_CLIENT_ID"`
	ClientSecret string   `yaml:"client_secret" env:"SSO_CLIENT_SECRET"`
	Name         string   `yaml:"name" env:"SSO_NAME"`
	Domains      []string `yaml:"domains" env:"SSO_DOMAINS"` // of e-mail addresses that may come in
	Role         string   `yaml:"role" env:"SSO_ROLE"`       // of those who come for the first time
}

// SMTP is a server for outgoing mail.
type SMTP struct {
	Addr     string `yaml:"addr" env:"SMTP_ADDR"` // host:port
	User     string `yaml:"user" env:"SMTP_USER"`
	Password string `yaml:"password" env:"SMTP_PASSWORD"`
	From     string `yaml:"from" env:"SMTP_FROM"`
	TLS      string `yaml:"tls" env:"SMTP_TLS"` // starttls, tls or none
}

// Days are the days on which the organization works.
type Days struct {
	Zone     string   `yaml:"zone" env:"CALENDAR_ZONE"`         // Europe/Berlin; UTC when empty
	Weekend  []string `yaml:"weekend" env:"CALENDAR_WEEKEND"`   // saturday and sunday when empty
	Holidays []string `yaml:"holidays" env:"CALENDAR_HOLIDAYS"` // YYYY-MM-DD
	AllDays  bool     `yaml:"all_days" env:"CALENDAR_ALL_DAYS"` // count every day, not working days
}

// Calendar returns the days as a calendar, with what is wrong with them.
func (d Days) Calendar() (hindcast.Calendar, Faults) {
	out, f := hindcast.Calendar{Zone: d.Zone, AllDays: d.AllDays}, Faults{}
	for _, name := range d.Weekend {
		n := slices.IndexFunc(week, func(w time.Weekday) bool { return strings.EqualFold(w.String(), name) })
		if n < 0 {
			f = append(f, fmt.Sprintf("calendar.weekend: %q is no day of the week; write saturday", name))
			continue
		}
		out.Weekend = append(out.Weekend, week[n])
	}
	for _, text := range d.Holidays {
		day, err := hindcast.ParseDate(text)
		if err != nil {
			f = append(f, "calendar.holidays: "+err.Error())
			continue
		}
		out.Holidays = append(out.Holidays, day)
	}
	for _, fault := range out.Validate() {
		f = append(f, "calendar."+fault.Path+": "+fault.Message)
	}
	return out, f
}

var week = []time.Weekday{time.Sunday, time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday}

// Bucket is where evidence is kept instead of the data folder, for replicas that
// share it: a service that speaks the protocol of Amazon S3.
type Bucket struct {
	Endpoint  string `yaml:"endpoint" env:"BUCKET_ENDPOINT"` // host or host:port; empty keeps evidence in the data folder
	Name      string `yaml:"name" env:"BUCKET_NAME"`
	Region    string `yaml:"region" env:"BUCKET_REGION"`
	Prefix    string `yaml:"prefix" env:"BUCKET_PREFIX"`         // before the names of objects
	AccessKey string `yaml:"access_key" env:"BUCKET_ACCESS_KEY"` // empty: AWS_ACCESS_KEY_ID and so on, or the machine's role
	SecretKey string `yaml:"secret_key" env:"BUCKET_SECRET_KEY"`
	Insecure  bool   `yaml:"insecure" env:"BUCKET_INSECURE"` // HTTP, for a service next door
}

// Prefix begins the names of our environment variables.
const Prefix = "HINDCAST_"

// Default returns the configuration of a server that is told nothing.
func Default() Config {
	return Config{Addr: "127.0.0.1:8080", Data: "data", Log: Log{Level: "info", Format: "text"},
		SSO: SSO{Role: string(hindcast.RoleReader)}, SMTP: SMTP{TLS: "starttls"}, MailIn: MailIn{Protocol: "smtp", MaxMB: 25, PerHour: 60}, UploadMB: 2048, Stop: 20 * time.Second}
}

// Faults are all that is wrong with a configuration, in words that never hold a
// value that may be secret.
type Faults []string

// Error lists the faults, one on a line.
func (f Faults) Error() string { return strings.Join(f, "\n") }

// Load returns the default configuration with what a file and the environment
// say. text is the file's content, nil without one; name is the file's name.
// environ returns the value of a variable and whether it is set.
func Load(name string, text []byte, environ func(string) (string, bool)) (Config, error) {
	c := Default()
	faults := readFile(&c, name, text)
	faults = append(faults, readEnvironment(reflect.ValueOf(&c).Elem(), environ)...)
	if len(faults) > 0 {
		return c, faults
	}
	return c, nil
}

// readFile decodes YAML strictly; unknown keys are named with their lines.
func readFile(c *Config, name string, text []byte) Faults {
	if len(strings.TrimSpace(string(text))) == 0 {
		return nil
	}
	dec := yaml.NewDecoder(strings.NewReader(string(text)))
	dec.KnownFields(true)
	err := dec.Decode(c)
	var many *yaml.TypeError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &many):
		var out Faults
		for _, e := range many.Errors {
			out = append(out, name+": "+explain(e))
		}
		return out
	}
	return Faults{name + ": " + strings.TrimPrefix(err.Error(), "yaml: ")}
}

// explain turns a fault of the decoder into words about our file. It leaves the
// value out, which may be secret.
func explain(fault string) string {
	line, rest, _ := strings.Cut(fault, ": ")
	if field, ok := strings.CutPrefix(rest, "field "); ok {
		key, _, _ := strings.Cut(field, " ")
		return fmt.Sprintf("%s: there is no setting %q; docs/operate.md lists them", line, key)
	}
	if i := strings.LastIndex(rest, " into "); i >= 0 {
		return line + ": the value cannot be read as " + kindOf(rest[i+len(" into "):])
	}
	return line + ": " + rest
}

func kindOf(goType string) string {
	switch goType {
	case "int":
		return "a number"
	case "bool":
		return "true or false"
	case "time.Duration":
		return "a duration such as 20s"
	case "[]string":
		return "a list"
	}
	return "a text"
}

// readEnvironment sets the fields whose variables are set.
func readEnvironment(v reflect.Value, environ func(string) (string, bool)) Faults {
	var out Faults
	for i := range v.NumField() {
		f, field := v.Field(i), v.Type().Field(i)
		if f.Kind() == reflect.Struct {
			out = append(out, readEnvironment(f, environ)...)
			continue
		}
		if field.Tag.Get("env") == "" {
			continue // of the file alone
		}
		name := Prefix + field.Tag.Get("env")
		text, ok := environ(name)
		if !ok {
			continue
		}
		if err := set(f, text); err != nil {
			out = append(out, fmt.Sprintf("%s: the value cannot be read as %s", name, kindOf(f.Type().String())))
		}
	}
	return out
}

func set(f reflect.Value, text string) error {
	switch f.Interface().(type) {
	case string:
		f.SetString(text)
	case bool:
		b, err := strconv.ParseBool(text)
		f.SetBool(b)
		return err
	case int:
		n, err := strconv.Atoi(text)
		f.SetInt(int64(n))
		return err
	case time.Duration:
		d, err := time.ParseDuration(text)
		f.SetInt(int64(d))
		return err
	case []string:
		f.Set(reflect.ValueOf(strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })))
	}
	return nil
}

// Check returns all that is wrong with a configuration, and nil when it can run.
func (c Config) Check() error {
	var f Faults
	add := func(ok bool, format string, args ...any) {
		if !ok {
			f = append(f, fmt.Sprintf(format, args...))
		}
	}
	_, _, err := net.SplitHostPort(c.Addr)
	add(err == nil, "addr: %q is no address; write HOST:PORT, as in 127.0.0.1:8080", c.Addr)
	add(c.Data != "", "data: name a folder")
	add(c.DB == "" || strings.HasPrefix(c.DB, "postgres://") || strings.HasPrefix(c.DB, "postgresql://"),
		"db: write postgres://USER@HOST:PORT/DATABASE, or leave it out for an SQLite file in the data folder")
	add(c.URL == "" || isURL(c.URL), "url: write the address people use, such as https://hindcast.example.org")
	for _, p := range c.Proxies {
		_, _, err := net.ParseCIDR(p)
		add(err == nil || net.ParseIP(p) != nil, "proxies: %q is no network; write 10.0.0.0/8 or an address", p)
	}
	add(slices.Contains([]string{"debug", "info", "warn", "error"}, c.Log.Level), "log.level: %q; choose debug, info, warn or error", c.Log.Level)
	add(slices.Contains([]string{"text", "json"}, c.Log.Format), "log.format: %q; choose text or json", c.Log.Format)
	add(c.SSO.Issuer == "" || isURL(c.SSO.Issuer), "sso.issuer: write the issuer's address, as https://sso.example.org")
	add(c.SSO.Issuer == "" || c.SSO.ClientID != "", "sso.client_id: is missing; the provider gives it")
	add(c.SSO.Issuer == "" || c.URL != "", "url: is missing; the sign-in provider sends people back to it")
	add(slices.Contains(hindcast.Roles(), hindcast.Role(c.SSO.Role)), "sso.role: %q; choose admin, member or reader", c.SSO.Role)
	_, _, err = net.SplitHostPort(c.SMTP.Addr)
	add(c.SMTP.Addr == "" || err == nil, "smtp.addr: %q; write HOST:PORT, as in mail.example.org:587", c.SMTP.Addr)
	add(c.SMTP.Addr == "" || strings.Contains(c.SMTP.From, "@"), "smtp.from: is missing; write the address that mail comes from")
	add(slices.Contains([]string{"starttls", "tls", "none"}, c.SMTP.TLS), "smtp.tls: %q; choose starttls, tls or none", c.SMTP.TLS)
	add(c.Bucket.Endpoint == "" || c.Bucket.Name != "", "bucket.name: is missing; name the bucket that holds the evidence")
	add((c.Bucket.AccessKey == "") == (c.Bucket.SecretKey == ""), "bucket: access_key and secret_key come together")
	add(c.Traces == "" || isURL(c.Traces), "traces: write the address of an OTLP collector, such as http://127.0.0.1:4318")
	add(c.UploadMB > 0, "upload_mb: is %d; write a number of MiB", c.UploadMB)
	_, days := c.Days.Calendar()
	_, rules := c.Review.Policy(hindcast.DefaultPolicy())
	f = append(append(append(f, days...), rules...), c.MailIn.check()...)
	add(c.Stop >= 0, "stop_after: is %s; write a duration such as 20s", c.Stop)
	if f == nil {
		return nil
	}
	return f
}

func isURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// Database returns what the database is opened with.
func (c Config) Database() string {
	if c.DB != "" {
		return c.DB
	}
	return filepath.Join(c.Data, "hindcast.db")
}

// Blobs returns the folder of evidence.
func (c Config) Blobs() string { return filepath.Join(c.Data, "blobs") }
