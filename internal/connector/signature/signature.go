// Package signature tells whether a request came from the system that it says it
// comes from. It looks at the raw body, which nobody has read yet: what is not
// proved genuine is not parsed.
//
//	if err := signature.PagerDuty().Verify(r.Header, body, now, key); err != nil {
//		return err // Denied
//	}
//
// All systems here sign with HMAC-SHA256 and write it in hexadecimal. Some sign
// the time as well, and then old requests are refused; of the others a receiver
// keeps the ids of what it has seen, because a copy is as genuine as the first.
package signature

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/secret"
)

// Window is how far the signed time may be from ours, either way.
const Window = 5 * time.Minute

// most is how many signatures of a request are looked at; systems send one for
// each secret while one replaces the other.
const most = 8

// Scheme is how a system signs.
type Scheme struct {
	vendor  string
	header  string // with the signatures, separated by commas
	version string // before each signature, as far as "="; empty when nothing is before it
	time    string // the header with the signed time in seconds; empty when it is not signed
}

// PagerDuty is how webhooks of version 3 are signed. The time is not.
func PagerDuty() Scheme {
	return Scheme{vendor: "PagerDuty", header: "X-PagerDuty-Signature", version: "v1"}
}

// GitHub is how webhooks with a secret are signed. The time is not.
func GitHub() Scheme {
	return Scheme{vendor: "GitHub", header: "X-Hub-Signature-256", version: "sha256"}
}

// Jira is how webhooks with a secret are signed, in the Cloud and in a Data Center.
// The time is not.
func Jira() Scheme {
	return Scheme{vendor: "Jira", header: "X-Hub-Signature", version: "sha256"}
}

// Signed is how senders of their own make sign, in GitHub's way. The time is not.
func Signed() Scheme {
	return Scheme{vendor: "the sender", header: "X-Hub-Signature-256", version: "sha256"}
}

// Slack is how events, commands and interactions are signed, with the time.
func Slack() Scheme {
	return Scheme{vendor: "Slack", header: "X-Slack-Signature", version: "v0", time: "X-Slack-Request-Timestamp"}
}

// grafanaTime is the header for the time that a contact point is told to send.
const grafanaTime = "X-Grafana-Alerting-Timestamp"

// Grafana is how a contact point of the kind webhook signs a request with the
// headers h: with the time, when it was told to send one in
// X-Grafana-Alerting-Timestamp. A time that is taken away no longer fits.
func Grafana(h http.Header) Scheme {
	s := Scheme{vendor: "Grafana", header: "X-Grafana-Alerting-Signature"}
	if h.Get(grafanaTime) != "" {
		s.time = grafanaTime
	}
	return s
}

// Timed reports whether the time is signed, so that an old request is refused.
func (s Scheme) Timed() bool { return s.time != "" }

// Verify returns nil when a request was signed with one of the keys, and a Denied
// error, which holds neither a key nor the body, when it was not. Empty keys are
// none.
func (s Scheme) Verify(h http.Header, body []byte, now time.Time, keys ...secret.Text) error {
	var signed []byte
	if s.Timed() {
		text := h.Get(s.time)
		if err := s.recent(text, now); err != nil {
			return err
		}
		signed = []byte(text + ":")
		if s.version != "" {
			signed = []byte(s.version + ":" + text + ":")
		}
	}
	sent := s.sent(h)
	if len(sent) == 0 {
		return hindcast.Errorf(hindcast.Denied, "the request has no signature of %s in the header %s", s.vendor, s.header)
	}
	for _, key := range keys {
		if key.IsZero() {
			continue
		}
		mac := hmac.New(sha256.New, []byte(key.Reveal()))
		mac.Write(signed)
		mac.Write(body)
		want := mac.Sum(nil)
		for _, got := range sent {
			if hmac.Equal(got, want) {
				return nil
			}
		}
	}
	return hindcast.Errorf(hindcast.Denied, "the signature in %s does not fit; compare the signing secret here with the one at %s", s.header, s.vendor)
}

// recent refuses a time that is not within the window.
func (s Scheme) recent(text string, now time.Time) error {
	seconds, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return hindcast.Errorf(hindcast.Denied, "the request has no time in the header %s", s.time)
	}
	if away := now.Sub(time.Unix(seconds, 0)).Abs(); away > Window {
		return hindcast.Errorf(hindcast.Denied, "the time in %s is more than %d minutes away; it is an old request, or a clock is wrong", s.time, int(Window.Minutes()))
	}
	return nil
}

// sent returns the signatures of a request that are of this scheme.
func (s Scheme) sent(h http.Header) (out [][]byte) {
	list := strings.SplitN(h.Get(s.header), ",", most+1)
	for _, one := range list[:min(len(list), most)] {
		one = strings.TrimSpace(one)
		digits, ok := one, true
		if s.version != "" {
			digits, ok = strings.CutPrefix(one, s.version+"=")
		}
		value, err := hex.DecodeString(digits)
		if ok && err == nil && len(value) == sha256.Size {
			out = append(out, value)
		}
	}
	return out
}
