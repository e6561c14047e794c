package textlog

import "testing"

func TestLabelsThatBreakOffSayNothing(t *testing.T) {
	for _, tt := range []struct {
		in      string
		service string
		ok      bool
	}{
		{`{app="shop", level="error"} stored`, "shop", true},
		{`{app="shop", level="err`, "", false},
		{`{app="shop"`, "", false},
		{`{`, "", false},
		{`app="shop"`, "", false},
	} {
		var h Header
		if _, ok := readLabels([]byte(tt.in), 0, &h); ok != tt.ok || string(h.Service) != tt.service {
			t.Errorf("readLabels(%q): %t with service %q, want %t with %q", tt.in, ok, h.Service, tt.ok, tt.service)
		}
	}
}
