package platform_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/simclock"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/platform"
	"example.jp/jpkimock/rp/platform/db"
)

const challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM" // RFC 7636, appendix B

// staff is who keeps the register in these tests.
var staff = platform.By{Staff: "kiban-1", Why: "ためし"}

// reader is a kit that takes any token for the serial number that it is.
type reader struct {
	mu     sync.Mutex
	nonces int
	before map[jpki.SerialNumber][]jpki.SerialNumber
	paired map[jpki.SerialNumber]jpki.SerialNumber
	silent error
	// silentBefore is what Predecessors alone fails with.
	silentBefore error
	// states are those of certificates that are not Unchanged.
	states map[jpki.SerialNumber]rp.State
}

func (r *reader) CheckStatus(_ context.Context, kind jpki.Kind, serials ...jpki.SerialNumber) (all []rp.Status, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, serial := range serials {
		s := rp.Status{Kind: kind, Serial: serial, State: rp.Unchanged}
		if state, known := r.states[serial]; known {
			s.State = state
		}
		all = append(all, s)
	}
	return all, r.silent
}

func (*reader) VerifyDigest(context.Context, [32]byte, []byte, []byte) (*rp.Signature, error) {
	return nil, errors.New("no signature is asked for")
}

func (*reader) FetchCRL(context.Context, jpki.Kind) (*rp.CRL, error) {
	return nil, errors.New("no list is asked for")
}

func (r *reader) NewChallenge(context.Context) (rp.Challenge, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.nonces++
	return rp.Challenge{Nonce: "nonce"}, nil
}

func (r *reader) VerifyAuthentication(_ context.Context, token []byte, _ string) (*rp.Authentication, error) {
	serial := jpki.SerialNumber(token)
	return &rp.Authentication{Serial: serial, Record: rp.Record{Kind: jpki.UserAuthentication, Serial: serial}}, nil
}

func (r *reader) Pair(_ context.Context, _ jpki.Kind, s jpki.SerialNumber) (jpki.SerialNumber, error) {
	return r.paired[s], r.silent
}

// Successor is never asked for: the platform follows nobody.
func (*reader) Successor(context.Context, jpki.Kind, jpki.SerialNumber) (jpki.SerialNumber, error) {
	return "", errors.New("the platform follows nobody")
}

func (r *reader) Predecessors(_ context.Context, _ jpki.Kind, s jpki.SerialNumber) ([]jpki.SerialNumber, error) {
	return r.before[s], errors.Join(r.silent, r.silentBefore)
}

// house is a platform over a real database, with a reader in the kit's place.
type house struct {
	*testing.T
	*platform.Platform
	kit   *reader
	store *db.Store
	clock *simclock.Clock
	sp    platform.ServiceProvider
}

func open(t *testing.T, address string) *house {
	t.Helper()
	h := openAgain(t, address)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	h.sp, err = h.Register(t.Context(), platform.ServiceProvider{
		ID: "RP00000001", Name: "ためし", RedirectURIs: []string{"http://sp.example.jp/callback?keep=1"},
		Keys: jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "1"}}},
	}, staff)
	must(t, err)
	return h
}

// slowKey is the RSA key of each platform here; that one makes its own is tried once
// (TestSecretsAreDrawnEachTime).
var slowKey = sync.OnceValues(func() ([]byte, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	return x509.MarshalPKCS8PrivateKey(key)
})

