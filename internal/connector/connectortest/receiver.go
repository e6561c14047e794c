package connectortest

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
)

// Sender says how a system that tells us something is imitated.
type Sender struct {
	Open func(credential string) (connector.Receiver, error)
	// Sign returns the headers of a genuine request.
	Sign  func(body []byte, at time.Time, credential string) http.Header
	Body  []byte // of a genuine request
	Tells int    // how many notices are in it
	// Timed says that the time is signed, so that an old request is no longer genuine.
	Timed bool
}

// Receiver holds that a vendor believes what is genuine and nothing else.
func Receiver(t *testing.T, s Sender) { report(t, s.check()) }

func (s Sender) check() (out []string) {
	r, err := s.Open(Credential)
	if err != nil {
		return []string{fmt.Sprint("open: ", err)}
	}
	now := time.Unix(1773583200, 0)
	genuine := s.Sign(s.Body, now, Credential)
	first, err := r.Receive(genuine, s.Body, now)
	if err != nil || len(first) != s.Tells {
		out = append(out, fmt.Sprintf("a genuine request tells %d notices, %v; want %d", len(first), err, s.Tells))
	}
	again, err := r.Receive(genuine, s.Body, now.Add(time.Second))
	for i := range min(len(first), len(again)) {
		if first[i].ID == "" || first[i].ID != again[i].ID {
			out = append(out, fmt.Sprintf("the same notice has the ids %q and %q, %v", first[i].ID, again[i].ID, err))
		}
	}
	garbage := []byte("\x00 garbage")
	cases := []struct {
		name   string
		header http.Header
		body   []byte
		at     time.Time
		want   hindcast.Code
	}{
		{"without a signature", http.Header{}, s.Body, now, hindcast.Denied},
		{"signed by another", s.Sign(s.Body, now, "another-secret"), s.Body, now, hindcast.Denied},
		{"changed on the way", genuine, append(bytes.Clone(s.Body), ' '), now, hindcast.Denied},
		{"without a body", genuine, nil, now, hindcast.Denied},
		{"genuine garbage", s.Sign(garbage, now, Credential), garbage, now, hindcast.Invalid},
	}
	if s.Timed {
		cases = append(cases, cases[0])
		last := &cases[len(cases)-1]
		last.name, last.header, last.at = "an hour old", genuine, now.Add(time.Hour)
	}
	for _, c := range cases {
		_, err := r.Receive(c.header, c.body, c.at)
		if hindcast.CodeOf(err) != c.want {
			out = append(out, fmt.Sprintf("%s: %v is %s, want %s", c.name, err, hindcast.CodeOf(err), c.want))
		}
		if strings.Contains(fmt.Sprintf("%v %#v", err, err), Credential) {
			out = append(out, c.name+": the error shows the credential")
		}
	}
	return out
}
