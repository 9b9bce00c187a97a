package platform_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/fuse"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/platform"
)

// outOfOrder is a store, and unsteady a kit, of which one call fails.
type (
	outOfOrder struct {
		platform.Store
		*fuse.Fuse
	}
	unsteady struct {
		*reader
		*fuse.Fuse
		revoked *rp.RevokedError // what every answer is, if there is one
	}
)

func (o outOfOrder) SaveServiceProvider(ctx context.Context, sp platform.ServiceProvider, note func(*platform.ServiceProvider) platform.RegisterChange) (platform.ServiceProvider, error) {
	return fuse.Call(o.Fuse, func() (platform.ServiceProvider, error) { return o.Store.SaveServiceProvider(ctx, sp, note) })
}

func (o outOfOrder) RegisterLog(ctx context.Context, id platform.ClientID, limit int) ([]platform.RegisterChange, error) {
	return fuse.Call(o.Fuse, func() ([]platform.RegisterChange, error) { return o.Store.RegisterLog(ctx, id, limit) })
}

func (o outOfOrder) ServiceProvider(ctx context.Context, id platform.ClientID) (platform.ServiceProvider, error) {
	return fuse.Call(o.Fuse, func() (platform.ServiceProvider, error) { return o.Store.ServiceProvider(ctx, id) })
}

func (o outOfOrder) ServiceProviders(ctx context.Context) ([]platform.ServiceProvider, error) {
	return fuse.Call(o.Fuse, func() ([]platform.ServiceProvider, error) { return o.Store.ServiceProviders(ctx) })
}

func (o outOfOrder) HolderByCertificate(ctx context.Context, serial jpki.SerialNumber) (platform.HolderID, error) {
	return fuse.Call(o.Fuse, func() (platform.HolderID, error) { return o.Store.HolderByCertificate(ctx, serial) })
}

func (o outOfOrder) HolderByPaired(ctx context.Context, paired jpki.SerialNumber) (platform.HolderID, error) {
	return fuse.Call(o.Fuse, func() (platform.HolderID, error) { return o.Store.HolderByPaired(ctx, paired) })
}

func (o outOfOrder) AddCertificate(ctx context.Context, c platform.Certificate) (platform.HolderID, error) {
	return fuse.Call(o.Fuse, func() (platform.HolderID, error) { return o.Store.AddCertificate(ctx, c) })
}

func (o outOfOrder) Consent(ctx context.Context, h platform.HolderID, client platform.ClientID) (platform.Consent, error) {
	return fuse.Call(o.Fuse, func() (platform.Consent, error) { return o.Store.Consent(ctx, h, client) })
}

func (o outOfOrder) Consents(ctx context.Context, h platform.HolderID) ([]platform.Consent, error) {
	return fuse.Call(o.Fuse, func() ([]platform.Consent, error) { return o.Store.Consents(ctx, h) })
}

func (o outOfOrder) Withdraw(ctx context.Context, h platform.HolderID, client platform.ClientID, at time.Time) error {
	return o.Do(func() error { return o.Store.Withdraw(ctx, h, client, at) })
}

func (o outOfOrder) RecordVisit(ctx context.Context, v platform.Visit) error {
	return o.Do(func() error { return o.Store.RecordVisit(ctx, v) })
}

func (o outOfOrder) Visits(ctx context.Context, h platform.HolderID, limit int) ([]platform.Visit, error) {
	return fuse.Call(o.Fuse, func() ([]platform.Visit, error) { return o.Store.Visits(ctx, h, limit) })
}

func (o outOfOrder) Grant(ctx context.Context, g platform.Grant) error {
	return o.Do(func() error { return o.Store.Grant(ctx, g) })
}

func (o outOfOrder) Redeem(ctx context.Context, client platform.ClientID, code platform.Digest, at time.Time, settle func(platform.Code) (platform.AccessToken, platform.RefreshToken, error)) error {
	return o.Do(func() error { return o.Store.Redeem(ctx, client, code, at, settle) })
}

