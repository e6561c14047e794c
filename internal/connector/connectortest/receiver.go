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
	// Unsigned says that a request is proved genuine by a token, not by a signature of
	// its body, so that nobody can tell whether it was changed on the way.
	Unsigned bool
	// Timed says that the time is signed, so that an old request is no longer genuine.
	Timed bool
}

// attempt is a request that should not be believed, or not be understood.
type attempt struct {
	name   string
	header http.Header
	body   []byte
	at     time.Time
	want   hindcast.Code
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
	changed, none := hindcast.Denied, hindcast.Denied
	if s.Unsigned {
		changed, none = "", hindcast.Invalid
	}
	cases := []attempt{
		{"without a signature", http.Header{}, s.Body, now, hindcast.Denied},
		{"signed by another", s.Sign(s.Body, now, "another-secret"), s.Body, now, hindcast.Denied},
		{"changed on the way", genuine, append(bytes.Clone(s.Body), ' '), now, changed},
		{"without a body", genuine, nil, now, none},
		{"genuine garbage", s.Sign(garbage, now, Credential), garbage, now, hindcast.Invalid},
	}
	if s.Timed {
		cases = append(cases, attempt{"an hour old", genuine, s.Body, now.Add(time.Hour), hindcast.Denied})
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
