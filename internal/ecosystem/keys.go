package ecosystem

import (
	"context"
	"slices"

	"example.jp/jpkimock/authority/accreditation"
	"example.jp/jpkimock/internal/ecosystem/keyring"
	"example.jp/jpkimock/internal/ecosystem/verifiers"
	"example.jp/jpkimock/internal/ui"
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

// keysOf gives the keys of a house as they are configured.
func (c Config) keysOf(h House) (all []keyring.Key) {
	for _, k := range h.Keys {
		verifies := slices.ContainsFunc(h.verifiers(), func(v Verifier) bool { return v.Key == k.Name })
		all = append(all, keyring.Key{Setting: k.setting(), Value: c.Keys[k.Name], Own: c.own[k.Name], Verifier: verifies})
	}
	return all
}

// checkKeys refuses keys that cannot be used.
func (c Config) checkKeys() error {
	var all []keyring.Key
	for _, h := range c.Houses {
		all = append(all, c.keysOf(h)...)
	}
	return keyring.Check(all)
}

// onPages gives what every page of a house says of the town.
func (e *Ecosystem) onPages(h House) func() ui.Town {
	var published []string
	for _, k := range h.Keys {
		if key := e.shownKey(k.Name); key != "" && e.places.Of(h.Name).Alone() {
			published = append(published, key)
		}
	}
	return func() ui.Town {
		now := e.now()
		return ui.Town{Failing: now.board.Words(), Age: now.age, TestKeys: published}
	}
}

// warnOfPublishedKeys says which published keys open a house that other machines
// can reach.
func (e *Ecosystem) warnOfPublishedKeys() {
	for _, h := range e.cfg.Houses {
		if p := e.places.Of(h.Name); p.Here() {
			keyring.Warn(e.cfg.Log, h.Name, p.Listeners[0].Addr(), e.cfg.keysOf(h))
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
func (c Config) verifier(id string) (found Verifier, ok bool) {
	c.verifiers(func(v Verifier) bool {
		if v.ID == id {
			found, ok = v, true
		}
		return false
	})
	return found, ok
}

// namesOf gives the names of a verifier, by its identifier.
func (c Config) namesOf(id string) []string {
	return append(c.verifiers(func(v Verifier) bool { return v.ID == id }), id)
}

// verifiers gives the names of houses and parties in the register.
func (c Config) verifiers(is func(Verifier) bool) (names []string) {
	for _, h := range c.Houses {
		for _, v := range h.verifiers() {
			if is(v) {
				names = append(names, v.ID, h.Name)
			}
		}
	}
	return names
}
