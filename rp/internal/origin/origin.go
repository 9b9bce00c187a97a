// Package origin knows how browsers write an origin.
package origin

import (
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// Check refuses what no browser would send as an origin (RFC 6454 §6.2). The
// card signs over the origin that the browser gave, so any other spelling would
// refuse everyone.
func Check(origin string) error {
	u, err := url.Parse(origin)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return fmt.Errorf("origin %q is not an origin: it must be scheme://host[:port], with http or https", origin)
	}
	want, ok := browserOrigin(u)
	switch {
	case !ok:
		return fmt.Errorf("origin %q has a host or port that no browser sends: a name is in ASCII (xn--…), a port from 1 to 65535", origin)
	case want != origin:
		return fmt.Errorf("origin %q: a browser sends %q", origin, want)
	}
	return nil
}

// browserOrigin writes the origin of an address as a browser does: in lower case,
// without the scheme's own port, addresses in their shortest form, nothing after
// the port.
func browserOrigin(u *url.URL) (string, bool) {
	host, port := strings.ToLower(u.Hostname()), u.Port()
	if ip, err := netip.ParseAddr(host); err == nil {
		if host = ip.String(); ip.Is6() {
			host = "[" + host + "]"
		}
		if ip.Zone() != "" {
			return "", false
		}
	} else if host == "" || strings.Trim(host, "abcdefghijklmnopqrstuvwxyz0123456789-._") != "" || strings.Contains(u.Host, "[") {
		return "", false
	}
	if port != "" {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || n == 0 {
			return "", false
		}
		if port = ":" + strconv.FormatUint(n, 10); port == map[string]string{"http": ":80", "https": ":443"}[u.Scheme] {
			port = ""
		}
	}
	return u.Scheme + "://" + host + port, true
}
