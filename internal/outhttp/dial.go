package outhttp

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"syscall"
	"time"
)

// addressError says that a name leads to an address that must not be reached.
type addressError struct{ address netip.Addr }

// Error names the address.
func (e *addressError) Error() string {
	if !allowed(e.address, true) {
		return fmt.Sprintf("%s is an address at which no service is", e.address)
	}
	return fmt.Sprintf("%s is an address of a private network or of this machine; an admin can allow them with allow_private_addresses", e.address)
}

// network returns a transport that connects to what [allowed] lets it.
func network(private bool) http.RoundTripper {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second, Control: func(_, address string, _ syscall.RawConn) error {
		// Here the name has been resolved: what is checked is what is connected to.
		to, err := netip.ParseAddrPort(address)
		if err != nil {
			return fmt.Errorf("read the address to connect to: %w", err)
		}
		if !allowed(to.Addr(), private) {
			return &addressError{to.Addr()}
		}
		return nil
	}}
	return &http.Transport{
		DialContext: dialer.DialContext, ForceAttemptHTTP2: true, MaxIdleConns: 50, IdleConnTimeout: 90 * time.Second,
		TLSHandshakeTimeout: 10 * time.Second, ExpectContinueTimeout: time.Second, MaxResponseHeaderBytes: 64 << 10,
	}
}

func prefixes(list ...string) []netip.Prefix {
	var out []netip.Prefix
	for _, s := range list {
		out = append(out, netip.MustParsePrefix(s))
	}
	return out
}

var (
	// never are addresses at which no service for us can be: this network, links,
	// where clouds keep the credentials of machines, groups, reserved ones.
	never = prefixes("0.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
		"::/128", "fe80::/10", "ff00::/8", "2001:db8::/32", "100::/64", "fd00:ec2::254/128", "fd20:ce::254/128", "100.100.100.200/32")
	// private are addresses of this machine and of networks of one's own.
	privateNets = prefixes("10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "198.18.0.0/15", "::1/128", "fc00::/7", "fec0::/10")
	// translated are addresses that stand for one of IPv4, with where it begins in them.
	translated = []struct {
		prefix netip.Prefix
		at     int
	}{{netip.MustParsePrefix("64:ff9b::/96"), 12}, {netip.MustParsePrefix("64:ff9b:1::/48"), 12}, {netip.MustParsePrefix("2002::/16"), 2}, {netip.MustParsePrefix("::/96"), 12}}
)

// allowed reports whether a connection to an address may be made.
func allowed(a netip.Addr, private bool) bool {
	a = a.Unmap().WithZone("")
	in := func(p netip.Prefix) bool { return p.Contains(a) }
	if !a.IsValid() || slices.ContainsFunc(never, in) {
		return false
	}
	if slices.ContainsFunc(privateNets, in) {
		return private
	}
	for _, t := range translated {
		if t.prefix.Contains(a) {
			b := a.As16()
			return allowed(netip.AddrFrom4([4]byte(b[t.at:t.at+4])), private)
		}
	}
	return true
}