// openAgain opens a platform over what its database holds.
func openAgain(t *testing.T, address string) *house {
	t.Helper()
	store, err := db.Open(address)
	must(t, err)
	t.Cleanup(func() { _ = store.Close() })
	h := &house{T: t, kit: &reader{before: map[jpki.SerialNumber][]jpki.SerialNumber{}, paired: map[jpki.SerialNumber]jpki.SerialNumber{}}, store: store, clock: simclock.New()}
	h.clock.Set(time.Date(2026, time.April, 1, 12, 0, 0, 0, jpki.JST))
	_, err = store.Secrets(t.Context(), func(s *platform.Secrets) error {
		if s.RSAKey == nil {
			s.RSAKey, err = slowKey()
		}
		return err
	})
	must(t, err)
	h.Platform, err = platform.New(t.Context(), platform.Config{Verifier: h.kit, Linkage: h.kit, Store: store, Now: h.clock.Now, PublicURL: "http://platform.example.jp"})
	must(t, err)
	return h
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func request() url.Values {
	return url.Values{
		"client_id": {"RP00000001"}, "redirect_uri": {"http://sp.example.jp/callback?keep=1"}, "response_type": {"code"}, "scope": {"openid"},
		"state": {"s"}, "nonce": {"n"}, "code_challenge": {challenge}, "code_challenge_method": {"S256"},
	}
}

// code goes the whole way with a card and gives the code.
func (h *house) code(card string) string {
	h.Helper()
	ask, err := h.ReadAsk(h.Context(), request())
	must(h, err)
	l, err := h.Begin(h.Context(), ask)
	must(h, err)
	_, err = h.Challenge(h.Context(), l.ID, l.Ticket)
	must(h, err)
	out, err := h.Answer(h.Context(), l.ID, l.Ticket, []byte(card), "")
	must(h, err)
	if out.NeedsConsent {
		out, err = h.Agree(h.Context(), l.ID, l.Ticket)
		must(h, err)
	}
	u, err := url.Parse(out.ReturnTo)
	must(h, err)
	if u.Query().Get("keep") != "1" || u.Query().Get("state") != "s" {
		h.Errorf("the redirect URI has lost its own query: %s", u)
	}
	return u.Query().Get("code")
}

func (h *house) exchange(code string) (platform.Tokens, error) {
	return h.Exchange(context.Background(), h.sp, code, h.sp.RedirectURIs[0], "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
}

// sub gives what the service is told of the holder of a card.
func (h *house) sub(card string) string {
	h.Helper()
	tokens, err := h.exchange(h.code(card))
	must(h, err)
	claims, err := h.UserInfo(h.Context(), tokens.AccessToken)
	must(h, err)
	return claims["sub"].(string)
}

func TestOfAHundredExchangesOfACodeOneSucceedsAndItsTokenIsTakenBack(t *testing.T) {
	h := open(t, filepath.Join(t.TempDir(), "p.db"))
	code := h.code("0A21C3F0")
	var wg sync.WaitGroup
	var mu sync.Mutex
	var given []platform.Tokens
	for range 100 {
		wg.Go(func() {
			tokens, err := h.exchange(code)
			mu.Lock()
			defer mu.Unlock()
			var no *platform.OAuthError
			switch {
			case err == nil:
				given = append(given, tokens)
			case !errors.As(err, &no) || no.Code != platform.InvalidGrant:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if len(given) != 1 {
		t.Fatalf("%d exchanges succeeded", len(given))
	}
	if _, err := h.UserInfo(t.Context(), given[0].AccessToken); err == nil {
		t.Error("the token outlived the second use of its code")
	}
}

func TestOfAHundredUsesOfAnAssertionOneIsTaken(t *testing.T) {
	h := open(t, filepath.Join(t.TempDir(), "p.db"))
	var wg sync.WaitGroup
	var mu sync.Mutex
	taken, now := 0, h.clock.Now()
	for range 100 {
		wg.Go(func() {
			err := h.store.UseAssertion(context.Background(), "RP00000001", "jti", now.Add(time.Minute), now)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				taken++
			} else if !errors.Is(err, platform.ErrAssertionUsed) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if taken != 1 {
		t.Errorf("taken %d times", taken)
	}
	must(t, h.store.UseAssertion(t.Context(), "RP00000002", "jti", now.Add(time.Minute), now))
}

func TestKeysSubsAndTokensOutliveARestart(t *testing.T) {
	address := filepath.Join(t.TempDir(), "p.db")
	h := open(t, address)
	sub, code := h.sub("0A21C3F0"), h.code("0A21C3F0")
	kid := h.Keys().Keys[0].KeyID
	must(t, h.store.Close())
	h = open(t, address)
	h.clock.Advance(10 * time.Second) // it begins anew at noon
	if h.Keys().Keys[0].KeyID != kid || !h.Keys().Keys[0].IsPublic() {
		t.Error("the signing key is another one, or not public")
	}
	if _, err := h.exchange(code); err != nil {
		t.Errorf("the code is gone: %v", err)
	}
	if got := h.sub("0A21C3F0"); got != sub {
		t.Errorf("was %s, is %s", sub, got)
	}
}

func TestSweepDropsWhatHasExpiredAndNothingElse(t *testing.T) {
	h := open(t, filepath.Join(t.TempDir(), "p.db"))
	code := h.code("0A21C3F0")
	tokens, err := h.exchange(h.code("0A21C3F0"))
	must(t, err)
	must(t, h.Sweep(t.Context()))
	if _, err := h.UserInfo(t.Context(), tokens.AccessToken); err != nil {
		t.Error(err)
	}
	if _, err := h.exchange(code); err != nil {
		t.Error(err)
	}
	expired := func(want int) {
		t.Helper()
		if grants, visits, err := h.store.Expired(t.Context(), h.clock.Now()); err != nil || grants != want || visits != 0 {
			t.Errorf("%d grants and %d visits have expired, %v: want %d", grants, visits, err, want)
		}
	}
	expired(0)
	h.clock.Advance(time.Hour)
	expired(6) // two codes, and an access and a refresh token of each
	must(t, h.Sweep(t.Context()))
	expired(0)
	if _, err := h.exchange(code); !errors.Is(err, platform.ErrCode) {
		t.Errorf("the code is there still: %v", err)
	}
}

// A visit stays in its person's log for a year, to the instant; the consent stays.
func TestAVisitIsKeptForAYear(t *testing.T) {
	h := open(t, filepath.Join(t.TempDir(), "p.db"))
	h.code("0A21C3F0")
	person, err := h.store.HolderByCertificate(t.Context(), "0A21C3F0")
	must(t, err)
	kept := func() platform.Records {
		t.Helper()
		r, err := h.Records(t.Context(), person)
		must(t, err)
		return r
	}
	year := kept().Visits[0].At.AddDate(1, 0, 0)
	must(t, h.store.Sweep(t.Context(), year))
	if n := len(kept().Visits); n != 1 {
		t.Errorf("after a year: %d visits", n)
	}
	must(t, h.store.Sweep(t.Context(), year.Add(1)))
	if r := kept(); len(r.Visits) != 0 || len(r.Consents) != 1 || !r.Consents[0].Stands() {
		t.Errorf("an instant later: %+v", r)
	}
	h.code("0A21C3F0")
	h.clock.Advance(366 * 24 * time.Hour)
	must(t, h.Sweep(t.Context()))
	if n := len(kept().Visits); n != 0 {
		t.Errorf("the platform's own sweep keeps %d visits", n)
	}
}

func TestAHolderIsFoundAgainByAnyOfThreeWays(t *testing.T) {
	h := open(t, filepath.Join(t.TempDir(), "p.db"))
	h.kit.paired["0A000001"] = "07000001"
	sub := h.sub("0A000001")
	// A new authentication certificate beside the old signature certificate.
	h.kit.paired["0A000002"] = "07000001"
	if h.sub("0A000002") != sub {
		t.Error("not found by the certificate beside it")
	}
	// Both are new: the authority knows which follows which.
	h.kit.before["0A000003"], h.kit.paired["0A000003"] = []jpki.SerialNumber{"0A0000FF", "0A000002", "0A000001"}, "07000003"
	for range 2 {
		if h.sub("0A000003") != sub {
			t.Error("not found by what it follows")
		}
	}
	// Somebody else, whose signature certificate is missing as that of others.
	if child, other := h.sub("0A000004"), h.sub("0A000005"); child == sub || other == sub || child == other {
		t.Error("strangers are taken for one another")
	}
	h.kit.silent = errors.New("no answer")
	ask, err := h.ReadAsk(t.Context(), request())
	must(t, err)
	l, err := h.Begin(t.Context(), ask)
	must(t, err)
	_, err = h.Challenge(t.Context(), l.ID, l.Ticket)
	must(t, err)
	if _, err := h.Answer(t.Context(), l.ID, l.Ticket, []byte("0A000006"), ""); !errors.Is(err, h.kit.silent) {
		t.Errorf("taken in without the authority's answer: %v", err)
	}
	if h.sub("0A000003") != sub {
		t.Error("a known one needs no answer")
	}
}

// A flood of requests takes the places of those that no card has answered, the
// oldest first, and of nobody who has signed in and reads what is asked.
func TestAFloodOfRequestsPushesOutNobodyWhoseCardAnswered(t *testing.T) {
	h := open(t, filepath.Join(t.TempDir(), "p.db"))
	ask, err := h.ReadAsk(t.Context(), request())
	must(t, err)
	begin := func() platform.Login {
		t.Helper()
		l, err := h.Begin(t.Context(), ask)
		must(t, err)
		return l
	}
	answered, waits := begin(), begin()
	_, err = h.Challenge(t.Context(), answered.ID, answered.Ticket)
	must(t, err)
	out, err := h.Answer(t.Context(), answered.ID, answered.Ticket, []byte("0A000001"), "")
	if err != nil || !out.NeedsConsent {
		t.Fatalf("%+v, %v", out, err)
	}
	h.clock.Advance(time.Second)
	for range platform.MaxLogins - 2 {
		begin()
	}
	if _, err := h.Login(waits.ID, waits.Ticket); err != nil {
		t.Errorf("pushed out while there is room: %v", err)
	}
	last := begin()
	if _, err := h.Login(waits.ID, waits.Ticket); !errors.Is(err, platform.ErrNoLogin) {
		t.Errorf("the oldest that no card has answered: %v", err)
	}
	if _, err := h.Login(last.ID, last.Ticket); err != nil {
		t.Errorf("the newcomer: %v", err)
	}
	if out, err := h.Agree(t.Context(), answered.ID, answered.Ticket); err != nil || out.ReturnTo == "" {
		t.Errorf("who has signed in: %+v, %v", out, err)
	}
	h.clock.Advance(platform.LoginLifetime)
	begin()
}

// Who is forgotten is in the log; while that cannot be written the service is told
// so, in the standard's word.
func TestARequestIsForgottenOnlyIntoTheLog(t *testing.T) {
	h := open(t, filepath.Join(t.TempDir(), "p.db"))
	ask, err := h.ReadAsk(t.Context(), request())
	must(t, err)
	var l platform.Login
	for range platform.MaxLogins {
		l, err = h.Begin(t.Context(), ask)
		must(t, err)
	}
	_, err = h.Challenge(t.Context(), l.ID, l.Ticket)
	must(t, err)
	out, err := h.Answer(t.Context(), l.ID, l.Ticket, []byte("0A000001"), "")
	if err != nil || !out.NeedsConsent {
		t.Fatalf("%+v, %v", out, err)
	}
	h.clock.Advance(platform.LoginLifetime)
	must(t, h.store.Close())
	_, err = h.Begin(t.Context(), ask)
	var no *platform.OAuthError
	if !errors.As(err, &no) || no.Code != platform.ServerError || no.ReturnTo != ask.RedirectURI || no.State != "s" || strings.Contains(no.Description, "sql") {
		t.Errorf("%v", err)
	}
}

func TestTwoServicesOfOneSectorMayCompare(t *testing.T) {
	h := open(t, filepath.Join(t.TempDir(), "p.db"))
	before := h.sub("0A000001")
	sp := h.sp
	sp.Sector = "catv"
	var err error
	h.sp, err = h.Register(t.Context(), sp, staff)
	must(t, err)
	if h.sub("0A000001") == before {
		t.Error("the sector makes no difference")
	}
	if h.sp.Since.After(h.clock.Now()) || !slices.Equal(h.sp.Scopes, []string{platform.ScopeOpenID}) {
		t.Errorf("%+v", h.sp)
	}
}

func FuzzReadAsk(f *testing.F) {
	f.Add(request().Encode())
	f.Add(strings.Replace(request().Encode(), "S256", "plain", 1))
	f.Add(request().Encode() + "&prompt=none+login&ui_locales=en&jpki_face=tv&max_age=0&request=x")
	store, err := db.Open(filepath.Join(f.TempDir(), "p.db"))
	must(f, err)
	f.Cleanup(func() { _ = store.Close() })
	kit, clock := &reader{}, simclock.New()
	p, err := platform.New(context.Background(), platform.Config{Verifier: kit, Linkage: kit, Store: store, Now: clock.Now, PublicURL: "http://platform.example.jp"})
	must(f, err)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(f, err)
	_, err = p.Register(context.Background(), platform.ServiceProvider{ID: "RP00000001", Name: "x", RedirectURIs: []string{"http://sp.example.jp/callback?keep=1"},
		Keys: jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "1"}}}}, staff)
	must(f, err)
	f.Fuzz(func(t *testing.T, query string) {
		q, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		ask, err := p.ReadAsk(context.Background(), q)
		var no *platform.OAuthError
		switch {
		case err == nil && (ask.State == "" || ask.Nonce == "" || len(ask.Challenge) != 43 || !slices.Equal(ask.Scopes, []string{"openid"})):
			t.Errorf("%q is taken as %+v", query, ask)
		case err != nil && (!errors.As(err, &no) || no.ReturnTo != "" && no.ReturnTo != "http://sp.example.jp/callback?keep=1"):
			t.Errorf("%q: %v", query, err)
		case err != nil && no.ReturnTo != "" && !strings.HasPrefix(p.ErrorURL(no), "http://sp.example.jp/callback?"):
			t.Errorf("%q leads to %s", query, p.ErrorURL(no))
		}
		_, _ = platform.ParseKeys([]byte(query))
		if _, err := p.Authenticate(context.Background(), query, ""); err == nil {
			t.Errorf("%q lets a service in", query)
		}
	})
}