func (o outOfOrder) RefreshToken(ctx context.Context, client platform.ClientID, token platform.Digest) (platform.RefreshToken, error) {
	return fuse.Call(o.Fuse, func() (platform.RefreshToken, error) { return o.Store.RefreshToken(ctx, client, token) })
}

func (o outOfOrder) Renew(ctx context.Context, client platform.ClientID, token platform.Digest, at time.Time, settle func(platform.RefreshToken) (platform.AccessToken, platform.RefreshToken, error)) error {
	return o.Do(func() error { return o.Store.Renew(ctx, client, token, at, settle) })
}

func (o outOfOrder) TakeBack(ctx context.Context, token platform.Digest) error {
	return o.Do(func() error { return o.Store.TakeBack(ctx, token) })
}

func (o outOfOrder) AccessToken(ctx context.Context, token platform.Digest) (platform.AccessToken, error) {
	return fuse.Call(o.Fuse, func() (platform.AccessToken, error) { return o.Store.AccessToken(ctx, token) })
}

func (o outOfOrder) UseAssertion(ctx context.Context, client platform.ClientID, jti string, expires, now time.Time) error {
	return o.Do(func() error { return o.Store.UseAssertion(ctx, client, jti, expires, now) })
}

func (o outOfOrder) Sweep(ctx context.Context, now time.Time) error {
	return o.Do(func() error { return o.Store.Sweep(ctx, now) })
}

func (o outOfOrder) Secrets(ctx context.Context, complete func(*platform.Secrets) error) (platform.Secrets, error) {
	return fuse.Call(o.Fuse, func() (platform.Secrets, error) { return o.Store.Secrets(ctx, complete) })
}

func (o outOfOrder) RotateSecrets(ctx context.Context, line platform.RegisterChange, change func(*platform.Secrets) error) error {
	return o.Do(func() error { return o.Store.RotateSecrets(ctx, line, change) })
}

func (o outOfOrder) Ping() error { return o.Do(o.Store.Ping) }

func (u *unsteady) NewChallenge(ctx context.Context) (rp.Challenge, error) {
	return fuse.Call(u.Fuse, func() (rp.Challenge, error) { return u.reader.NewChallenge(ctx) })
}

func (u *unsteady) VerifyAuthentication(ctx context.Context, token []byte, nonce string) (*rp.Authentication, error) {
	return fuse.Call(u.Fuse, func() (*rp.Authentication, error) {
		if u.revoked != nil {
			return nil, u.revoked
		}
		return u.reader.VerifyAuthentication(ctx, token, nonce)
	})
}

func (u *unsteady) CheckStatus(ctx context.Context, kind jpki.Kind, serials ...jpki.SerialNumber) ([]rp.Status, error) {
	return fuse.Call(u.Fuse, func() ([]rp.Status, error) { return u.reader.CheckStatus(ctx, kind, serials...) })
}

func (u *unsteady) Pair(ctx context.Context, kind jpki.Kind, s jpki.SerialNumber) (jpki.SerialNumber, error) {
	return fuse.Call(u.Fuse, func() (jpki.SerialNumber, error) { return u.reader.Pair(ctx, kind, s) })
}

func (u *unsteady) Predecessors(ctx context.Context, kind jpki.Kind, s jpki.SerialNumber) ([]jpki.SerialNumber, error) {
	return fuse.Call(u.Fuse, func() ([]jpki.SerialNumber, error) { return u.reader.Predecessors(ctx, kind, s) })
}

// shaky is a platform whose store and kit fail at one call.
type shaky struct {
	*still
	*fuse.Fuse
	kit   *unsteady
	cards int
}

func openShaky(t *testing.T) *shaky {
	t.Helper()
	s := &shaky{still: standsStill(t), Fuse: &fuse.Fuse{}}
	s.kit = &unsteady{reader: s.house.kit, Fuse: s.Fuse}
	s.Platform = s.anew()
	return s
}

// anew opens the platform over its store.
func (s *shaky) anew() *platform.Platform {
	s.Helper()
	p, err := s.opened()
	must(s, err)
	return p
}

