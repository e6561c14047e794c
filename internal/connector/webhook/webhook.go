// Package webhook tells programs of what happens, by requests signed as Standard
// Webhooks say (https://www.standardwebhooks.com). The body is
//
//	{"type": "postmortem.published", "timestamp": "2026-03-15T14:00:00Z", "data": {...}}
//
// and the headers are webhook-id, the same however often a message is sent,
// webhook-timestamp, when this attempt was made, and webhook-signature, one for
// each secret that is valid now.
package webhook

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/outhttp"
	"github.com/hindcast/hindcast/internal/secret"
)

// Vendor returns the vendor for a list.
func Vendor() connector.Vendor {
	return connector.Vendor{
		Name: "webhook", Title: "Webhook", Roles: []connector.Role{connector.Announces},
		Fields: []connector.Field{
			{Name: "url", Title: "Address", Help: "where requests are sent; it may hold a token", Secret: true},
			{Name: "secret", Title: "Signing secret", Help: "with which the receiver checks the signature", Secret: true, Generate: NewSecret},
		},
		Check: check,
		Open: func(s connector.Settings, d connector.Deps) (any, error) {
			if _, err := check(s); err != nil {
				return nil, err
			}
			return &Webhook{settings: s, deps: d}, nil
		},
	}
}

func check(s connector.Settings) (string, error) {
	u, err := url.Parse(s["url"].Reveal())
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return "", hindcast.Errorf(hindcast.Invalid, "url: write an address such as https://hooks.example.org/hindcast")
	}
	if u.Fragment != "" {
		return "", hindcast.Errorf(hindcast.Invalid, "url: leave out what follows #; it is not sent")
	}
	return u.Scheme + "://" + u.Host, nil
}

// secretPrefix begins secrets of Standard Webhooks.
const secretPrefix = "whsec_"

// NewSecret returns a signing secret.
func NewSecret() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // it never fails
	return secretPrefix + base64.StdEncoding.EncodeToString(b[:])
}

// Sign returns the signature of a message, "v1,...".
func Sign(key secret.Text, id string, at time.Time, body []byte) (string, error) {
	raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(key.Reveal(), secretPrefix))
	if err != nil || len(raw) == 0 {
		return "", hindcast.Errorf(hindcast.Invalid, "a signing secret is not whsec_ and base64; have it replaced in the settings")
	}
	mac := hmac.New(sha256.New, raw)
	fmt.Fprintf(mac, "%s.%d.", id, at.Unix())
	mac.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)), nil
}

// Webhook sends messages to one address.
type Webhook struct {
	settings connector.Settings
	deps     connector.Deps
}

// body is what is sent.
type body struct {
	Type      string          `json:"type"`
	Timestamp time.Time       `json:"timestamp"`
	Data      json.RawMessage `json:"data"`
}

// Announce sends a message once. Every answer but success may change, because the
// receiver is somebody's program: it is Unavailable, except that 410 says that
// nothing is wanted any more.
func (w *Webhook) Announce(ctx context.Context, m connector.Message) (string, error) {
	raw, err := json.Marshal(body{m.Type, m.At.UTC(), m.Data})
	if err != nil {
		return "", fmt.Errorf("write message %s: %w", m.ID, err)
	}
	now := w.deps.Now()
	signature, err := w.sign(m.ID, now, raw)
	if err != nil {
		return "", err
	}
	res, err := w.deps.HTTP.Do(ctx, outhttp.Request{
		Method: http.MethodPost, URL: w.settings["url"].Reveal(), Body: raw, Attempts: 1, Repeatable: true,
		Header: http.Header{
			"Content-Type": {"application/json"}, "Webhook-Id": {m.ID},
			"Webhook-Timestamp": {strconv.FormatInt(now.Unix(), 10)}, "Webhook-Signature": {signature},
		},
	})
	var fault *outhttp.Error
	switch {
	case err == nil:
		return strconv.Itoa(res.Status) + " " + http.StatusText(res.Status), nil
	case errors.As(err, &fault) && fault.Status != 0 && fault.Status != http.StatusGone:
		return "", &hindcast.Error{Code: hindcast.Unavailable, Message: err.Error(), Cause: err}
	}
	return "", err
}

// sign returns the signatures with the secrets that are valid.
func (w *Webhook) sign(id string, now time.Time, raw []byte) (string, error) {
	keys := []secret.Text{w.settings["secret"]}
	if until, err := time.Parse(time.RFC3339, w.settings["secret.until"].Reveal()); err == nil && now.Before(until) {
		keys = append(keys, w.settings["secret.old"])
	}
	var list []string
	for _, k := range keys {
		s, err := Sign(k, id, now, raw)
		if err != nil {
			return "", err
		}
		list = append(list, s)
	}
	return strings.Join(list, " "), nil
}
