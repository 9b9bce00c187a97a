package ecosystem

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strings"

	"example.jp/jpkimock/authority/accreditation"
	"example.jp/jpkimock/internal/ecosystem/verifiers"
	"example.jp/jpkimock/seed"
)

// shownKey returns a key for whoever comes to the lobby, which is open to all:
// only a published one.
func (e *Ecosystem) shownKey(name string) string {
	if e.cfg.own[name] {
		return ""
	}
	return e.key(name)
}

// maxKey is the longest key that is taken, so that it fits into a header.
const maxKey = 128

// checkKeys refuses a configured key that could not be sent, or that the register
// of verifiers would not take.
func (c Config) checkKeys() error {
	verifiers := map[string]string{}
	for _, h := range c.Houses {
		for _, k := range h.Keys {
			value := c.Keys[k.Name]
			if len(value) > maxKey || strings.IndexFunc(value, func(r rune) bool { return r <= ' ' || r > '~' }) >= 0 {
				return fmt.Errorf("ecosystem: %s must be at most %d ASCII characters without spaces", k.setting(), maxKey)
			}
			if !slices.ContainsFunc(h.verifiers(), func(v Verifier) bool { return v.Key == k.Name }) {
				continue
			}
			if err := accreditation.CheckKey(value); err != nil {
				return fmt.Errorf("ecosystem: %s: %w", k.setting(), err)
			}
			if other := verifiers[value]; other != "" {
				return fmt.Errorf("ecosystem: %s and %s are the same: each verifier needs a key of its own", other, k.setting())
			}
			verifiers[value] = k.setting()
		}
	}
	return nil
}

// warnOfPublishedKeys says which published keys open a house that other machines
// can reach.
func (e *Ecosystem) warnOfPublishedKeys() {
	for _, h := range e.cfg.Houses {
		p := e.places.Of(h.Name)
		if !p.Here() || p.Listeners[0].Addr().(*net.TCPAddr).IP.IsLoopback() {
			continue
		}
		var settings []string
		for _, k := range h.Keys {
			if !e.cfg.own[k.Name] {
				settings = append(settings, k.setting())
			}
		}
		if len(settings) > 0 {
			e.cfg.Log.Warn("other machines can reach a house that published test keys open: set your own",
				"house", h.Name, "address", p.Listeners[0].Addr().String(), "set", strings.Join(settings, " "))
		}
	}
}

// reconcileVerifiers brings a register that was planted before in line with the
// configuration. Where houses run as processes of their own, a published key changes
// nothing: the process of the house may have another.
func (e *Ecosystem) reconcileVerifiers(ctx context.Context, ministry *accreditation.Ministry) error {
	return verifiers.Reconcile(ctx, ministry, e.cfg.Log, slices.DeleteFunc(slices.Clone(e.world.Verifiers), func(v seed.Verifier) bool {
		of, ok := e.cfg.verifier(v.ID)
		return !ok || len(e.cfg.Only) > 0 && !e.cfg.own[of.Key]
	}))
}

// verifier finds the house or party of an identifier in the register.
func (c Config) verifier(id string) (Verifier, bool) {
	for _, h := range c.Houses {
		for _, v := range h.verifiers() {
			if v.ID == id {
				return v, true
			}
		}
	}
	return Verifier{}, false
}
