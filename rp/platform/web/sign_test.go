package web_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/rp/platform"
	"example.jp/jpkimock/rp/platform/transactions"
)

// signer is a service that may have its persons sign.
type signer struct {
	*service
	secret any // what opens its JWEs
}

const lease = "賃貸借契約書"

func leaseDigest() string {
	sum := sha256.Sum256([]byte(lease))
	return base64.StdEncoding.EncodeToString(sum[:])
}

func (w *town) registersSigner(id string, enc crypto.Signer, faces ...platform.Face) *signer {
	w.Helper()
	s := w.registers(id, "みらい不動産", "/lease/"+id, faces...)
	sp, err := w.platform.ServiceProvider(w.Context(), platform.ClientID(id))
	webtest.Must(w, err)
	sp.Scopes = []string{"openid", "sign"}
	sp.Keys.Keys = append(sp.Keys.Keys, jose.JSONWebKey{Key: enc.Public(), KeyID: "enc-1", Use: "enc"})
	_, err = w.platform.Register(w.Context(), sp, byStaff)
	webtest.Must(w, err)
	return &signer{s, enc}
}

func (w *town) realEstate() *signer {
	w.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	webtest.Must(w, err)
	return w.registersSigner("RP00000005", key, platform.WindowFace, platform.TVFace, platform.KioskFace)
}

// credentials asks the token endpoint for a token of the service's own.
func (s *service) credentials(pairs ...string) webtest.Page {
	s.Helper()
	f := append([]string{"grant_type", "client_credentials", "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", "client_assertion", s.assertion(nil)}, pairs...)
	return s.browser().Sends(http.MethodPost, "/api/realms/main/protocol/openid-connect/token", form(f...), "Content-Type", "application/x-www-form-urlencoded", "Accept", "")
}

func (s *service) ownToken() string {
	s.Helper()
	return s.credentials("scope", "sign").Says(200).Member("access_token").(string)
}

func (s *service) calls(method, path, access, body string) webtest.Page {
	s.Helper()
	headers := []string{"Content-Type", "application/json", "Accept", ""}
	if access != "" {
		headers = append(headers, "Authorization", "Bearer "+access)
	}
	return s.browser().Sends(method, path, body, headers...)
}

const signPath = "/api/sign-transactions"

// opens begins a transaction.
func (s *signer) opens() string {
	s.Helper()
	return s.calls("POST", signPath, s.ownToken(), `{"digest":"`+leaseDigest()+`"}`).Says(201).Member("sign_transaction_id").(string)
}

func (s *service) result(id string) webtest.Page {
	s.Helper()
	return s.calls("GET", signPath+"/"+id+"/result", s.ownToken(), "")
}

// leads brings a person to the page where the transaction is signed.
func (b *browser) leads(s *signer, id, who string) webtest.Page {
	b.Helper()
	p := b.answers(b.Visits(s.asks("scope", "openid sign", "sign_transaction_id", id)).Says(200, "文書に署名していただきます"), who)
	if strings.HasSuffix(p.Path(), "/consent") {
		p = b.Fills(p.Says(200, "署名用電子証明書（氏名・住所・生年月日・性別の記載があります）").Path())
	}
	return p.Says(200, `data-testid="sign"`, "みらい不動産", "文書のハッシュ値")
}

// signs plays card.js and the card on the page.
func (b *browser) signs(p webtest.Page, who string, digest [32]byte) webtest.Page {
	b.Helper()
	return b.Fills(p.Attribute("action"), "token", string(b.Card(who).SignDigest(digest)))
}

// unseals opens a result as the service does.
func (s *signer) unseals(p webtest.Page, alg jose.KeyAlgorithm) (got struct {
	Iss, Aud                       string
	Signature, Certificate, Digest []byte
	ID                             string `json:"sign_transaction_id"`
	SignedAt                       int64  `json:"signed_at"`
}) {
	s.Helper()
	sealed, err := jose.ParseEncrypted(p.Says(200).Member("result").(string), []jose.KeyAlgorithm{alg}, []jose.ContentEncryption{jose.A256GCM})
	webtest.Must(s, err)
	text, err := sealed.Decrypt(s.secret)
	webtest.Must(s, err)
	webtest.Must(s, json.Unmarshal(text, &got))
	return got
}

