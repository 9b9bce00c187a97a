package web_test

import (
	"net/http"
	"strings"
	"testing"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank/internal/double"
)

type accountBody struct {
	Account struct {
		Number, Holder string
		Balance        int64
	}
	Statement []struct {
		Kind   string
		Amount int64
	}
}

// opensByProgram opens an account over the JSON interface.
func (b *browser) opensByProgram(who double.Person) accountBody {
	b.t.Helper()
	var draft struct {
		Document struct {
			Name, MediaType string
			Content         []byte
		}
	}
	b.Calls("POST", "/accounts/draft", map[string]string{"purpose": "living", "branch": "201"}, &draft).Says(200)
	if !strings.Contains(string(draft.Document.Content), "いろは支店") || draft.Document.MediaType != "text/plain" {
		b.t.Errorf("document %+v", draft.Document)
	}
	var opened accountBody
	cms := b.kit.Sign(who, string(draft.Document.Content))
	p := b.Calls("POST", "/accounts", map[string][]byte{"cms": cms}, &opened).Says(http.StatusCreated)
	if p.Header.Get("Location") != "/accounts/"+opened.Account.Number {
		b.t.Errorf("location %q", p.Header.Get("Location"))
	}
	return opened
}

func (b *browser) signsInByProgram(who double.Person) webtest.Page {
	b.t.Helper()
	var challenge struct{ Nonce, Origin string }
	b.Calls("POST", "/signin/challenge", nil, &challenge).Says(200)
	if challenge.Origin != "http://localhost:8083" {
		b.t.Errorf("origin %q", challenge.Origin)
	}
	return b.Calls("POST", "/signin", `{"token":`+string(b.kit.Authenticate(who, challenge.Nonce))+`}`, nil)
}

func TestAProgramDoesEverythingInJSON(t *testing.T) {
	s := newStreet(t)
	to := s.browser().opensByProgram(taro())
	opened := s.browser().opensByProgram(hanako())
	if opened.Account.Holder != "青葉　花子" || opened.Account.Balance != 10_000 {
		t.Errorf("opened %+v", opened)
	}
	b := s.browser()
	b.signsInByProgram(hanako()).Says(200, opened.Account.Number)
	order := map[string]any{"to": to.Account.Number, "amount": 2_500, "memo": "お礼"}
	var first, again struct {
		Transfer struct{ Reference, ToName string }
	}
	b.Calls("POST", "/transfers", order, &first, "Idempotency-Key", "the-key-0001").Says(http.StatusCreated)
	b.Calls("POST", "/transfers", order, &again, "Idempotency-Key", "the-key-0001").Says(http.StatusCreated)
	if first != again || first.Transfer.ToName != "見本　太郎" {
		t.Errorf("transfers %+v and %+v", first, again)
	}
	b.Calls("POST", "/transfers", order, nil).Says(http.StatusBadRequest, "idempotency_key_missing")
	b.Calls("POST", "/transfers", order, nil, "Idempotency-Key", "short").Says(http.StatusBadRequest, `"idempotency_key"`)
	b.Calls("GET", "/transfers/"+first.Transfer.Reference, nil, nil).Says(200, "2500")
	var account accountBody
	b.Calls("GET", "/accounts/"+opened.Account.Number, nil, &account).Says(200)
	if account.Account.Balance != 7_500 || len(account.Statement) != 2 || account.Statement[0].Amount != -2_500 || account.Statement[1].Kind != "gift" {
		t.Errorf("account %+v", account)
	}
	b.Calls("GET", "/accounts/"+opened.Account.Number+"/application", nil, nil).Says(200, `"cms"`, `"record"`, hanako().Serial.String())
	b.Calls("POST", "/signout", nil, nil).Says(http.StatusNoContent)
	b.Calls("GET", "/accounts/"+opened.Account.Number, nil, nil).Says(401, "signed_out")
}

func TestAProgramIsToldWhyInACode(t *testing.T) {
	s := newStreet(t)
	to := s.browser().opensByProgram(taro()).Account.Number
	b := s.browser()
	b.opensByProgram(hanako())
	var problem struct {
		Status               int
		Code, Detail, Reason string
	}
	for _, tc := range []struct {
		name, path string
		in         any
		status     int
		code       string
	}{
		{"no money", "/transfers", map[string]any{"to": to, "amount": 10_001}, 409, "insufficient_funds"},
		{"no amount", "/transfers", map[string]any{"to": to}, 422, "amount"},
		{"an overflow", "/transfers", `{"to":"` + to + `","amount":9223372036854775808}`, 400, "malformed"},
		{"a fraction", "/transfers", `{"to":"` + to + `","amount":1.5}`, 400, "malformed"},
		{"nobody", "/transfers", map[string]any{"to": "0000000", "amount": 1}, 404, "no_account"},
		{"a member nobody knows", "/transfers", `{"to":"` + to + `","amount":1,"from":"` + to + `"}`, 400, "malformed"},
		{"two values", "/transfers", `{} {}`, 400, "malformed"},
		{"no JSON", "/transfers", `to=1`, 400, "malformed"},
		{"no purpose", "/accounts/draft", map[string]any{}, 422, "purpose"},
		{"no draft", "/accounts", map[string]any{"cms": ""}, 409, "no_draft"},
		{"no challenge", "/signin", `{"token":{}}`, 409, "no_challenge"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := b.Calls("POST", tc.path, tc.in, &problem, "Idempotency-Key", "the-key-0002")
			if p.Status != tc.status || problem.Code != tc.code || p.Header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("%d %s: want %d %s", p.Status, p.Body, tc.status, tc.code)
			}
		})
	}
	s.kit.Refuse(&rp.RevokedError{Kind: jpki.UserAuthentication, Serial: hanako().Paired, Reason: jpki.KeyCompromise, At: s.clock()})
	b.signsInByProgram(hanako()).Says(403, `"revoked"`, `"keyCompromise"`, "2026-11-03T05:05:07Z", hanako().Paired.String())
}

func TestHostileInputIsAProblemAndChangesNothing(t *testing.T) {
	s := newStreet(t)
	b := s.browser()
	b.drafts()
	b.Fills("/accounts", "cms", "!!!").Says(422, "読み取れませんでした")
	b.Fills("/accounts", "cms", "").Says(422)
	b.Fills("/accounts", "cms", "AAAA").Says(422)
	b.Fills("/accounts").Says(422)
	b.Calls("POST", "/accounts", `{"cms":"`+strings.Repeat("A", 2<<20)+`"}`, nil).Says(413, "too_large")
	b.Fills("/accounts", "cms", strings.Repeat("A", 2<<20)).Says(413)
	b.Visits("/signin")
	b.Fills("/signin", "token", "{").Says(422)
	b.Fills("/signin", "token", "{}").Says(409) // the challenge is spent
	if p := b.Sends("DELETE", "/accounts", ""); p.Status != 405 {
		t.Errorf("DELETE: %d", p.Status)
	}
	b.Posts("/accounts/draft", webtest.Form("purpose", "salary"), "Sec-Fetch-Site", "cross-site", "Origin", "http://evil.example").Says(403)
	b.Visits("/accounts/draft").Says(200, "生計費の決済") // still the one of before
}
