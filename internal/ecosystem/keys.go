package ecosystem

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"

	"example.jp/jpkimock/authority/accreditation"
	"example.jp/jpkimock/authority/desk"
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
			if k.Name != h.Verifier.Key {
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
		p := e.places[h.Name]
		if len(p.listeners) == 0 || p.listeners[0].Addr().(*net.TCPAddr).IP.IsLoopback() {
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
				"house", h.Name, "address", p.listeners[0].Addr().String(), "set", strings.Join(settings, " "))
		}
	}
}

// reconcileVerifiers brings a register that was planted before in line with the
// configuration: a house has its configured key, and no earlier one, and a house of
// the world that is missing is entered. Where houses run as processes of their own,
// a published key changes nothing: the process of the house may have another.
func (e *Ecosystem) reconcileVerifiers(ctx context.Context, ministry *accreditation.Ministry) error {
	registered := ministry.Verifiers()
	if len(registered) == 0 {
		return nil // to be planted
	}
	for _, v := range e.world.Verifiers {
		i := slices.IndexFunc(e.cfg.Houses, func(h House) bool { return h.Verifier.ID == v.ID })
		if i < 0 || len(e.cfg.Only) > 0 && !e.cfg.own[e.cfg.Houses[i].Verifier.Key] {
			continue
		}
		if err := e.reconcileVerifier(ctx, ministry, v); err != nil {
			return fmt.Errorf("ecosystem: give %s its configured key: %w", v.ID, err)
		}
	}
	return nil
}

func (e *Ecosystem) reconcileVerifier(ctx context.Context, ministry *accreditation.Ministry, v seed.Verifier) error {
	_, err := ministry.SetKey(ctx, v.ID, v.Key, desk.By{Why: "設定による鍵の変更"})
	switch {
	case errors.Is(err, accreditation.ErrNoVerifier):
		_, err = ministry.Register(ctx, accreditation.Registration{ID: v.ID, Name: v.Name, Key: v.Key, Kinds: v.Kinds, By: desk.By{Why: v.Why}})
	case errors.Is(err, accreditation.ErrVerifierWithdrawn):
		e.cfg.Log.Warn("an accreditation was withdrawn: its key stays as it was", "verifier", v.ID)
		return nil
	}
	return err
}
