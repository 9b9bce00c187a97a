package e2e

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/seed"
)

const lease = "賃貸借契約書"

// A service has its person sign a contract at the common platform: at a computer, at a terminal and
// at the set. The card's window says for whom, and that it cannot show the contract.
func TestAContractIsSignedAtTheCommonPlatform(t *testing.T) {
	t.Parallel()
	for _, lang := range []ui.Lang{ui.Japanese, ui.English} {
		t.Run(string(lang), func(t *testing.T) {
			t.Parallel()
			w := NewWorld(t)
			estate := newClient(t, w, "RP00000010")
			w.stranger(t, "clerk", lang).registersASigner(estate)
			p := w.asIn(t, "hanako", lang)
			at := estate.URL + "/?lang=" + string(lang) + "&scope=openid+sign&transaction="

			first := estate.opensTransaction(lease)
			p.GoesTo(at + first + "&face=window")
			p.Sees("will-sign")
			p.Pictures("platform-login-sign")
			p.inTheCardWindowOf("platform", "login-button", func() { p.TypesPIN(p.Card.AuthenticationPIN) })
			p.Sees("told-signature")
			p.Pictures("platform-consent-sign")
			p.Clicks("agree")
			p.Reads("service-name", "みらい不動産", "Mirai Real Estate")
			p.Pictures("platform-sign")
			p.inTheCardWindowOf("platform", "sign-button", func() {
				p.Reads("digest-service", "みらい不動産", "Mirai Real Estate")
				p.Sees("digest-hidden")
				p.Pictures("card-digest")
				p.TypesPIN(p.Card.SignaturePIN)
			})
			p.Sees("sub")
			estate.holds(first, lease)

			second := estate.opensTransaction(lease)
			p.GoesTo(at + second + "&face=kiosk")
			p.Clicks("login-button")
			p.TypesPIN(p.Card.AuthenticationPIN)
			p.Sees("sign-button")
			p.faces("platform-kiosk-sign", terminals...)
			p.Clicks("sign-button")
			p.Sees("digest-hidden")
			p.faces("card-kiosk-digest", terminals...)
			p.TypesPIN(p.Card.SignaturePIN)
			p.Sees("sub")
			estate.holds(second, lease)

			p.resizes(fullHD.Width, fullHD.Height)
			p.GoesTo(at + estate.opensTransaction(lease) + "&face=tv")
			p.isShown("login-button")
			p.opens("login-button", "pin-pad")
			p.enters(p.Card.AuthenticationPIN, "sign-button")
			p.isShown("sign-button")
			p.faces("platform-tv-sign", fullHD)
			p.opens("sign-button", "digest-hidden")
			p.isShown("digest-hidden")
			p.faces("card-tv-digest", fullHD)
			p.Clicks("cancel")
			p.IsTold("お手続きを中止しました", "You stopped at the card")
		})
	}
}

// registersASigner writes an entry that may have its persons sign.
func (p *Person) registersASigner(s *client) {
	p.Goes("platform", "/register")
	p.Types("staff-key", seed.PlatformStaffKey)
	p.Clicks("staff-signin")
	p.Clicks("new-provider")
	p.Types("client-id", s.id)
	p.Types("name", "みらい不動産")
	p.Types("name-en", "Mirai Real Estate")
	p.Types("redirect-uris", s.URL+"/callback")
	p.Types("jwks", s.jwks())
	for _, box := range []string{"face-window", "face-tv", "face-kiosk", "scope-sign"} {
		p.must(p.found(box).SetChecked(true), "choose %s", box)
	}
	p.Types("why", "申請書受付第13号")
	p.Clicks("save")
	p.Sees("log")
	p.Pictures("platform-provider-signer")
}

// calls asks the platform, with a new token of the service's own.
func (s *client) calls(method, path, body string, answer any) {
	s.t.Helper()
	base := s.w.URL("platform")
	token := base + "/api/realms/main/protocol/openid-connect/token"
	assertion, err := s.assertion(token)
	s.must(err)
	var given struct {
		AccessToken string `json:"access_token"`
	}
	got, err := http.PostForm(token, url.Values{
		"grant_type": {"client_credentials"}, "client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}, "client_assertion": {assertion},
	})
	s.must(err)
	defer got.Body.Close()
	s.must(json.NewDecoder(got.Body).Decode(&given))
	r, err := http.NewRequest(method, base+path, strings.NewReader(body))
	s.must(err)
	r.Header.Set("Authorization", "Bearer "+given.AccessToken)
	r.Header.Set("Content-Type", "application/json")
	reply, err := http.DefaultClient.Do(r)
	s.must(err)
	defer reply.Body.Close()
	if reply.StatusCode >= 300 {
		s.t.Fatalf("%s %s: %s", method, path, reply.Status)
	}
	s.must(json.NewDecoder(reply.Body).Decode(answer))
}

func (s *client) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *client) opensTransaction(text string) string {
	s.t.Helper()
	sum := sha256.Sum256([]byte(text))
	var begun struct {
		ID string `json:"sign_transaction_id"`
	}
	s.calls("POST", "/api/sign-transactions", `{"digest":"`+base64.StdEncoding.EncodeToString(sum[:])+`"}`, &begun)
	return begun.ID
}

// holds fetches a signature, and verifies it over the text.
func (s *client) holds(id, text string) {
	s.t.Helper()
	var given struct{ Result string }
	s.calls("GET", "/api/sign-transactions/"+id+"/result", "", &given)
	sealed, err := jose.ParseEncrypted(given.Result, []jose.KeyAlgorithm{jose.ECDH_ES}, []jose.ContentEncryption{jose.A256GCM})
	s.must(err)
	opened, err := sealed.Decrypt(s.enc)
	s.must(err)
	var signed struct{ Signature, Certificate []byte }
	s.must(json.Unmarshal(opened, &signed))
	cert, err := x509.ParseCertificate(signed.Certificate)
	s.must(err)
	sum := sha256.Sum256([]byte(text))
	s.must(rsa.VerifyPKCS1v15(cert.PublicKey.(*rsa.PublicKey), crypto.SHA256, sum[:], signed.Signature))
}
