package platform_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp/platform"
	"example.jp/jpkimock/rp/platform/db"
)

// still is a house whose clock stands until it is moved.
type still struct {
	*house
	at time.Time
}

func standsStill(t *testing.T) *still {
	t.Helper()
	s := &still{house: open(t, filepath.Join(t.TempDir(), "p.db")), at: time.Date(2026, time.April, 1, 12, 0, 0, 0, jpki.JST)}
	var err error
	s.Platform, err = platform.New(t.Context(), platform.Config{
		Verifier: s.kit, Linkage: s.kit, Store: s.store, Now: func() time.Time { return s.at }, PublicURL: "http://platform.example.jp",
	})
	must(t, err)
	return s
}

// answered is a login whose card has answered, and which asks for consent.
func (s *still) answered(card string) platform.Login {
	s.Helper()
	ask, err := s.ReadAsk(s.Context(), request())
	must(s, err)
	l, err := s.Begin(s.Context(), ask)
	must(s, err)
	_, err = s.Challenge(s.Context(), l.ID, l.Ticket)
	must(s, err)
	out, err := s.Answer(s.Context(), l.ID, l.Ticket, []byte(card), "")
	must(s, err)
	if !out.NeedsConsent {
		s.Fatal("no consent was asked for")
	}
	return l
}

// Each way to end a login is its own browser's, until its time is over.
func TestOnlyTheBrowserOfALoginEndsIt(t *testing.T) {
	s := standsStill(t)
	for _, way := range []struct {
		name string
		end  func(ctx context.Context, id, ticket string) (platform.Outcome, error)
	}{{"decline", s.Decline}, {"leave", s.Leave}, {"agree", s.Agree}} { // who has agreed is not asked again
		name, end := way.name, way.end
		l := s.answered("0A21C3F0")
		for _, ticket := range []string{"", "x", s.answered("0A21C3F1").Ticket} {
			if _, err := end(t.Context(), l.ID, ticket); !errors.Is(err, platform.ErrNoLogin) {
				t.Errorf("%s with the ticket %q: %v", name, ticket, err)
			}
		}
		begun := s.at
		s.at = begun.Add(platform.LoginLifetime)
		if _, err := end(t.Context(), l.ID, l.Ticket); !errors.Is(err, platform.ErrNoLogin) {
			t.Errorf("%s when its time is over: %v", name, err)
		}
		s.at = begun.Add(platform.LoginLifetime - 1)
		if out, err := end(t.Context(), l.ID, l.Ticket); err != nil || out.ReturnTo == "" {
			t.Errorf("%s an instant before: %+v, %v", name, out, err)
		}
		if _, err := end(t.Context(), l.ID, l.Ticket); !errors.Is(err, platform.ErrNoLogin) {
			t.Errorf("%s twice: %v", name, err)
		}
	}
}

// Before a card has answered there is nothing to agree to, and an answer needs a
// challenge, which it uses up.
func TestALoginGoesItsWayInOrder(t *testing.T) {
	s := standsStill(t)
	ask, err := s.ReadAsk(t.Context(), request())
	must(t, err)
	l, err := s.Begin(t.Context(), ask)
	must(t, err)
	if _, err := s.Answer(t.Context(), l.ID, l.Ticket, []byte("0A21C3F0"), ""); !errors.Is(err, platform.ErrNoChallenge) {
		t.Errorf("an answer without a challenge: %v", err)
	}
	if _, err := s.Agree(t.Context(), l.ID, l.Ticket); !errors.Is(err, platform.ErrNotVerified) {
		t.Errorf("agreed without a card: %v", err)
	}
	_, err = s.Challenge(t.Context(), l.ID, l.Ticket)
	must(t, err)
	for _, want := range []error{nil, platform.ErrNoChallenge} {
		if _, err := s.Answer(t.Context(), l.ID, l.Ticket, []byte("0A21C3F0"), ""); !errors.Is(err, want) {
			t.Errorf("%v: want %v", err, want)
		}
	}
}

