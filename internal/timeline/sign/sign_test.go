package sign_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast/internal/timeline/sign"
	"github.com/hindcast/hindcast/internal/timeline/signal"
)

func at(minutes float64) int64 { return int64(minutes * float64(time.Minute)) }

func found(detector, service, subject string, from, surprise float64) signal.Detection {
	return signal.Detection{Detector: detector, Service: service, Subject: subject, From: at(from), To: at(from + 10), Direction: 1, Bad: true, Surprise: surprise, Title: subject}
}

func TestFind(t *testing.T) {
	tests := []struct {
		name string
		in   []signal.Detection
		want []string // lead, service, further detections
	}{
		{"nothing", nil, nil},
		{"one failure in one service", []signal.Detection{
			found("metric-change", "cart", "errors", 1, 9), found("new-template", "cart", "boom", 1, 7), found("rate-change", "cart", "old", 2, 6),
		}, []string{"boom cart 2"}},
		{"two services", []signal.Detection{
			found("new-template", "cart", "boom", 1, 9), found("new-template", "shop", "no cart", 1, 9),
		}, []string{"boom cart 0", "no cart shop 0"}},
		{"a ramp is one sign", []signal.Detection{
			found("metric-change", "cart", "lag", 1, 9), found("metric-change", "cart", "lag", 20, 9), found("metric-change", "cart", "lag", 40, 9),
		}, []string{"lag cart 2"}},
		{"chance", []signal.Detection{found("new-template", "cart", "boom", 1, 1.5)}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, s := range sign.Find(tt.in) {
				got = append(got, fmt.Sprintf("%s %s %d", s.Title, s.Service, len(s.Signs)))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Find: -want +got:\n%s", diff)
			}
		})
	}
}
