// Package slots is which virtual readers the card house has, and what the command line
// says of them.
package slots

import (
	"fmt"
	"log/slog"
	"net"
	"slices"
	"strings"

	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/vpcd"
)

// Reader is a virtual reader of the card house. With the address of a vpcd driver it is
// a PC/SC reader, whose card OpenSC and others can open.
type Reader struct {
	Name    string // "home"
	Address string // of the vpcd driver, "127.0.0.1:35963"; empty for none
	Card    string // that lies in it from the start; empty for none
}

// usual are where cards are used in the stories: at home, at the set-top box, at
// a reception and in a pharmacy.
func usual() []Reader {
	return []Reader{{Name: "home"}, {Name: "tv"}, {Name: "reception"}, {Name: "pharmacy"}}
}

// Parse reads addresses of vpcd drivers: "ADDRESS" for the reader at home, or
// "NAME=ADDRESS,NAME=ADDRESS".
func Parse(text string) ([]Reader, error) {
	if text == "" {
		return nil, nil
	}
	var all []Reader
	for _, part := range strings.Split(text, ",") {
		name, address, named := strings.Cut(part, "=")
		if !named {
			name, address = usual()[0].Name, part
		}
		if _, _, err := net.SplitHostPort(address); err != nil {
			return nil, fmt.Errorf("%q is not the address of a vpcd: want 127.0.0.1:35963 or NAME=127.0.0.1:35963", part)
		}
		if len(name) > 32 || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" || name == "" {
			return nil, fmt.Errorf("%q cannot be the name of a reader: want small letters, digits and -", name)
		}
		if named := func(r Reader) bool { return r.Name == name }; slices.ContainsFunc(all, named) {
			return nil, fmt.Errorf("the reader %q has two addresses", name)
		}
		all = append(all, Reader{Name: name, Address: address})
	}
	return all, nil
}

// All returns the usual readers with what is configured of them, and the others.
func All(configured []Reader) []Reader {
	all := usual()
	for _, r := range configured {
		if i := slices.IndexFunc(all, func(u Reader) bool { return u.Name == r.Name }); i >= 0 {
			all[i] = r
		} else {
			all = append(all, r)
		}
	}
	return all
}

// Open returns the virtual readers, empty.
func Open(configured []Reader, cabinet *virtualcard.Cabinet, log *slog.Logger) *vpcd.Readers {
	var all []*vpcd.Reader
	for _, r := range All(configured) {
		all = append(all, vpcd.NewReader(vpcd.Config{Name: r.Name, Address: r.Address, Cabinet: cabinet, Log: log}))
	}
	return vpcd.NewReaders(all...)
}
