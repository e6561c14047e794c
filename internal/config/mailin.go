package config

import (
	"fmt"
	"net"
	"net/mail"
	"slices"
	"strings"
)

// MailIn is how mail comes in.
type MailIn struct {
	Address string `yaml:"address" env:"MAIL_IN_ADDRESS"` // to which it is sent; empty takes none in
	// Listen is where our mail server passes it on, "127.0.0.1:2525"; empty listens to
	// none.
	Listen   string   `yaml:"listen" env:"MAIL_IN_LISTEN"`
	Protocol string   `yaml:"protocol" env:"MAIL_IN_PROTOCOL"` // smtp or lmtp
	Cert     string   `yaml:"tls_cert" env:"MAIL_IN_TLS_CERT"` // files, for STARTTLS; empty without
	Key      string   `yaml:"tls_key" env:"MAIL_IN_TLS_KEY"`
	Token    string   `yaml:"token" env:"MAIL_IN_TOKEN"`     // of who brings messages by HTTP; empty takes none that way
	Domains  []string `yaml:"domains" env:"MAIL_IN_DOMAINS"` // of senders who need no account
	Trusted  string   `yaml:"trusted" env:"MAIL_IN_TRUSTED"` // name in the Authentication-Results that are believed
	MaxMB    int      `yaml:"max_mb" env:"MAIL_IN_MAX_MB"`   // of one message
	PerHour  int      `yaml:"per_hour" env:"MAIL_IN_PER_HOUR"`
}

// minToken is how long a token is at least.
const minToken = 24

// check returns what is wrong.
func (m MailIn) check() (f Faults) {
	add := func(ok bool, format string, args ...any) {
		if !ok {
			f = append(f, "mail_in."+fmt.Sprintf(format, args...))
		}
	}
	a, err := mail.ParseAddress(m.Address)
	plain := err == nil && a.Address == m.Address && !strings.Contains(m.Address, "+")
	add(m.Address == "" || plain, "address: write an address without a name and without +, such as incident@hindcast.example.org")
	add(m.Address != "" || m.Listen == "" && m.Token == "", "address: is missing; write the address to which mail is sent")
	local, _, _ := strings.Cut(m.Address, "@")
	add(len(local) <= 24, "address: the part before @ is longer than 24 letters, which leaves no room for what is added to it")
	host, _, err := net.SplitHostPort(m.Listen)
	add(m.Listen == "" || err == nil && host != "", "listen: %q; write HOST:PORT, as in 127.0.0.1:2525", m.Listen)
	add(slices.Contains([]string{"smtp", "lmtp"}, m.Protocol), "protocol: %q; choose smtp or lmtp", m.Protocol)
	add((m.Cert == "") == (m.Key == ""), "tls_cert: comes together with tls_key")
	add(m.Token == "" || len(m.Token) >= minToken, "token: is too short; make one with: head -c 24 /dev/urandom | base64")
	for _, d := range m.Domains {
		add(!strings.ContainsAny(d, "@*/ ") && strings.Contains(d, "."), "domains: %q is no domain; write example.org", d)
	}
	add(m.MaxMB > 0 && m.MaxMB <= 100, "max_mb: is %d; write a number of MiB up to 100", m.MaxMB)
	add(m.PerHour > 0, "per_hour: is %d; write how many messages one sender may send within an hour", m.PerHour)
	return f
}
