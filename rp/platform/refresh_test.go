package platform_test

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/platform"
)

// word gives the standard's word of an error, "" for none.
func word(err error) string {
	return webtest.Code(err, func(no *platform.OAuthError) string { return no.Code })
}

// signsIn gives the tokens of a card's sign-in.
func (h *house) signsIn(card string) platform.Tokens {
	h.Helper()
	tokens, err := h.exchange(h.code(card))
	must(h, err)
	return tokens
}

func (h *house) renews(t platform.Tokens) (platform.Tokens, error) {
	return h.Renew(h.Context(), h.sp, t.RefreshToken)
}

// alive reports whether an access token is worth something.
func (h *house) alive(t platform.Tokens) bool {
	_, err := h.UserInfo(h.Context(), t.AccessToken)
	return err == nil
}

// A refresh token gives the next one, about the same sign-in of the same person, until half an hour
// after the last and ten hours after the sign-in.
func TestARefreshTokenGivesTheNext(t *testing.T) {
	h := open(t, filepath.Join(t.TempDir(), "p.db"))
	first := h.signsIn("0A21C3F0")
	began := h.clock.Now()
	sub := func(tokens platform.Tokens) (string, int64) {
		id, err := jwt.ParseSigned(tokens.IDToken, []jose.SignatureAlgorithm{jose.ES256})
		must(t, err)
		claims := map[string]any{}
		must(t, id.Claims(h.Keys(), &claims))
		if _, has := claims["nonce"]; has != (tokens.IDToken == first.IDToken) {
			t.Errorf("nonce in %v", claims)
		}
		return claims["sub"].(string), int64(claims["auth_time"].(float64))
	}
	who, when := sub(first)
	tokens := first
	for range 30 {
		h.clock.Advance(20 * time.Minute)
		next, err := h.renews(tokens)
		if h.clock.Now().Sub(began) >= platform.RefreshLongest {
			if word(err) != platform.InvalidGrant {
				t.Errorf("after %s: %v", h.clock.Now().Sub(began), err)
			}
			break
		}
		must(t, err)
		if next.RefreshToken == tokens.RefreshToken || next.AccessToken == tokens.AccessToken || !slices.Equal(next.Scopes, []string{"openid"}) {
			t.Errorf("%+v after %+v", next, tokens)
		}
		if s, at := sub(next); s != who || at != when {
			t.Errorf("about %s at %d, then %s at %d", who, when, s, at)
		}
		if !h.alive(next) {
			t.Error("the new access token is worth nothing")
		}
		if left := began.Add(platform.RefreshLongest).Sub(h.clock.Now()); next.RefreshExpiresIn > platform.RefreshLifetime || next.RefreshExpiresIn > left+time.Second {
			t.Errorf("good for %s, %s before the end", next.RefreshExpiresIn, left)
		}
		tokens = next
	}
	idle := h.signsIn("0A21C3F0")
	h.clock.Advance(platform.RefreshLifetime)
	if _, err := h.renews(idle); word(err) != platform.InvalidGrant {
		t.Errorf("after half an hour: %v", err)
	}
}

// A refresh token is good once. Whoever uses it a second time ends what the sign-in came to, and a
// code's second use does, too.
func TestARefreshTokenIsGoodOnce(t *testing.T) {
	h := open(t, filepath.Join(t.TempDir(), "p.db"))
	other := h.signsIn("0A000001")
	first := h.signsIn("0A21C3F0")
	second, err := h.renews(first)
	must(t, err)
	if _, err := h.renews(first); word(err) != platform.InvalidGrant || !errors.Is(err, platform.ErrRefreshUsed) {
		t.Errorf("a second use: %v", err)
	}
	if h.alive(first) || h.alive(second) {
		t.Error("an access token outlives a second use")
	}
	if _, err := h.renews(second); word(err) != platform.InvalidGrant {
		t.Errorf("the next one: %v", err)
	}
	if !h.alive(other) {
		t.Error("another's sign-in ended with it")
	}
	code := h.code("0A21C3F0")
	tokens, err := h.exchange(code)
	must(t, err)
	_, err = h.exchange(code)
	if _, again := h.renews(tokens); word(err) != platform.InvalidGrant || word(again) != platform.InvalidGrant {
		t.Errorf("after a second use of the code: %v, %v", err, again)
	}
}