func (s *shaky) opened() (*platform.Platform, error) {
	return platform.New(s.Context(), platform.Config{
		Verifier: s.kit, Linkage: s.kit, Store: outOfOrder{s.store, s.Fuse}, Now: func() time.Time { return s.at }, PublicURL: "http://platform.example.jp/",
	})
}

// card gives a card that nobody has seen, which follows another one that nobody has.
func (s *shaky) card() string {
	s.cards++
	serial := fmt.Sprintf("0B%06d", s.cards)
	s.kit.paired[jpki.SerialNumber(serial)] = jpki.SerialNumber(fmt.Sprintf("0C%06d", s.cards))
	s.kit.before[jpki.SerialNumber(serial)] = []jpki.SerialNumber{jpki.SerialNumber(fmt.Sprintf("0D%06d", s.cards))}
	return serial
}

// asked is a login that waits for its card.
func (s *shaky) asked() platform.Login {
	s.Helper()
	ask, err := s.ReadAsk(s.Context(), request())
	must(s, err)
	l, err := s.Begin(s.Context(), ask)
	must(s, err)
	_, err = s.Challenge(s.Context(), l.ID, l.Ticket)
	must(s, err)
	return l
}

// Whatever of the store, the kit or the authority fails on the way of a login, the step
// says so; a decision can be taken again.
func TestNoFailureOfALoginIsSwallowed(t *testing.T) {
	s, ctx := openShaky(t), t.Context()
	s.Everywhere(t, "request", func() func() error {
		return func() error { _, err := s.ReadAsk(ctx, request()); return err }
	})
	s.Everywhere(t, "challenge", func() func() error {
		l := s.asked()
		return func() error { _, err := s.Challenge(ctx, l.ID, l.Ticket); return err }
	})
	s.Everywhere(t, "first answer", func() func() error {
		l, card := s.asked(), s.card()
		return func() error {
			out, err := s.Answer(ctx, l.ID, l.Ticket, []byte(card), "")
			if err == nil != out.NeedsConsent {
				t.Errorf("%+v, %v", out, err)
			}
			return err
		}
	})
	s.code("0A21C3F0") // with consent
	s.Everywhere(t, "answer with consent given", func() func() error {
		l := s.asked()
		return func() error { _, err := s.Answer(ctx, l.ID, l.Ticket, []byte("0A21C3F0"), ""); return err }
	})
	s.Everywhere(t, "another card before a decision", func() func() error {
		l := s.answered(s.card())
		_, err := s.Challenge(ctx, l.ID, l.Ticket)
		must(t, err)
		return func() error { _, err := s.Answer(ctx, l.ID, l.Ticket, []byte("0A21C3F0"), ""); return err }
	})
	for name, end := range map[string]func(context.Context, string, string) (platform.Outcome, error){"agree": s.Agree, "decline": s.Decline, "leave": s.Leave} {
		l := s.answered(s.card())
		s.Everywhere(t, name, func() func() error {
			return func() error { _, err := end(ctx, l.ID, l.Ticket); return err }
		})
	}
	s.Everywhere(t, "exchange", func() func() error {
		code := s.code("0A21C3F0")
		return func() error { _, err := s.exchange(code); return err }
	})
	for name, state := range map[string]rp.State{"renew": rp.Unchanged, "renew with a revoked certificate": rp.Revoked} {
		s.kit.reader.states = nil
		tokens, err := s.exchange(s.code("0A21C3F0"))
		must(t, err)
		s.kit.reader.states = map[jpki.SerialNumber]rp.State{"0A21C3F0": state}
		s.Everywhere(t, name, func() func() error {
			return func() error {
				_, err := s.Renew(ctx, s.sp, tokens.RefreshToken)
				if state == rp.Revoked && word(err) == platform.InvalidGrant {
					return nil // it is refused in the end
				}
				return err
			}
		})
	}
}