func TestAServiceHasItsPersonSign(t *testing.T) {
	w := newTown(t)
	estate := w.realEstate()
	id := estate.opens()
	estate.result(id).Says(409, "transaction_waiting")
	b := w.browser()
	p := b.leads(estate, id, "hanako")
	if p.Attribute("data-jpki-digest") != leaseDigest() || p.Attribute("data-jpki-service") != "みらい不動産" {
		t.Errorf("the card's window is asked for %q of %q", p.Attribute("data-jpki-digest"), p.Attribute("data-jpki-service"))
	}
	sum := sha256.Sum256([]byte(lease))
	back := estate.returned(b.signs(p, "hanako", sum))
	token, err := estate.exchange(back.Get("code"))
	webtest.Must(t, err)
	if token.Extra("id_token") == nil {
		t.Error("no ID token")
	}
	estate.calls("GET", signPath+"/"+id+"/result", token.AccessToken, "").Says(401, "invalid_token")

	got := estate.unseals(estate.result(id), jose.ECDH_ES)
	cert, err := x509.ParseCertificate(got.Certificate)
	webtest.Must(t, err)
	webtest.Must(t, rsa.VerifyPKCS1v15(cert.PublicKey.(*rsa.PublicKey), crypto.SHA256, sum[:], got.Signature))
	if got.Iss != w.url+"/api/realms/main" || got.Aud != estate.id || got.ID != id || jpki.SerialNumberOf(cert) != w.Card("hanako").Serial(jpki.DigitalSignature) || got.SignedAt != w.Clock.Now().Unix() {
		t.Errorf("%+v", got)
	}
	estate.result(id).Says(410, "transaction_over")
	b.Visits(estate.asks("scope", "openid sign", "sign_transaction_id", id))
	me := w.browser()
	me.answers(me.Visits("/signin"), "hanako").Says(200, "署名と署名用電子証明書")
}

func TestAResultForAnRSAKey(t *testing.T) {
	w := newTown(t)
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	webtest.Must(t, err)
	s := w.registersSigner("RP00000006", key, platform.WindowFace)
	sum := sha256.Sum256([]byte(lease))
	id := s.calls("POST", signPath, s.ownToken(), `{"digest":"`+base64.StdEncoding.EncodeToString(append([]byte("\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20"), sum[:]...))+`"}`).Says(201).Member("sign_transaction_id").(string)
	b := w.browser()
	s.returned(b.signs(b.leads(s, id, "taro"), "taro", sum))
	if got := s.unseals(s.result(id), jose.RSA_OAEP_256); string(got.Digest) != string(sum[:]) {
		t.Errorf("%x", got.Digest)
	}
}

func TestWhatAPersonSignsIsVerified(t *testing.T) {
	w := newTown(t)
	estate := w.realEstate()
	id := estate.opens()
	sum, other := sha256.Sum256([]byte(lease)), sha256.Sum256([]byte("a promissory note"))
	b := w.browser()
	p := b.leads(estate, id, "hanako")
	b.signs(p, "hanako", other).Says(422, "bad_signature")
	b.signs(p, "taro", sum).Says(403, "サインインした方と違う方のカードです")
	good := string(w.Card("hanako").SignDigest(sum))
	for name, bad := range map[string]string{
		"no JSON": "x", "an authentication's format": strings.Replace(good, "jpki-digest:1", "web-eid:1.0", 1),
		"another algorithm": strings.Replace(good, "RS256", "RS512", 1), "no signature": strings.Replace(good, `"signature"`, `"x"`, 1),
	} {
		if got := b.Fills(p.Attribute("action"), "token", bad); got.Status != 403 {
			t.Errorf("%s: %d", name, got.Status)
		}
	}
	estate.result(id).Says(409, "transaction_waiting")
	w.Revoke("hanako", jpki.DigitalSignature, jpki.AffiliationChanged)
	b.signs(p, "hanako", sum).Says(403, "失効")
	w.Silence(true)
	b.signs(p, "hanako", sum).Says(503)
	w.Silence(false)
	estate.result(id).Says(409, "transaction_waiting")
}