// A code and a token live until an instant.
func TestCodesAndTokensEndAtAnInstant(t *testing.T) {
	s := standsStill(t)
	for after, good := range map[time.Duration]bool{0: true, platform.CodeLifetime - 1: true, platform.CodeLifetime: false, -1: false} {
		code, given := s.code("0A21C3F0"), s.at
		s.at = given.Add(after)
		tokens, err := s.exchange(code)
		if (err == nil) != good {
			t.Errorf("a code after %v: %v", after, err)
		}
		if good {
			for after, good := range map[time.Duration]bool{platform.TokenLifetime - 1: true, platform.TokenLifetime: false} {
				exchanged := s.at
				s.at = exchanged.Add(after)
				if _, err := s.UserInfo(t.Context(), tokens.AccessToken); (err == nil) != good {
					t.Errorf("a token after %v: %v", after, err)
				}
				s.at = exchanged
			}
		}
		s.at = given
	}
}

func TestALiveTokenOfASuspendedServiceTellsNothing(t *testing.T) {
	s := standsStill(t)
	tokens, err := s.exchange(s.code("0A21C3F0"))
	must(t, err)
	for _, suspended := range []bool{true, false} {
		s.sp.Suspended = suspended
		_, err := s.Register(t.Context(), s.sp, staff)
		must(t, err)
		_, err = s.UserInfo(t.Context(), tokens.AccessToken)
		var no *platform.OAuthError
		if told := errors.As(err, &no) && no.Code == platform.InvalidToken; told != suspended || err != nil && !told {
			t.Errorf("suspended %t: %v", suspended, err)
		}
	}
}

// What must not be guessed is drawn anew each time, and of the documented length.
func TestSecretsAreDrawnEachTime(t *testing.T) {
	s := standsStill(t)
	seen := map[string]bool{}
	fresh := func(what, secret string, length int) {
		t.Helper()
		if seen[secret] || len(secret) != length {
			t.Errorf("%s: %q, of %d", what, secret, len(secret))
		}
		seen[secret] = true
	}
	for range 3 {
		l := s.answered(fmt.Sprintf("0A21C3%02d", len(seen)))
		fresh("login", l.ID, 26)
		fresh("ticket", l.Ticket, 26)
		code := s.code("0A21C3F0")
		fresh("code", code, 52)
		tokens, err := s.exchange(code)
		must(t, err)
		fresh("access token", tokens.AccessToken, 52)
		other, err := db.Open(filepath.Join(t.TempDir(), "other.db"))
		must(t, err)
		_, err = platform.New(t.Context(), platform.Config{Verifier: s.kit, Linkage: s.kit, Store: other, Now: s.clock.Now, PublicURL: "http://platform.example.jp"})
		must(t, err)
		kept, err := other.Secrets(t.Context(), func(*platform.Secrets) error { return nil })
		must(t, err)
		fresh("pairwise key", string(kept.Pairwise), 32)
		fresh("signing key", string(kept.SigningKey), len(kept.SigningKey))
		fresh("RSA key", string(kept.RSAKey), len(kept.RSAKey))
		must(t, other.Close())
	}
}

// The authority tells the pair and is silent about what went before: nobody is taken
// for somebody new, and the sub stays one.
func TestSilenceAboutPredecessorsAloneMakesNoSecondSub(t *testing.T) {
	h := open(t, filepath.Join(t.TempDir(), "p.db"))
	sub := h.sub("0A000001")
	h.kit.before["0A000002"] = []jpki.SerialNumber{"0A000001"}
	h.kit.silentBefore = errors.New("no answer")
	ask, err := h.ReadAsk(t.Context(), request())
	must(t, err)
	l, err := h.Begin(t.Context(), ask)
	must(t, err)
	_, err = h.Challenge(t.Context(), l.ID, l.Ticket)
	must(t, err)
	if _, err := h.Answer(t.Context(), l.ID, l.Ticket, []byte("0A000002"), ""); !errors.Is(err, h.kit.silentBefore) {
		t.Errorf("taken in: %v", err)
	}
	h.kit.silentBefore = nil
	if got := h.sub("0A000002"); got != sub {
		t.Errorf("was %s, is %s", sub, got)
	}
}

