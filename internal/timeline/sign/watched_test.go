package sign

import (
	"testing"

	"github.com/hindcast/hindcast/internal/timeline/fact/facttest"
	"github.com/hindcast/hindcast/internal/timeline/signal"
)

func TestWatchTakesTheAlertsWordForAFailure(t *testing.T) {
	fell := signal.Detection{Detector: "metric-change", From: facttest.At("10:01").UnixNano(), To: facttest.At("10:40").UnixNano(), Service: "broker", Subject: "connected_devices", Direction: -1, Title: "connected_devices of broker fell"}
	rose := fell
	rose.Direction = 1
	broken := signal.Detection{Detector: "new-template", From: fell.From, Service: "broker", Bad: true, Title: "link down"}
	early := fell
	early.From = facttest.At("09:44").UnixNano()
	late := fell
	late.From = facttest.At("09:20").UnixNano()
	for _, tt := range []struct {
		name, alert string
		found       []signal.Detection
		want        bool
	}{
		{"called so", "ConnectedDevicesLow", []signal.Detection{fell}, true},
		{"the other way", "ConnectedDevicesLow", []signal.Detection{rose}, false},
		{"of something else", "DiskSpaceLow", []signal.Detection{fell}, false},
		{"before it waited", "ConnectedDevicesLow", []signal.Detection{early}, true},
		{"long before", "ConnectedDevicesLow", []signal.Detection{late}, false},
		{"beside a failure", "ConnectedDevicesLow", []signal.Detection{fell, broken}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := &facttest.Story{}
			s.Alert("10:05", tt.alert, "broker", tt.alert+": connected devices")
			if tt.alert == "DiskSpaceLow" {
				s = &facttest.Story{}
				s.Alert("10:05", tt.alert, "broker", "free space on /data")
			}
			facts, _ := s.Facts()
			Watch(tt.found, facts)
			if got := tt.found[0].Bad; got != tt.want {
				t.Errorf("Bad = %t, want %t", got, tt.want)
			}
		})
	}
}