func TestATransactionIsSignedOnceAndInTime(t *testing.T) {
	w := newTown(t)
	estate := w.realEstate()
	sum := sha256.Sum256([]byte(lease))
	id := estate.opens()
	first, second := w.browser(), w.browser()
	one, two := first.leads(estate, id, "hanako"), second.leads(estate, id, "taro")
	estate.returned(first.signs(one, "hanako", sum))
	second.signs(two, "taro", sum).Says(410, "この署名の依頼は終わっています")
	first.signs(one, "hanako", sum).Says(409)
	if back := estate.returned(first.Visits(estate.asks("scope", "openid sign", "sign_transaction_id", id))); back.Get("error") != "invalid_request" {
		t.Errorf("signed before: %v", back)
	}
	late := estate.opens()
	b := w.browser()
	w.Clock.Advance(5 * time.Minute)
	p := b.leads(estate, late, "hanako")
	w.Clock.Advance(5 * time.Minute)
	b.signs(p, "hanako", sum).Says(410)
	estate.result(late).Says(410, "transaction_over")
	w.Clock.Advance(transactions.Lifetime)
	estate.result(id).Says(410, "transaction_over") // nobody fetched it in time
	webtest.Must(t, w.platform.Sweep(t.Context()))
	estate.result(id).Says(404, "no_transaction")
}

func TestATransactionIsOfItsService(t *testing.T) {
	w := newTown(t)
	estate := w.realEstate()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	webtest.Must(t, err)
	rival := w.registersSigner("RP00000007", key, platform.WindowFace)
	id := estate.opens()
	rival.result(id).Says(404, "no_transaction")
	asked := func(s *service, pairs ...string) url.Values { return s.returned(w.browser().Visits(s.asks(pairs...))) }
	for name, back := range map[string]url.Values{
		"a rival's":       asked(rival.service, "scope", "openid sign", "sign_transaction_id", id),
		"none":            asked(estate.service, "scope", "openid sign"),
		"made up":         asked(estate.service, "scope", "openid sign", "sign_transaction_id", "00000000-0000-4000-8000-000000000000"),
		"without a scope": asked(estate.service, "scope", "openid", "sign_transaction_id", id),
	} {
		if back.Get("error") != "invalid_request" || !strings.Contains(back.Get("error_description"), "sign_transaction_id") {
			t.Errorf("%s: %v", name, back)
		}
	}
	if back := asked(w.health, "scope", "openid sign", "sign_transaction_id", id); back.Get("error") != "invalid_scope" {
		t.Errorf("a service that may not: %v", back)
	}
}

func TestWhoMayAskForSignatures(t *testing.T) {
	w := newTown(t)
	estate := w.realEstate()
	w.health.credentials("scope", "sign").Says(400, "unauthorized_client")
	estate.credentials("scope", "openid").Says(400, "invalid_scope")
	estate.credentials("client_assertion", "x").Says(400)
	used := estate.assertion(nil)
	body := form("grant_type", "client_credentials", "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", "client_assertion", used)
	send := func() webtest.Page {
		return w.browser().Sends(http.MethodPost, "/api/realms/main/protocol/openid-connect/token", body, "Content-Type", "application/x-www-form-urlencoded", "Accept", "")
	}
	if got := send().Says(200); got.Member("id_token") != nil || got.Member("refresh_token") != nil {
		t.Errorf("%s", got.Body)
	}
	send().Says(401, "invalid_client")

	access := estate.ownToken()
	if got := w.userInfo(access); got.Status != 401 {
		t.Errorf("userinfo of nobody: %d", got.Status)
	}
	for _, wrong := range []string{"", "made-up"} {
		estate.calls("POST", signPath, wrong, `{"digest":"`+leaseDigest()+`"}`).Says(401, "invalid_token")
	}
	for _, bad := range []string{"", "AAAA", leaseDigest() + "AAAA", leaseDigest() + "\\n", strings.Repeat("A", 400)} {
		estate.calls("POST", signPath, access, `{"digest":"`+bad+`"}`).Says(422, "bad_digest")
	}
	estate.calls("POST", signPath, access, `{"digest":"`+leaseDigest()+`","document":"x"}`).Says(400)
	w.Clock.Advance(platform.TokenLifetime)
	estate.calls("POST", signPath, access, `{"digest":"`+leaseDigest()+`"}`).Says(401, "invalid_token")

	fresh := estate.ownToken()
	sp, err := w.platform.ServiceProvider(t.Context(), platform.ClientID(estate.id))
	webtest.Must(t, err)
	sp.Suspended = true
	_, err = w.platform.Register(t.Context(), sp, byStaff)
	webtest.Must(t, err)
	estate.calls("POST", signPath, fresh, `{"digest":"`+leaseDigest()+`"}`).Says(401, "suspended")
}

