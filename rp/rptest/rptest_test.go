package rptest_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/rptest"
)

const bank = "https://bank.example.jp"

var application = []byte("口座開設申込書\n店名：本店営業部\n目的：給与受取\n")

func TestOpenRevokeRefused(t *testing.T) {
	ctx, w := context.Background(), rptest.New(t)
	v, hanako := w.Verifier(bank), w.Card("hanako")
	cms := hanako.Sign(application)
	got, err := v.VerifySignature(ctx, application, cms)
	if err != nil {
		t.Fatal(err)
	}
	if got.BasicFour.CommonName != "見本　花子" || got.Serial != hanako.Serial(jpki.DigitalSignature) {
		t.Fatalf("%+v", got)
	}
	if got.Certificate.NotAfter.In(jpki.JST).Format("2006-01-02 15:04:05") != "2031-02-17 23:59:59" {
		t.Errorf("ends %s: not the fifth birthday", got.Certificate.NotAfter)
	}
	w.Revoke("hanako", jpki.DigitalSignature, jpki.AffiliationChanged)
	_, err = v.VerifySignature(ctx, application, cms)
	revoked, ok := errors.AsType[*rp.RevokedError](err)
	if !errors.Is(err, rp.ErrRevoked) || !ok || revoked.Reason != jpki.AffiliationChanged || w.Clock.Now().Sub(revoked.At) > time.Minute {
		t.Fatal(err)
	}
	status, err := v.CheckStatus(ctx, jpki.DigitalSignature, got.Serial, "01020304")
	if err != nil || status[0].State != rp.Changed || status[1].State != rp.Unknown {
		t.Fatalf("%+v %v", status, err)
	}
}

func TestSignIn(t *testing.T) {
	ctx, w := context.Background(), rptest.New(t)
	v := w.Verifier(bank)
	linkage, err := rp.NewLinkage(rp.LinkageConfig{AuthorityURL: w.URL(), Key: rptest.VerifierKey})
	if err != nil {
		t.Fatal(err)
	}
	for _, who := range []string{"hanako", "haruto"} {
		c, err := v.NewChallenge(ctx)
		if err != nil {
			t.Fatal(err)
		}
		token := w.Card(who).Authenticate(bank, c.Nonce)
		got, err := v.VerifyAuthentication(ctx, token, c.Nonce)
		if err != nil || got.Serial != w.Card(who).Serial(jpki.UserAuthentication) {
			t.Fatalf("%s: %+v %v", who, got, err)
		}
		paired, err := linkage.Pair(ctx, jpki.UserAuthentication, got.Serial)
		if err != nil || who == "hanako" && paired != w.Card(who).Serial(jpki.DigitalSignature) || who == "haruto" && paired != "" {
			t.Errorf("%s: paired %q, %v", who, paired, err)
		}
		if _, err := v.VerifyAuthentication(ctx, token, c.Nonce); !errors.Is(err, rp.ErrChallenge) {
			t.Errorf("replayed nonce: %v", err)
		}
	}
}

func TestWrongOrigin(t *testing.T) {
	ctx, w := context.Background(), rptest.New(t)
	v := w.Verifier(bank)
	c, _ := v.NewChallenge(ctx)
	token := w.Card("hanako").Authenticate("https://bank.example.com", c.Nonce)
	if _, err := v.VerifyAuthentication(ctx, token, c.Nonce); !errors.Is(err, rp.ErrOrigin) {
		t.Fatal(err)
	}
}

func TestSwappedCertificate(t *testing.T) {
	ctx, w := context.Background(), rptest.New(t)
	v := w.Verifier(bank)
	c, _ := v.NewChallenge(ctx)
	var token map[string]string
	if err := json.Unmarshal(w.Card("taro").Authenticate(bank, c.Nonce), &token); err != nil {
		t.Fatal(err)
	}
	token["unverifiedCertificate"] = base64.StdEncoding.EncodeToString(w.Card("hanako").Certificate(jpki.UserAuthentication).Raw)
	swapped, _ := json.Marshal(token)
	if _, err := v.VerifyAuthentication(ctx, swapped, c.Nonce); !errors.Is(err, rp.ErrSignature) {
		t.Fatal(err)
	}
}

