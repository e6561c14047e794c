package company_test

import (
	"testing"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/company"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/fact/facttest"
)

func TestCompanies(t *testing.T) {
	var s facttest.Story
	s.Vendor("10:20", "PayCo", "investigating", "Elevated errors")
	s.Platform("10:01", "Pulled", "cart-api", "cart-api-1-a", "Pulled")
	s.Events[1].Attrs = map[string]string{"image": "registry.shop.example/cart-api:2.8.0"}
	s.Vendor("10:21", "Parcelo API", "investigating", "Labels fail")
	facts, _ := s.Facts()
	c := company.Find(facts)
	tests := []struct{ text, blamed, named string }{
		{"charge failed: POST https://api.payco.example/v1/charges answered 503", "PayCo", ""},
		{"PayCo answers 503 to every call", "PayCo", "PayCo"},
		{"cannot reach https://hooks.partner.example/in", "hooks.partner.example", ""},
		{"pull https://registry.shop.example/cart-api", "", ""},
		{"cannot reach https://search.svc", "", ""},
		{"TLS handshake with labels.parcelo.example failed: certificate expired", "Parcelo API", ""},
		{"queue is full", "", ""},
	}
	for _, tt := range tests {
		if got := c.Blamed(tt.text); got != tt.blamed {
			t.Errorf("Blamed(%q) = %q, want %q", tt.text, got, tt.blamed)
		}
		if got := c.Named(tt.text); got != tt.named {
			t.Errorf("Named(%q) = %q, want %q", tt.text, got, tt.named)
		}
	}
}

func TestClaim(t *testing.T) {
	tests := []struct {
		name string
		tell func(s *facttest.Story)
		want fact.Class
	}{
		{"a page that names our service and of which nobody speaks", func(s *facttest.Story) {
			s.Vendor("10:20", "Harbor IT", "investigating", "Saving in cart-api may fail")
		}, fact.Posted},
		{"a page that names none of ours", func(s *facttest.Story) { s.Vendor("10:20", "Harbor IT", "investigating", "Elevated errors") }, fact.VendorPosted},
		{"a page of which people speak", func(s *facttest.Story) {
			s.Vendor("10:20", "PayCo", "investigating", "cart-api answers slowly")
			s.Say("10:25", "Engineer A", "PayCo has trouble")
		}, fact.VendorPosted},
		{"a page on which people say that they posted", func(s *facttest.Story) {
			s.Vendor("10:20", "Harbor cart sales", "investigating", "Elevated errors")
			s.Say("10:20:40", "Engineer A", "the cart sales people know, and the status page is up")
		}, fact.Posted},
		{"a page of others as people post on their own", func(s *facttest.Story) {
			s.Vendor("10:20", "PayCo Gateway", "investigating", "Elevated errors")
			s.Say("10:22:20", "Engineer A", "PayCo is down. banner is up")
		}, fact.VendorPosted},
		{"a page of others that somebody reads", func(s *facttest.Story) {
			s.Vendor("10:20", "PayCo Gateway", "investigating", "Elevated errors")
			s.Say("10:21", "Engineer A", "their status page is red")
		}, fact.VendorPosted},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var s facttest.Story
			s.Deploy("09:00", "cart-api", "2.8.0", "2.7.9")
			tt.tell(&s)
			facts, names := s.Facts()
			company.Claim(facts, nil, names)
			for _, f := range facts {
				if f.First().Kind == hindcast.StatusUpdate && f.Class != tt.want {
					t.Errorf("the page's update is %q, want %q", f.Class, tt.want)
				}
			}
		})
	}
}

func TestDid(t *testing.T) {
	s := &facttest.Story{}
	s.Vendor("10:00", "Kestrel", "investigating", "we throttle a seat")
	s.Vendor("10:01", "North Bank", "investigating", "batch is late")
	facts, _ := s.Facts()
	c := company.Find(facts)
	for text, want := range map[string]bool{
		"Kestrel took the throttle away at 14:29, our QPS is back": true,
		"Kestrel has lifted the limit":                             true,
		"ok, Kestrel's ops team reset our seat":                    true,
		"North Bank posted our batch at 8:30":                      true,
		"North Bank posted the batch at 8:30":                      true,
		"Okta reset the limit":                                     false,
		"Kestrel is throttling us":                                 false,
		"Bogdan took the ticket with Kestrel":                      false,
		"we removed the Kestrel seat":                              false,
	} {
		if got := c.Did(text); got != want {
			t.Errorf("Did(%q) = %t, want %t", text, got, want)
		}
	}
}

func TestParty(t *testing.T) {
	var s facttest.Story
	s.Say("10:05", "Engineer A", "the uplink to Lattice is slow")
	s.Say("10:06", "Engineer B", "and it waits for ALTER on the table lots")
	facts, _ := s.Facts()
	for _, tt := range []struct{ said, line, want string }{
		{"no wonder. Lattice resized the volume", "volume.resize by lattice ok", "Lattice"},
		{"no wonder. Lattice resized the volume", "volume.resize ok", ""},
		{"head of the queue: ALTER TABLE lots", "statement: ALTER TABLE lots ADD COLUMN grade", ""},
	} {
		if got := company.Party(tt.said, tt.line, fact.NewNames(nil, nil), facts); got != tt.want {
			t.Errorf("Party(%q, %q) = %q, want %q", tt.said, tt.line, got, tt.want)
		}
	}
}