// A key for encryption lets nobody in, and without one no signature is offered.
func TestAServiceThatSignsHasAKeyForEncryption(t *testing.T) {
	w := newTown(t)
	estate := w.realEstate()
	sp, err := w.platform.ServiceProvider(t.Context(), platform.ClientID(estate.id))
	webtest.Must(t, err)
	key, _ := estate.secret.(*ecdsa.PrivateKey)
	forger, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: key, KeyID: "enc-1"}}, nil)
	webtest.Must(t, err)
	now := w.Clock.Now()
	forged, err := jwt.Signed(forger).Claims(jwt.Claims{
		Issuer: estate.id, Subject: estate.id, Audience: jwt.Audience{estate.oauth.Endpoint.TokenURL}, ID: "1", Expiry: jwt.NewNumericDate(now.Add(time.Minute)),
	}).Serialize()
	webtest.Must(t, err)
	w.browser().Sends(http.MethodPost, "/api/realms/main/protocol/openid-connect/token",
		form("grant_type", "client_credentials", "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", "client_assertion", forged),
		"Content-Type", "application/x-www-form-urlencoded", "Accept", "").Says(401, "kid names no key")

	for name, keys := range map[string][]jose.JSONWebKey{"no key of use enc": sp.Keys.Keys[:1], "no key for signatures": sp.Keys.Keys[1:]} {
		wrong := sp
		wrong.Keys = jose.JSONWebKeySet{Keys: keys}
		if _, err := w.platform.Register(t.Context(), wrong, byStaff); err == nil {
			t.Errorf("%s: registered", name)
		}
	}
	mixed := sp
	mixed.Keys.Keys = append([]jose.JSONWebKey{}, sp.Keys.Keys...)
	mixed.Keys.Keys[1].Algorithm = "RSA-OAEP-256"
	if _, err := w.platform.Register(t.Context(), mixed, byStaff); err == nil {
		t.Error("an EC key for RSA-OAEP-256 is registered")
	}
}

func TestTooManyTransactions(t *testing.T) {
	w := newTown(t)
	estate := w.realEstate()
	access := estate.ownToken()
	for range transactions.MaxOfClient {
		_, err := w.platform.OpenTransaction(t.Context(), access, leaseDigest())
		webtest.Must(t, err)
	}
	estate.calls("POST", signPath, access, `{"digest":"`+leaseDigest()+`"}`).Says(429, "too_many_transactions")
	w.Clock.Advance(transactions.Lifetime)
	estate.opens()
}