func TestTamperedDocument(t *testing.T) {
	w := rptest.New(t)
	cms := w.Card("hanako").Sign(application)
	altered := bytes.Replace(application, []byte("受取"), []byte("支払"), 1)
	if _, err := w.Verifier(bank).VerifySignature(context.Background(), altered, cms); !errors.Is(err, rp.ErrDigest) {
		t.Fatal(err)
	}
}

// TestAnswersThatProveNothing stands between the bank and the authority.
func TestAnswersThatProveNothing(t *testing.T) {
	ctx, w := context.Background(), rptest.New(t)
	v, cms := w.Verifier(bank), w.Card("hanako").Sign(application)
	var recorded []byte
	w.TamperOCSP(func(_, honest []byte) []byte { recorded = honest; return honest })
	if _, err := v.VerifySignature(ctx, application, cms); err != nil {
		t.Fatal(err)
	}
	stranger := rptest.New(t, rptest.FreshKeys())
	cases := []struct {
		name   string
		want   error
		tamper func(request, honest []byte) []byte
	}{
		{"an answer recorded before", rp.ErrStatusNonce, func(_, _ []byte) []byte { return recorded }},
		{"an answer without status", rp.ErrStatusUnavailable, func(_, _ []byte) []byte { return []byte{0x30, 3, 0x0a, 1, 0} }},
		{"an internal error", rp.ErrStatusUnavailable, func(_, _ []byte) []byte { return []byte{0x30, 3, 0x0a, 1, 2} }},
		{"nothing", rp.ErrStatusUnavailable, func(_, _ []byte) []byte { return nil }},
		{"another responder's", rp.ErrStatusResponder, func(request, _ []byte) []byte { return forwarded(t, stranger, request) }},
		{"one bit changed", rp.ErrStatusResponder, func(_, honest []byte) []byte {
			honest[bytes.Index(honest, []byte{0x80, 0})+4]++ // the year of thisUpdate, behind the state good
			return honest
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			w.TamperOCSP(c.tamper)
			if _, err := v.VerifySignature(ctx, application, cms); !errors.Is(err, c.want) || !errors.Is(err, rp.ErrStatusUnavailable) {
				t.Fatalf("%v; want %v", err, c.want)
			}
		})
	}
	w.TamperOCSP(nil)
	if _, err := v.VerifySignature(ctx, application, cms); err != nil {
		t.Fatal(err)
	}
}

// forwarded asks another world's responder.
func forwarded(t *testing.T, w *rptest.World, request []byte) []byte {
	req, err := http.NewRequest(http.MethodPost, w.URL()+"/ocsp/digital-signature", bytes.NewReader(request))
	if err != nil {
		t.Error(err)
		return nil
	}
	req.Header.Set("Authorization", "Bearer "+rptest.VerifierKey)
	req.Header.Set("Content-Type", "application/ocsp-request")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Error(err)
		return nil
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil || len(answer) < 100 {
		t.Error(resp.Status, answer, err)
	}
	return answer
}

