// Package keyring judges the keys with which a town is configured. It knows no house.
package keyring

import (
	"fmt"
	"log/slog"
	"net"
	"strings"

	"example.jp/jpkimock/authority/accreditation"
)

// Key is a key as it is configured.
type Key struct {
	Setting string // the environment variable that sets it
	Value   string
	Own     bool // it is not the published one
	// Verifier says that it opens the authority to an accredited verifier.
	Verifier bool
}

// longest is the longest key that is taken, so that it fits into a header.
const longest = 128

// Check refuses a key that could not be sent, or that the register of verifiers would not
// take.
func Check(all []Key) error {
	verifiers := map[string]string{}
	for _, k := range all {
		if len(k.Value) > longest || strings.IndexFunc(k.Value, func(r rune) bool { return r <= ' ' || r > '~' }) >= 0 {
			return fmt.Errorf("ecosystem: %s must be at most %d ASCII characters without spaces", k.Setting, longest)
		}
		if !k.Verifier {
			continue
		}
		if err := accreditation.CheckKey(k.Value); err != nil {
			return fmt.Errorf("ecosystem: %s: %w", k.Setting, err)
		}
		if other := verifiers[k.Value]; other != "" {
			return fmt.Errorf("ecosystem: %s and %s are the same: each verifier needs a key of its own", other, k.Setting)
		}
		verifiers[k.Value] = k.Setting
	}
	return nil
}

// Warn says which published keys open a house that other machines can reach.
func Warn(log *slog.Logger, house string, at net.Addr, all []Key) {
	var settings []string
	for _, k := range all {
		if !k.Own {
			settings = append(settings, k.Setting)
		}
	}
	if len(settings) > 0 && !at.(*net.TCPAddr).IP.IsLoopback() {
		log.Warn("other machines can reach a house that published test keys open: set your own",
			"house", house, "address", at.String(), "set", strings.Join(settings, " "))
	}
}