// So it is with what a person or the staff does, and with what is done by itself.
func TestNoFailureOfThePlatformIsSwallowed(t *testing.T) {
	s, ctx := openShaky(t), t.Context()
	tokens, err := s.exchange(s.code("0A21C3F0"))
	must(t, err)
	holder, err := s.store.HolderByCertificate(ctx, "0A21C3F0")
	must(t, err)
	for name, act := range map[string]func() error{
		"open":         func() error { _, err := s.opened(); return err },
		"health":       s.Ping,
		"user info":    func() error { _, err := s.UserInfo(ctx, tokens.AccessToken); return err },
		"register":     func() error { _, err := s.Register(ctx, s.sp, staff); return err },
		"register log": func() error { _, err := s.RegisterLog(ctx, s.sp.ID); return err },
		"services":     func() error { _, err := s.ServiceProviders(ctx); return err },
		"service":      func() error { _, err := s.ServiceProvider(ctx, s.sp.ID); return err },
		"records":      func() error { _, err := s.Records(ctx, holder); return err },
		"challenge":    func() error { _, err := s.OwnChallenge(ctx); return err },
		"sign-in":      func() error { _, err := s.SignIn(ctx, []byte(s.card()), "nonce"); return err },
	} {
		s.Everywhere(t, name, func() func() error { return act })
	}
	s.kit.revoked = &rp.RevokedError{Serial: "0A21C3F0", Reason: jpki.KeyCompromise, At: s.at}
	s.Everywhere(t, "a revoked card", func() func() error {
		return func() error {
			_, err := s.SignIn(ctx, nil, "nonce")
			if revoked, ok := errors.AsType[*rp.RevokedError](err); ok && revoked == s.kit.revoked {
				return nil
			}
			return err
		}
	})
	records, err := s.Records(ctx, holder)
	must(t, err)
	if v := records.Visits[0]; v.Result != platform.Refused || v.Reason != jpki.KeyCompromise || v.Serial != "0A21C3F0" || !v.At.Equal(s.at) {
		t.Errorf("kept of the revoked card: %+v", v)
	}
	s.kit.revoked = nil
	s.Everywhere(t, "withdraw", func() func() error {
		return func() error { return s.Withdraw(ctx, holder, s.sp.ID) }
	})
	s.Everywhere(t, "sweep", func() func() error {
		s.answered(s.card())
		s.at = s.at.Add(platform.LoginLifetime)
		return func() error { return s.Sweep(ctx) }
	})
}

// A service whose register entry cannot be read is not let in, and its assertion is
// not used up.
func TestNoFailureLetsAServiceIn(t *testing.T) {
	s := openShaky(t)
	key := s.ownKey()
	assertion := s.asserts(key, "own", nil)
	s.Everywhere(t, "authenticate", func() func() error {
		return func() error { _, err := s.Authenticate(t.Context(), assertion, ""); return err }
	})
	s.takes("twice", assertion, false)
}

// What a platform is not opened without.
func TestWhatAPlatformNeeds(t *testing.T) {
	s := openShaky(t)
	for name, without := range map[string]func(*platform.Config){
		"verifier": func(c *platform.Config) { c.Verifier = nil }, "linkage": func(c *platform.Config) { c.Linkage = nil },
		"store": func(c *platform.Config) { c.Store = nil }, "clock": func(c *platform.Config) { c.Now = nil },
		"address": func(c *platform.Config) { c.PublicURL = "" },
	} {
		cfg := platform.Config{Verifier: s.kit, Linkage: s.kit, Store: s.store, Now: s.clock.Now, PublicURL: "http://platform.example.jp"}
		without(&cfg)
		if _, err := platform.New(t.Context(), cfg); err == nil {
			t.Errorf("opened without a %s", name)
		}
	}
	if got := s.Endpoint(platform.TokenPath); got != "http://platform.example.jp/api/realms/main/protocol/openid-connect/token" {
		t.Error(got)
	}
	if u, err := url.Parse(s.Issuer()); err != nil || u.Path != platform.IssuerPath {
		t.Error(s.Issuer(), err)
	}
}