// The faces that take the page's place post the signature; at the set the card stays watched.
func TestTheOtherFacesSign(t *testing.T) {
	w := newTown(t)
	estate := w.realEstate()
	sum := sha256.Sum256([]byte(lease))
	id := estate.opens()
	b := w.browser()
	p := b.Visits(estate.asks("scope", "openid sign", "sign_transaction_id", id, "jpki_face", "kiosk"))
	hand := func(p webtest.Page, token []byte) webtest.Page {
		to, err := url.Parse(p.Attribute("data-jpki-return"))
		webtest.Must(t, err)
		return b.Sends(http.MethodPost, to.Path, form("token", string(token)), "Content-Type", "application/x-www-form-urlencoded", "Origin", agentURL)
	}
	p = hand(p, w.Card("hanako").Authenticate(w.url, p.Attribute("data-jpki-nonce")))
	p = b.Fills(p.Says(200, "同意").Path()).Says(200, `data-testid="sign"`, `data-jpki-face="kiosk"`)
	hand(p, w.Card("hanako").SignDigest(sum)).Says(200, "サインインしました")
	estate.unseals(estate.result(id), jose.ECDH_ES)
}

func TestAProgramSignsInJSON(t *testing.T) {
	w := newTown(t)
	estate := w.realEstate()
	b := w.browser()
	kind := []string{"Accept", "application/json", "Content-Type", "application/json"}
	var ask struct{ Nonce, Origin, Digest string }
	at := b.Sends(http.MethodGet, estate.asks("scope", "openid sign", "sign_transaction_id", estate.opens()), "", kind...).Says(200).JSON(&ask)
	b.Sends(http.MethodGet, at.Path()+"/sign", "", kind...).Says(409, "not_verified")
	b.Sends(http.MethodPost, at.Path()+"/sign", `{"token":{}}`, kind...).Says(409, "not_verified")
	var next struct{ Next, Location string }
	b.Sends(http.MethodPost, at.Path(), `{"token":`+string(w.Card("hanako").Authenticate(ask.Origin, ask.Nonce))+`}`, kind...).Says(200)
	b.Sends(http.MethodGet, at.Path()+"/sign", "", kind...).Says(409, "not_verified") // not agreed yet
	b.Sends(http.MethodPost, at.Path()+"/consent", `{"agree":true}`, kind...).Says(200).JSON(&next)
	if next.Next != "sign" {
		t.Fatalf("%+v", next)
	}
	b.Sends(http.MethodGet, next.Location, "", kind...).Says(200).JSON(&ask)
	digest, err := base64.StdEncoding.DecodeString(ask.Digest)
	webtest.Must(t, err)
	b.Sends(http.MethodPost, next.Location, `{"token":`+string(w.Card("hanako").SignDigest([32]byte(digest)))+`}`, kind...).Says(200).JSON(&next)
	if next.Next != "service" {
		t.Fatalf("%+v", next)
	}
	// Who has consented before is asked for nothing but the signature.
	at = b.Sends(http.MethodGet, estate.asks("scope", "openid sign", "sign_transaction_id", estate.opens()), "", kind...).Says(200).JSON(&ask)
	b.Sends(http.MethodPost, at.Path(), `{"token":`+string(w.Card("hanako").Authenticate(ask.Origin, ask.Nonce))+`}`, kind...).Says(200).JSON(&next)
	if next.Next != "sign" {
		t.Errorf("%+v", next)
	}
	// The consent's address does not go round the signature.
	b.Sends(http.MethodPost, at.Path()+"/consent", `{"agree":true}`, kind...).Says(200).JSON(&next)
	if next.Next != "sign" {
		t.Errorf("%+v", next)
	}
}

// With acr_values crl the status of the signature's certificate is read from the list, too.
func TestASignatureUnderTheList(t *testing.T) {
	w := newTown(t)
	estate := w.realEstate()
	sum := sha256.Sum256([]byte(lease))
	id := estate.opens()
	b := w.browser()
	p := b.answers(b.Visits(estate.asks("scope", "openid sign", "sign_transaction_id", id, "acr_values", "aal3 crl")), "hanako")
	p = b.Fills(p.Says(200, "同意").Path()).Says(200, `data-testid="sign"`)
	w.TamperOCSP(func(_, _ []byte) []byte { return []byte("no answer") })
	estate.returned(b.signs(p, "hanako", sum))
	if got := estate.unseals(estate.result(id), jose.ECDH_ES); len(got.Signature) == 0 {
		t.Error("no signature")
	}
}