func TestStaleAnswer(t *testing.T) {
	ctx, w := context.Background(), rptest.New(t)
	cfg := w.Config(bank)
	// The bank's clock runs an hour ahead of the authority's.
	cfg.Now = func() time.Time { return w.Clock.Now().Add(time.Hour) }
	v, err := rp.NewVerifier(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.VerifySignature(ctx, application, w.Card("hanako").Sign(application)); !errors.Is(err, rp.ErrStatusStale) {
		t.Fatal(err)
	}
}

func TestLivesOfACertificate(t *testing.T) {
	ctx, w := context.Background(), rptest.New(t)
	v := w.Verifier(bank)
	verify := func(cms []byte) error { _, err := v.VerifySignature(ctx, application, cms); return err }
	cms := w.Card("taro").Sign(application)
	w.Suspend("taro", jpki.DigitalSignature)
	if err := verify(cms); !errors.Is(err, rp.ErrSuspended) || errors.Is(err, rp.ErrRevoked) {
		t.Fatal(err)
	}
	w.Resume("taro", jpki.DigitalSignature)
	if err := verify(cms); err != nil {
		t.Fatal(err)
	}
	w.Renew("taro")
	if r, ok := errors.AsType[*rp.RevokedError](verify(cms)); !ok || r.Reason != jpki.Superseded {
		t.Fatal(r)
	}
	cms = w.Card("taro").Sign(application)
	if err := verify(cms); err != nil {
		t.Fatal("renewed:", err)
	}
	w.SuspendAccreditation()
	if err := verify(cms); !errors.Is(err, rp.ErrNotAccredited) {
		t.Fatal(err)
	}
	w.Reaccredit()
	w.Clock.Set(time.Date(2030, time.November, 4, 0, 0, 1, 0, jpki.JST))
	if err := verify(cms); !errors.Is(err, rp.ErrExpired) {
		t.Fatal("the day after the fifth birthday:", err)
	}
}

func TestCRLOfTheAuthority(t *testing.T) {
	ctx, w := context.Background(), rptest.New(t)
	v := w.Verifier(bank)
	gone, stays := w.Card("hanako").Serial(jpki.DigitalSignature), w.Card("taro").Serial(jpki.DigitalSignature)
	w.Revoke("hanako", jpki.DigitalSignature, jpki.AffiliationChanged)
	list, err := v.FetchCRL(ctx, jpki.DigitalSignature)
	if err != nil || list.Len() != 1 {
		t.Fatal(list, err)
	}
	if s, err := list.Status(gone); err != nil || s.State != rp.Changed {
		t.Error(s, err)
	}
	if s, err := list.Status(stays); err != nil || s.State != rp.Unchanged {
		t.Error(s, err)
	}
	w.SuspendAccreditation()
	if _, err := v.FetchCRL(ctx, jpki.DigitalSignature); !errors.Is(err, rp.ErrNotAccredited) {
		t.Error(err)
	}
}

func TestWrongPIN(t *testing.T) {
	w := rptest.New(t)
	if _, err := w.Card("hanako").SignWith("WRONG1", application); err == nil {
		t.Fatal("signed with a wrong PIN")
	}
	if _, err := w.Card("haruto").SignWith(rptest.SignaturePIN, application); err == nil {
		t.Fatal("a child signed")
	}
	if _, err := w.Card("hanako").AuthenticateWith("0000", bank, "nonce"); err == nil {
		t.Fatal("authenticated with a wrong PIN")
	}
}

func TestOtherPeople(t *testing.T) {
	sora := rptest.Person{ID: "sora", BasicFour: jpki.NewBasicFour("例示　空", jpki.DateOfBirthOn(2001, time.May, 5), jpki.NotApplicable, "若葉県いろは市3-3")}
	w := rptest.New(t, rptest.People(sora))
	got, err := w.Verifier(bank).VerifySignature(context.Background(), application, w.Card("sora").Sign(application))
	if err != nil || got.BasicFour != sora.BasicFour {
		t.Fatalf("%+v %v", got, err)
	}
}

func TestAnchorsAreThoseThatTheAuthorityServes(t *testing.T) {
	w := rptest.New(t)
	served, err := rp.FetchAnchors(context.Background(), nil, w.URL())
	if err != nil || len(served) != 2 {
		t.Fatal(len(served), err)
	}
	for i, a := range w.Anchors() {
		if !a.Equal(served[i]) && !a.Equal(served[1-i]) {
			t.Errorf("anchor %d is not served", i)
		}
	}
}

// TestAMove is the story of change confirmation: the bank asks, is told that
// what it knows has changed, and why; the new certificate says the new address.
func TestAMove(t *testing.T) {
	ctx, w := context.Background(), rptest.New(t)
	v, hanako := w.Verifier(bank), w.Card("hanako")
	linkage, err := rp.NewLinkage(rp.LinkageConfig{AuthorityURL: w.URL(), Key: rptest.VerifierKey})
	if err != nil {
		t.Fatal(err)
	}
	known, signsIn := hanako.Serial(jpki.DigitalSignature), hanako.Serial(jpki.UserAuthentication)
	w.Renew("hanako")
	renewed := hanako.Serial(jpki.DigitalSignature)
	w.Move("hanako", "青葉県みほん市三番町3-3")
	if hanako.Serial(jpki.DigitalSignature) == renewed || hanako.Serial(jpki.UserAuthentication) == signsIn {
		t.Error("the card has not the certificates of a renewal and a move")
	}
	statuses, err := v.CheckStatus(ctx, jpki.DigitalSignature, known, renewed, hanako.Serial(jpki.DigitalSignature))
	if err != nil || statuses[0].State != rp.Revoked || statuses[0].Reason != jpki.Superseded ||
		statuses[1].State != rp.Changed || statuses[1].Reason != jpki.AffiliationChanged || statuses[2].State != rp.Unchanged {
		t.Fatalf("%+v, %v", statuses, err)
	}
	before, err := linkage.Predecessors(ctx, jpki.DigitalSignature, hanako.Serial(jpki.DigitalSignature))
	if err != nil || len(before) != 2 || before[0] != renewed || before[1] != known {
		t.Errorf("%v, %v", before, err)
	}
	got, err := v.VerifySignature(ctx, application, hanako.Sign(application))
	if err != nil || got.BasicFour.Address != "青葉県みほん市三番町3-3" || got.BasicFour.CommonName != "見本　花子" {
		t.Errorf("%+v, %v", got, err)
	}
	w.Move("haruto", "青葉県みほん市三番町3-3") // a child has no certificate that says an address
	w.Revoke("taro", jpki.DigitalSignature, jpki.KeyCompromise)
	w.Move("taro", "青葉県みほん市三番町3-3")
	if _, err := v.VerifySignature(ctx, application, w.Card("taro").Sign(application)); err != nil {
		t.Errorf("moved with nothing left to revoke: %v", err)
	}
}

// TestEveryCardIsOfTheBeginning: a card that is first asked for after twenty
// years has expired like the others.
func TestEveryCardIsOfTheBeginning(t *testing.T) {
	ctx, w := context.Background(), rptest.New(t)
	w.Clock.Advance(20 * 365 * 24 * time.Hour)
	v, taro := w.Verifier(bank), w.Card("taro")
	if _, err := v.VerifySignature(ctx, application, taro.Sign(application)); !errors.Is(err, rp.ErrExpired) {
		t.Error(err)
	}
	status, err := v.CheckStatus(ctx, jpki.DigitalSignature, taro.Serial(jpki.DigitalSignature))
	if err != nil || status[0].State != rp.Expired {
		t.Errorf("%+v, %v", status, err)
	}
}

// What happens to people and to the authority reaches a verifier at once.
func TestWhatHappensReachesTheVerifier(t *testing.T) {
	ctx, w := t.Context(), rptest.New(t)
	v := w.Verifier(bank, func(c *rp.Config) { c.WantPaired = true })
	signs := func(person string) error {
		_, err := v.VerifySignature(ctx, application, w.Card(person).Sign(application))
		return err
	}
	want := func(what string, got, want error) {
		t.Helper()
		if !errors.Is(got, want) {
			t.Errorf("%s: %v: want %v", what, got, want)
		}
	}
	paired, err := w.Linkage().Pair(ctx, jpki.DigitalSignature, w.Card("hanako").Serial(jpki.DigitalSignature))
	if err != nil || paired != w.Card("hanako").Serial(jpki.UserAuthentication) {
		t.Errorf("the pair is %s: %v", paired, err)
	}
	w.Lose("hanako")
	want("lost", signs("hanako"), rp.ErrSuspended)
	w.Resume("hanako", jpki.DigitalSignature)
	want("found", signs("hanako"), nil)
	w.Die("hanako")
	want("dead", signs("hanako"), rp.ErrRevoked)

	w.Silence(true)
	err = signs("taro")
	want("silence", err, rp.ErrStatusUnavailable)
	if !rp.Retryable(err) {
		t.Error("silence is not to be tried again")
	}
	_, err = v.CheckStatus(ctx, jpki.DigitalSignature, "01", "02")
	want("silence for many", err, rp.ErrStatusUnavailable)
	_, err = w.Linkage().Pair(ctx, jpki.DigitalSignature, w.Card("taro").Serial(jpki.DigitalSignature))
	want("silence about linkage", err, rp.ErrStatusUnavailable)
	_, err = v.FetchCRL(ctx, jpki.DigitalSignature)
	want("silence about the list", err, rp.ErrStatusUnavailable)
	w.Silence(false)
	want("after the silence", signs("taro"), nil)

	_, err = w.Card("taro").SignWith("WRONG99", application)
	if wrong, ok := errors.AsType[*rptest.WrongPINError](err); !ok || wrong.TriesLeft != 4 {
		t.Errorf("a wrong PIN: %v", err)
	}
	_, err = w.Card("haruto").SignWith(rptest.SignaturePIN, application)
	want("a child signs", err, rptest.ErrNoCertificate)
}

// Under WithCRL the verbs look a certificate up in a list, and ask nobody.
func TestAListInPlaceOfOCSP(t *testing.T) {
	ctx, w := context.Background(), rptest.New(t)
	v := w.Verifier(bank)
	w.Revoke("taro", jpki.UserAuthentication, jpki.KeyCompromise)
	lists := map[jpki.Kind]*rp.CRL{}
	for _, kind := range jpki.Kinds() {
		list, err := v.FetchCRL(ctx, kind)
		if err != nil {
			t.Fatal(err)
		}
		lists[kind] = list
	}
	holds := func(list *rp.CRL) func(context.Context, jpki.Kind) (*rp.CRL, error) {
		return func(context.Context, jpki.Kind) (*rp.CRL, error) { return list, nil }
	}
	authenticates := func(who string, list *rp.CRL) error {
		c, err := v.NewChallenge(ctx)
		if err != nil {
			t.Fatal(err)
		}
		ctx := ctx
		if list != nil {
			ctx = rp.WithCRL(ctx, holds(list))
		}
		_, err = v.VerifyAuthentication(ctx, w.Card(who).Authenticate(bank, c.Nonce), c.Nonce)
		return err
	}
	w.Silence(true)
	list := lists[jpki.UserAuthentication]
	if err := authenticates("hanako", list); err != nil {
		t.Error("in no list:", err)
	}
	err := authenticates("taro", list)
	if revoked, ok := errors.AsType[*rp.RevokedError](err); !ok || revoked.Reason != jpki.KeyCompromise {
		t.Error("in the list:", err)
	}
	if err := authenticates("hanako", lists[jpki.DigitalSignature]); !errors.Is(err, rp.ErrStatusUnavailable) || !strings.Contains(err.Error(), "a CRL of a trusted CA") {
		t.Error("a list of the other CA:", err)
	}
	if err := authenticates("hanako", nil); !errors.Is(err, rp.ErrStatusUnavailable) {
		t.Error("without a list the silent authority is asked:", err)
	}
	if _, err := v.VerifySignature(rp.WithCRL(ctx, holds(lists[jpki.DigitalSignature])), application, w.Card("taro").Sign(application)); err != nil {
		t.Error("a signature:", err)
	}
	c, err := v.NewChallenge(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.VerifyAuthentication(rp.WithCRL(ctx, v.FetchCRL), w.Card("hanako").Authenticate(bank, c.Nonce), c.Nonce); !errors.Is(err, rp.ErrStatusUnavailable) {
		t.Error("no list is to be had:", err)
	}
	w.Silence(false)
	w.Revoke("hanako", jpki.UserAuthentication, jpki.KeyCompromise)
	if err := authenticates("hanako", list); err != nil {
		t.Error("revoked after the list was made:", err)
	}
	w.Clock.Set(list.NextUpdate.Add(time.Hour))
	if err := authenticates("hanako", list); !errors.Is(err, rp.ErrStatusStale) {
		t.Error("a list of yesterday:", err)
	}
}
