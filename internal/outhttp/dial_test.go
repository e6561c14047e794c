package outhttp

import (
	"net/netip"
	"testing"
)

func TestAllowed(t *testing.T) {
	for _, tt := range []struct {
		address             string
		public, withPrivate bool
	}{
		{"93.184.216.34", true, true}, {"8.8.8.8", true, true}, {"2606:2800:220:1::1", true, true}, {"100.63.255.255", true, true}, {"172.32.0.1", true, true}, {"::ffff:8.8.8.8", true, true}, {"64:ff9b::808:808", true, true}, {"2002:808:808::1", true, true},
		{"10.1.2.3", false, true}, {"172.16.0.1", false, true}, {"172.31.255.255", false, true}, {"192.168.0.1", false, true}, {"127.0.0.1", false, true}, {"127.255.0.9", false, true}, {"100.64.0.1", false, true}, {"::1", false, true}, {"fd12:3456::1", false, true}, {"::ffff:10.0.0.1", false, true}, {"64:ff9b::a00:1", false, true}, {"2002:a00:1::", false, true}, {"::7f00:1", false, true},
		{"169.254.169.254", false, false}, {"::ffff:169.254.169.254", false, false}, {"64:ff9b::a9fe:a9fe", false, false}, {"2002:a9fe:a9fe::", false, false}, {"fd00:ec2::254", false, false}, {"fe80::1%eth0", false, false}, {"0.0.0.0", false, false}, {"::", false, false}, {"224.0.0.1", false, false}, {"255.255.255.255", false, false}, {"ff02::1", false, false}, {"100.100.100.200", false, false}, {"192.0.2.1", false, false},
	} {
		a := netip.MustParseAddr(tt.address)
		if public, own := allowed(a, false), allowed(a, true); public != tt.public || own != tt.withPrivate {
			t.Errorf("%s is allowed: %v, with private addresses: %v; want %v, %v", tt.address, public, own, tt.public, tt.withPrivate)
		}
	}
	if allowed(netip.Addr{}, true) {
		t.Error("no address is allowed")
	}
}
