package cloudevents_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/connector/cloudevents"
	"github.com/hindcast/hindcast/internal/connector/connectortest"
	"github.com/hindcast/hindcast/internal/secret"
)

func receiver(token string) (connector.Receiver, error) {
	v, err := cloudevents.Vendor().Open(connector.Settings{"token": secret.New(token)}, connector.Deps{})
	if err != nil {
		return nil, err
	}
	return v.(connector.Receiver), nil
}

func bearer(_ []byte, _ time.Time, token string) http.Header {
	return http.Header{"Authorization": {"Bearer " + token}, "Content-Type": {"application/cloudevents+json"}}
}

func sign(body []byte, _ time.Time, token string) http.Header {
	mac := hmac.New(sha256.New, []byte(token))
	mac.Write(body)
	return http.Header{"X-Hub-Signature-256": {"sha256=" + hex.EncodeToString(mac.Sum(nil))}, "Content-Type": {"application/cloudevents+json; charset=utf-8"}}
}

const one = `{"specversion":"1.0","id":"e1","source":"/ci/shop","type":"com.example.deployment.started","time":"2024-03-15T15:38:00+01:00","data":{"service":"mobile-api","version":"2.8.0"}}`

func TestReceiverConformance(t *testing.T) {
	for name, s := range map[string]connectortest.Sender{"token": {Sign: bearer, Unsigned: true}, "signature": {Sign: sign}} {
		t.Run(name, func(t *testing.T) {
			s.Open, s.Body, s.Tells = receiver, []byte(one), 1
			connectortest.Receiver(t, s)
		})
	}
}

func TestForms(t *testing.T) {
	now := time.Date(2024, 3, 15, 15, 0, 0, 0, time.UTC)
	binary := func(kind string, more ...string) http.Header {
		h := http.Header{"Ce-Specversion": {"1.0"}, "Ce-Id": {"e1"}, "Ce-Source": {"/ci/shop"}, "Ce-Type": {"deploy"}, "Ce-Time": {"2024-03-15T14:38:00Z"}}
		if kind != "" {
			h.Set("Content-Type", kind)
		}
		for i := 0; i+1 < len(more); i += 2 {
			h.Set(more[i], more[i+1])
		}
		return h
	}
	typed := func(kind string) http.Header { return http.Header{"Content-Type": {kind}} }
	for name, tt := range map[string]struct {
		header http.Header
		body   string
		want   []string // records
	}{
		"structured":            {typed("application/cloudevents+json"), one, []string{`{"data":{"service":"mobile-api","version":"2.8.0"},"id":"e1","source":"/ci/shop","specversion":"1.0","time":"2024-03-15T15:38:00+01:00","type":"com.example.deployment.started"}`}},
		"plain JSON":            {typed("application/json"), one, []string{`{"data":{"service":"mobile-api","version":"2.8.0"},"id":"e1","source":"/ci/shop","specversion":"1.0","time":"2024-03-15T15:38:00+01:00","type":"com.example.deployment.started"}`}},
		"batch":                 {typed("application/cloudevents-batch+json"), `[{"specversion":"1.0","id":"a","source":"s","type":"t"},{"specversion":"1.0","id":"b","source":"s","type":"t","time":"2024-03-15T14:38:00Z"}]`, []string{`{"id":"a","recordedtime":"2024-03-15T15:00:00Z","source":"s","specversion":"1.0","type":"t"}`, `{"id":"b","source":"s","specversion":"1.0","time":"2024-03-15T14:38:00Z","type":"t"}`}},
		"an empty batch":        {typed("application/cloudevents-batch+json"), `[]`, nil},
		"binary":                {binary("application/json", "Ce-Subject", "mobile%20api", "Ce-Partitionkey", "7"), `{"version": "2.8.0"}`, []string{`{"data":{"version":"2.8.0"},"datacontenttype":"application/json","id":"e1","partitionkey":"7","source":"/ci/shop","specversion":"1.0","subject":"mobile api","time":"2024-03-15T14:38:00Z","type":"deploy"}`}},
		"binary, without data":  {binary(""), "", []string{`{"id":"e1","source":"/ci/shop","specversion":"1.0","time":"2024-03-15T14:38:00Z","type":"deploy"}`}},
		"binary, with text":     {binary("text/plain"), "2.8.0", []string{`{"data":"2.8.0","datacontenttype":"text/plain","id":"e1","source":"/ci/shop","specversion":"1.0","time":"2024-03-15T14:38:00Z","type":"deploy"}`}},
		"binary, with bytes":    {binary("application/x-protobuf"), "\x00\x01", []string{`{"data_base64":"AAE=","datacontenttype":"application/x-protobuf","id":"e1","source":"/ci/shop","specversion":"1.0","time":"2024-03-15T14:38:00Z","type":"deploy"}`}},
		"binary, its own data":  {binary("application/json", "Ce-Data", "x"), `1`, []string{`{"data":1,"datacontenttype":"application/json","id":"e1","source":"/ci/shop","specversion":"1.0","time":"2024-03-15T14:38:00Z","type":"deploy"}`}},
		"no event":              {typed("application/json"), `{"id":"e1"}`, nil},
		"another version":       {typed("application/cloudevents+json"), `{"specversion":"0.3","id":"a","source":"s","type":"t"}`, nil},
		"without a source":      {typed("application/cloudevents+json"), `{"specversion":"1.0","id":"a","type":"t"}`, nil},
		"a number as id":        {typed("application/cloudevents+json"), `{"specversion":"1.0","id":1,"source":"s","type":"t"}`, nil},
		"a time of no kind":     {typed("application/cloudevents+json"), `{"specversion":"1.0","id":"a","source":"s","type":"t","time":"yesterday"}`, nil},
		"another format":        {typed("application/cloudevents+avro"), one, nil},
		"binary, broken JSON":   {binary("application/json"), `{`, nil},
		"binary, broken header": {binary("application/json", "Ce-Subject", "%zz"), `{}`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := receiver("t0ken")
			if err != nil {
				t.Fatal(err)
			}
			h := tt.header.Clone()
			h.Set("Authorization", "Bearer t0ken")
			list, err := r.Receive(h, []byte(tt.body), now)
			if tt.want == nil && name != "an empty batch" {
				if hindcast.CodeOf(err) != hindcast.Invalid {
					t.Errorf("%v, want it invalid", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, n := range list {
				got = append(got, string(n.Record))
				if n.ID == "" || n.Kind != connector.Happened || n.At.IsZero() || n.At.After(now) {
					t.Errorf("notice %+v", n)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("records (-want +got):\n%s", diff)
			}
		})
	}
}

// TestASignatureDoesNotCoverHeaders refuses an event in binary form that is only
// signed: anybody could change what it says.
func TestASignatureDoesNotCoverHeaders(t *testing.T) {
	r, err := receiver("t0ken")
	if err != nil {
		t.Fatal(err)
	}
	h := sign([]byte(`{}`), time.Time{}, "t0ken")
	h.Set("Ce-Specversion", "1.0")
	h.Set("Content-Type", "application/json")
	if _, err := r.Receive(h, []byte(`{}`), time.Unix(1710513661, 0)); hindcast.CodeOf(err) != hindcast.Denied {
		t.Errorf("%v, want it denied", err)
	}
}
