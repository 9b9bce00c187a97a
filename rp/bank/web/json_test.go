package web_test

import (
	"net/http"
	"strings"
	"testing"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank/internal/double"
)

type accountFace struct {
	Account struct {
		Number, Holder string
		Balance        int64
	}
	Statement []struct {
		Kind   string
		Amount int64
	}
}

// opensByProgram opens an account over the JSON face.
func (b *browser) opensByProgram(who double.Person) accountFace {
	b.t.Helper()
	var draft struct {
		Document struct {
			Name, MediaType string
			Content         []byte
		}
	}
	b.calls("POST", "/accounts/draft", map[string]string{"purpose": "living", "branch": "201"}, &draft).says(200)
	if !strings.Contains(string(draft.Document.Content), "いろは支店") || draft.Document.MediaType != "text/plain" {
		b.t.Errorf("document %+v", draft.Document)
	}
	var opened accountFace
	cms := b.kit.Sign(who, string(draft.Document.Content))
	p := b.calls("POST", "/accounts", map[string][]byte{"cms": cms}, &opened).says(http.StatusCreated)
	if p.header.Get("Location") != "/accounts/"+opened.Account.Number {
		b.t.Errorf("location %q", p.header.Get("Location"))
	}
	return opened
}

func (b *browser) signsInByProgram(who double.Person) page {
	b.t.Helper()
	var challenge struct{ Nonce, Origin string }
	b.calls("POST", "/signin/challenge", nil, &challenge).says(200)
	if challenge.Origin != "http://localhost:8083" {
		b.t.Errorf("origin %q", challenge.Origin)
	}
	return b.calls("POST", "/signin", `{"token":`+string(b.kit.Authenticate(who, challenge.Nonce))+`}`, nil)
}

func TestAProgramDoesEverythingInJSON(t *testing.T) {
	s := newStreet(t)
	to := s.browser().opensByProgram(taro())
	opened := s.browser().opensByProgram(hanako())
	if opened.Account.Holder != "青葉　花子" || opened.Account.Balance != 10_000 {
		t.Errorf("opened %+v", opened)
	}
	b := s.browser()
	b.signsInByProgram(hanako()).says(200, opened.Account.Number)
	order := map[string]any{"to": to.Account.Number, "amount": 2_500, "memo": "お礼"}
	var first, again struct {
		Transfer struct{ Reference, ToName string }
	}
	b.calls("POST", "/transfers", order, &first, "Idempotency-Key", "the-key-0001").says(http.StatusCreated)
	b.calls("POST", "/transfers", order, &again, "Idempotency-Key", "the-key-0001").says(http.StatusCreated)
	if first != again || first.Transfer.ToName != "見本　太郎" {
		t.Errorf("transfers %+v and %+v", first, again)
	}
	b.calls("POST", "/transfers", order, nil).says(http.StatusBadRequest, "idempotency_key_missing")
	b.calls("POST", "/transfers", order, nil, "Idempotency-Key", "short").says(http.StatusBadRequest, `"idempotency_key"`)
	b.calls("GET", "/transfers/"+first.Transfer.Reference, nil, nil).says(200, "2500")
	var account accountFace
	b.calls("GET", "/accounts/"+opened.Account.Number, nil, &account).says(200)
	if account.Account.Balance != 7_500 || len(account.Statement) != 2 || account.Statement[0].Amount != -2_500 || account.Statement[1].Kind != "gift" {
		t.Errorf("account %+v", account)
	}
	b.calls("GET", "/accounts/"+opened.Account.Number+"/application", nil, nil).says(200, `"cms"`, `"record"`, hanako().Serial.String())
	b.calls("POST", "/signout", nil, nil).says(http.StatusNoContent)
	b.calls("GET", "/accounts/"+opened.Account.Number, nil, nil).says(401, "signed_out")
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
			p := b.calls("POST", tc.path, tc.in, &problem, "Idempotency-Key", "the-key-0002")
			if p.status != tc.status || problem.Code != tc.code || p.header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("%d %s: want %d %s", p.status, p.body, tc.status, tc.code)
			}
		})
	}
	s.kit.Refuse(&rp.RevokedError{Kind: jpki.UserAuthentication, Serial: hanako().Paired, Reason: jpki.KeyCompromise, At: s.clock()})
	b.signsInByProgram(hanako()).says(403, `"revoked"`, `"keyCompromise"`, "2026-11-03T05:05:07Z", hanako().Paired.String())
}

func TestHostileInputIsAProblemAndChangesNothing(t *testing.T) {
	s := newStreet(t)
	b := s.browser()
	b.drafts()
	b.fills("/accounts", "cms", "!!!").says(422, "読み取れませんでした")
	b.fills("/accounts", "cms", "").says(422)
	b.fills("/accounts", "cms", "AAAA").says(422)
	b.fills("/accounts").says(422)
	b.calls("POST", "/accounts", `{"cms":"`+strings.Repeat("A", 2<<20)+`"}`, nil).says(413, "too_large")
	b.fills("/accounts", "cms", strings.Repeat("A", 2<<20)).says(413)
	b.visits("/signin")
	b.fills("/signin", "token", "{").says(422)
	b.fills("/signin", "token", "{}").says(409) // the challenge is spent
	if p := b.send(b.request("DELETE", "/accounts", nil)); p.status != 405 {
		t.Errorf("DELETE: %d", p.status)
	}
	foreign := b.request("POST", "/accounts/draft", strings.NewReader("purpose=salary"))
	foreign.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	foreign.Header.Set("Sec-Fetch-Site", "cross-site")
	foreign.Header.Set("Origin", "http://evil.example")
	b.send(foreign).says(403)
	b.visits("/accounts/draft").says(200, "生計費の決済") // still the one of before
}
