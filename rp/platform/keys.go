package platform

import (
	"context"
	"errors"
	"slices"

	"github.com/go-jose/go-jose/v4"

	"example.jp/jpkimock/rp/platform/signing"
)

// KeyStep is a step of a rotation of the keys that sign ID tokens. In this order a service that
// has kept the JWK Set for as long as it may (five minutes) never meets a key that it does not know.
type KeyStep string

// The steps.
const (
	AnnounceKeys KeyStep = "announce" // new keys are published, and not used yet
	UseKeys      KeyStep = "use"      // they sign; those before them stay published
	RetireKeys   KeyStep = "retire"   // those before them are published no more
)

// KeySteps lists the steps in their order.
func KeySteps() []KeyStep { return []KeyStep{AnnounceKeys, UseKeys, RetireKeys} }

// ErrKeyStep says that another step of the rotation is next.
var ErrKeyStep = errors.New("platform: another step of the rotation of keys is next")

// keyring is the keys as they stand.
type keyring struct {
	sign   signing.Signers
	public jose.JSONWebKeySet
	next   KeyStep
}

// keyring opens the keys.
func (s Secrets) keyring() (*keyring, error) {
	r := &keyring{next: s.nextStep()}
	var err error
	if r.sign, r.public, err = signing.Open(s.SigningKey, s.RSAKey); err != nil {
		return nil, err
	}
	for _, pair := range []KeyPair{s.Next, s.Former} {
		if pair.EC == nil {
			continue
		}
		_, more, err := signing.Open(pair.EC, pair.RSA)
		if err != nil {
			return nil, err
		}
		r.public.Keys = append(slices.Clone(r.public.Keys), more.Keys...)
	}
	return r, nil
}

// nextStep is the one that can be taken.
func (s Secrets) nextStep() KeyStep {
	switch {
	case s.Next.EC != nil:
		return UseKeys
	case s.Former.EC != nil:
		return RetireKeys
	}
	return AnnounceKeys
}

// take takes a step.
func (s *Secrets) take(step KeyStep) (err error) {
	if step != s.nextStep() {
		return ErrKeyStep
	}
	switch step {
	case AnnounceKeys:
		if s.Next.EC, err = signing.NewKey(jose.ES256); err == nil {
			s.Next.RSA, err = signing.NewKey(jose.RS256)
		}
	case UseKeys:
		s.Former = KeyPair{s.SigningKey, s.RSAKey}
		s.SigningKey, s.RSAKey, s.Next = s.Next.EC, s.Next.RSA, KeyPair{}
	case RetireKeys:
		s.Former = KeyPair{}
	}
	return err
}

// NextKeyStep gives the step of a rotation that can be taken now.
func (p *Platform) NextKeyStep() KeyStep { return p.ring.Load().next }

// Keys gives the set that verifies the platform's ID tokens: the keys that sign first, then those
// that will or did.
func (p *Platform) Keys() jose.JSONWebKeySet { return p.ring.Load().public }

// RotateKeys takes the next step of a rotation of the keys, and the register's log says so, under no
// client. ErrKeyStep for another step than the next.
func (p *Platform) RotateKeys(ctx context.Context, step KeyStep, by By) error {
	if err := by.check(); err != nil {
		return err
	}
	if !slices.Contains(KeySteps(), step) {
		return &FieldError{"step", `"announce", "use" or "retire"`}
	}
	p.rotating.Lock()
	defer p.rotating.Unlock()
	line := RegisterChange{At: p.cfg.Now(), By: by, Acts: []Act{map[KeyStep]Act{AnnounceKeys: ActKeysAnnounced, UseKeys: ActKeysUsed, RetireKeys: ActKeysRetired}[step]}}
	var ring *keyring
	err := p.cfg.Store.RotateSecrets(ctx, line, func(s *Secrets) (err error) {
		if err = s.take(step); err == nil {
			ring, err = s.keyring()
		}
		return err
	})
	if err == nil {
		p.ring.Store(ring)
	}
	return err
}