// Of a hundred that use it at once one gets something, and loses it.
func TestARaceForARefreshToken(t *testing.T) {
	h := open(t, filepath.Join(t.TempDir(), "p.db"))
	first := h.signsIn("0A21C3F0")
	var got atomic.Int64
	var all sync.WaitGroup
	for range 100 {
		all.Go(func() {
			if _, err := h.renews(first); err == nil {
				got.Add(1)
			} else if word(err) != platform.InvalidGrant {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got.Load() != 1 || h.alive(first) {
		t.Errorf("%d got tokens", got.Load())
	}
}

// Another service's, a made-up, and an access token are worth nothing, and use nothing up; a consent
// that is withdrawn takes the refresh token with it.
func TestWhoseARefreshTokenIs(t *testing.T) {
	h := open(t, filepath.Join(t.TempDir(), "p.db"))
	tokens := h.signsIn("0A21C3F0")
	stranger := h.sp
	stranger.ID, stranger.Sector = "RP00000002", ""
	stranger, err := h.Register(t.Context(), stranger, staff)
	must(t, err)
	for name, try := range map[string]func() error{
		"another service": func() error { _, err := h.Renew(t.Context(), stranger, tokens.RefreshToken); return err },
		"made up":         func() error { _, err := h.Renew(t.Context(), h.sp, strings.Repeat("A", 52)); return err },
		"none":            func() error { _, err := h.Renew(t.Context(), h.sp, ""); return err },
		"an access token": func() error { _, err := h.Renew(t.Context(), h.sp, tokens.AccessToken); return err },
	} {
		if err := try(); word(err) != platform.InvalidGrant {
			t.Errorf("%s: %v", name, err)
		}
	}
	tokens, err = h.renews(tokens)
	must(t, err)
	holder, err := h.store.HolderByCertificate(t.Context(), "0A21C3F0")
	must(t, err)
	must(t, h.Withdraw(t.Context(), holder, h.sp.ID))
	if _, err := h.renews(tokens); word(err) != platform.InvalidGrant {
		t.Errorf("after the consent was withdrawn: %v", err)
	}
}

// The authority is asked each time. Of a certificate that is not good any longer everything ends;
// while the authority is silent nothing is given, and nothing is lost.
func TestARefreshAsksForTheStatus(t *testing.T) {
	for _, state := range []rp.State{rp.Revoked, rp.Suspended, rp.Changed, rp.Unknown} {
		h := open(t, filepath.Join(t.TempDir(), "p.db"))
		tokens := h.signsIn("0A21C3F0")
		h.kit.silent = errors.New("no answer")
		if _, err := h.renews(tokens); word(err) != platform.TemporarilyUnavailable {
			t.Errorf("a silent authority: %v", err)
		}
		h.kit.silent = nil
		tokens, err := h.renews(tokens)
		must(t, err)
		h.kit.states = map[jpki.SerialNumber]rp.State{"0A21C3F0": state}
		if _, err := h.renews(tokens); word(err) != platform.InvalidGrant || h.alive(tokens) {
			t.Errorf("%s: %v", state, err)
		}
		h.kit.states = nil
		if _, err := h.renews(tokens); word(err) != platform.InvalidGrant {
			t.Errorf("%s, and good again: %v", state, err)
		}
	}
}

// What is over is swept, and what is not stays.
func TestRefreshTokensAreSwept(t *testing.T) {
	h := open(t, filepath.Join(t.TempDir(), "p.db"))
	tokens := h.signsIn("0A21C3F0")
	h.clock.Advance(platform.RefreshLifetime - time.Minute)
	must(t, h.Sweep(t.Context()))
	tokens, err := h.renews(tokens)
	must(t, err)
	h.clock.Advance(platform.RefreshLifetime + time.Minute)
	if n, _, err := h.store.Expired(t.Context(), h.clock.Now()); err != nil || n == 0 {
		t.Errorf("%d, %v", n, err)
	}
	must(t, h.Sweep(t.Context()))
	if n, _, err := h.store.Expired(t.Context(), h.clock.Now()); err != nil || n != 0 {
		t.Errorf("after a sweep %d, %v", n, err)
	}
	if _, err := h.renews(tokens); word(err) != platform.InvalidGrant {
		t.Errorf("%v", err)
	}
}
