// Package origin reads the origin of a web page, as browsers write it.
package origin

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// longest is the longest origin accepted, in octets: a DNS name of 253, its
// scheme and a port.
const longest = 270

// ErrOrigin says what Check refuses, and why.
var ErrOrigin = errors.New("not the origin of a web page")

// Check accepts the origin of a web page exactly as a browser
// serialises it (https://html.spec.whatwg.org/#ascii-serialisation-of-an-origin):
// scheme://host or scheme://host:port, http or https, in lower case, without a
// default port, a path, a user or a trailing slash. The signature of an
// authentication covers these very octets, so a second spelling of the same
// origin is refused and not repaired; "null" is nobody's.
func Check(s string) error {
	if len(s) > longest {
		return fmt.Errorf("%w: longer than %d octets", ErrOrigin, longest)
	}
	scheme, rest, ok := strings.Cut(s, "://")
	if !ok || scheme != "http" && scheme != "https" {
		return fmt.Errorf("%w: want http://host or https://host", ErrOrigin)
	}
	host, port := rest, ""
	if i := strings.LastIndexByte(rest, ':'); i >= 0 && !strings.HasSuffix(rest, "]") {
		host, port = rest[:i], rest[i+1:]
		if err := checkPort(scheme, port); err != nil {
			return err
		}
	}
	return checkHost(host)
}

func checkPort(scheme, port string) error {
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || n == 0 || strconv.FormatUint(n, 10) != port {
		return fmt.Errorf("%w: the port is no number from 1 to 65535", ErrOrigin)
	}
	if scheme == "http" && n == 80 || scheme == "https" && n == 443 {
		return fmt.Errorf("%w: a browser leaves the default port out", ErrOrigin)
	}
	return nil
}

// checkHost accepts an IPv6 address in brackets, an IPv4 address of four
// numbers, or labels of lower-case letters, digits, hyphens and underscores (an
// international name comes in its xn-- form).
func checkHost(host string) error {
	if strings.HasPrefix(host, "[") && strings.HasSuffix(host, "]") {
		a, err := netip.ParseAddr(host[1 : len(host)-1])
		if err != nil || !a.Is6() || a.Is4In6() || a.Zone() != "" || a.String() != host[1:len(host)-1] {
			return fmt.Errorf("%w: no IPv6 address in its shortest form between the brackets", ErrOrigin)
		}
		return nil
	}
	labels := strings.Split(host, ".")
	// A host whose last label is a number is an IPv4 address to a browser.
	if last := labels[len(labels)-1]; last != "" && (strings.Trim(last, "0123456789") == "" || strings.HasPrefix(last, "0x")) {
		if a, err := netip.ParseAddr(host); err != nil || !a.Is4() {
			return fmt.Errorf("%w: no IPv4 address of four numbers", ErrOrigin)
		}
	}
	for _, label := range labels {
		if label == "" || len(label) > 63 {
			return fmt.Errorf("%w: a part of the host name is empty or longer than 63 octets", ErrOrigin)
		}
		for _, r := range label {
			if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '_' {
				return fmt.Errorf("%w: %q cannot stand in a host name", ErrOrigin, r)
			}
		}
	}
	return nil
}