func TestWhichRedirectAddressesARegisterTakes(t *testing.T) {
	h := open(t, filepath.Join(t.TempDir(), "p.db"))
	many := func(n int) (all []string) {
		for i := range n {
			all = append(all, fmt.Sprintf("http://sp.example.jp/%d", i))
		}
		return all
	}
	for _, tc := range []struct {
		uris []string
		good bool
	}{
		{many(0), false}, {many(1), true}, {many(platform.MaxRedirectURIs), true}, {many(platform.MaxRedirectURIs + 1), false},
		{[]string{"https://sp.example.jp/callback"}, true},
		{[]string{"https://user@sp.example.jp/callback"}, false},
		{[]string{"https://user:secret@sp.example.jp/callback"}, false},
		{[]string{"ftp://sp.example.jp/callback"}, false},
		{[]string{"https:///callback"}, false},
		{[]string{"https:sp.example.jp"}, false},
		{[]string{"https://sp.example.jp/callback#here"}, false},
		{[]string{"https://*.example.jp/callback"}, false},
		{[]string{"http://sp.example.jp/1", "http://sp.example.jp/a b"}, false},
	} {
		sp := h.sp
		sp.RedirectURIs = tc.uris
		_, err := h.Register(t.Context(), sp, staff)
		var no *platform.FieldError
		if named := errors.As(err, &no) && no.Field == "redirectUris"; (err == nil) != tc.good || err != nil && !named {
			t.Errorf("%q: %v", tc.uris, err)
		}
	}
}

// asserts makes a client assertion of the service's with a key under a name.
func (s *still) asserts(key crypto.Signer, kid string, change func(*jwt.Claims)) string {
	s.Helper()
	c := jwt.Claims{
		Issuer: "RP00000001", Subject: "RP00000001", Audience: jwt.Audience{s.Issuer()}, ID: rand.Text(),
		IssuedAt: jwt.NewNumericDate(s.at), Expiry: jwt.NewNumericDate(s.at.Add(time.Minute)),
	}
	if change != nil {
		change(&c)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: key, KeyID: kid}}, nil)
	must(s, err)
	text, err := jwt.Signed(signer).Claims(c).Serialize()
	must(s, err)
	return text
}

// takes wants an assertion to be let in, or to be an invalid client.
func (s *still) takes(what, assertion string, good bool) {
	s.Helper()
	_, err := s.Authenticate(s.Context(), assertion, "")
	var no *platform.OAuthError
	if named := errors.As(err, &no) && no.Code == platform.InvalidClient; (err == nil) != good || err != nil && !named {
		s.Errorf("%s: %v", what, err)
	}
}

func TestAnAssertionNamesItsKeyAndKeepsItsTime(t *testing.T) {
	s := standsStill(t)
	var keys []*ecdsa.PrivateKey
	s.sp.Keys.Keys = nil
	for _, kid := range []string{"old", "new"} {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		must(t, err)
		keys = append(keys, key)
		s.sp.Keys.Keys = append(s.sp.Keys.Keys, jose.JSONWebKey{Key: key.Public(), KeyID: kid})
	}
	_, err := s.Register(t.Context(), s.sp, staff)
	must(t, err)
	s.takes("the old key", s.asserts(keys[0], "old", nil), true)
	s.takes("the new key", s.asserts(keys[1], "new", nil), true)
	s.takes("the new key by the old one's name", s.asserts(keys[1], "old", nil), false)
	s.takes("a name that is not there", s.asserts(keys[1], "older", nil), false)
	s.takes("no name where there are two", s.asserts(keys[1], "", nil), false)

	at := func(d time.Duration) *jwt.NumericDate { return jwt.NewNumericDate(s.at.Add(d)) }
	for _, tc := range []struct {
		what string
		off  time.Duration
		set  func(*jwt.Claims, *jwt.NumericDate)
		good bool
	}{
		{"exp, the skew ago", -platform.AssertionSkew, setExp, false},
		{"exp, a second less", -platform.AssertionSkew + time.Second, setExp, true},
		{"exp, an hour ahead", platform.AssertionAhead, setExp, true},
		{"exp, a second more", platform.AssertionAhead + time.Second, setExp, false},
		{"iat, the skew ahead", platform.AssertionSkew, setIat, true},
		{"iat, a second more", platform.AssertionSkew + time.Second, setIat, false},
		{"nbf, the skew ahead", platform.AssertionSkew, setNbf, true},
		{"nbf, a second more", platform.AssertionSkew + time.Second, setNbf, false},
	} {
		s.takes(tc.what, s.asserts(keys[0], "old", func(c *jwt.Claims) { tc.set(c, at(tc.off)) }), tc.good)
	}
}

func setExp(c *jwt.Claims, at *jwt.NumericDate) { c.Expiry = at }
func setIat(c *jwt.Claims, at *jwt.NumericDate) { c.IssuedAt = at }
func setNbf(c *jwt.Claims, at *jwt.NumericDate) { c.NotBefore = at }
