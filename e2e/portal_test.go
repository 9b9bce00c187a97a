package e2e

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/mxschmitt/playwright-go"

	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/seed"
)

// entersThePortal signs in at the portal.
func (p *Person) entersThePortal() {
	p.t.Helper()
	p.Goes("portal", "/signin")
	p.inTheCardWindowOf("portal", "signin-button", func() { p.TypesPIN(p.Card.AuthenticationPIN) })
	p.Sees("to-box")
}

// signsAtThePortal signs the document on the screen.
func (p *Person) signsAtThePortal() {
	p.t.Helper()
	p.inTheCardWindowOf("portal", "sign-button", func() { p.TypesPIN(p.Card.SignaturePIN) })
}

// worksFor signs somebody in at a desk of a small business.
func (p *Person) worksFor(trade string) {
	p.t.Helper()
	p.Goes("utility", "/"+trade+"/desk")
	p.Types("staff-key", seed.UtilityStaffKey(trade))
	p.Clicks("staff-enter")
	p.Sees("customers")
}

// runsThePortal signs the operator in.
func (p *Person) runsThePortal() {
	p.t.Helper()
	p.Goes("portal", "/staff")
	p.Types("staff-key", seed.PortalStaffKey)
	p.Clicks("staff-enter")
	p.Sees("figures")
}

// seesRow waits until a partner's row is in a state.
func (p *Person) seesRow(trade, state string) {
	p.t.Helper()
	p.must(p.expect(p.found("row-"+trade)).ToHaveAttribute("data-state", state), "see %s %s", trade, state)
}

// opensTheLetter opens the first letter of a title in the box.
func (p *Person) opensTheLetter(title string) {
	p.t.Helper()
	p.Goes("portal", "/box")
	p.must(p.found("letter").Filter(playwright.LocatorFilterOptions{HasText: title}).First().Click(), "open %s", title)
	p.Reads("title", title, title)
}

// movesToTheSouth lets somebody move at the counter, with a new certificate.
func (w *World) movesToTheSouth(t *testing.T, id string) {
	t.Helper()
	officer := w.officer(t, "mado-1", ui.Japanese)
	officer.Takes(id, act{event: "move-house", fields: map[string]string{"address": "みなみ町１番"}, effects: []string{signatureEnds, loginStays}})
	officer.Clicks("next-reissue")
	reissue := act{event: "reissue", fields: map[string]string{"kinds": "digital-signature"}, effects: []string{signatureIssued, loginStays}}
	officer.Prepares(reissue)
	officer.Confirms(reissue)
}

// 花子 moves: the portal notices it, invites her, takes one signature, and tells five
// businesses, of which one is down for three days, one asks back and one refuses.
func TestHanakoMovesEveryAddressWithOneSignature(t *testing.T) {
	t.Parallel()
	w := NewWorld(t)
	w.Foresees("denryoku")
	account := w.becomesACustomer(t, "hanako")
	w.connects(t, "hanako", "bank", account)
	w.movesToTheSouth(t, "hanako")

	operator := w.stranger(t, "operator", ui.Japanese)
	operator.runsThePortal()
	operator.Clicks("watch")
	operator.Reads("invited", "1", "")
	operator.Goes("portal", "/staff/mails")
	operator.IsTold("hanako@example.jp", "")
	operator.Pictures("portal-mails")

	w.switches("utility", "denryoku-silent", true)
	hanako := w.As(t, "hanako")
	hanako.entersThePortal()
	hanako.Sees("invitation")
	hanako.Pictures("portal-me")
	hanako.opensTheLetter("住所・氏名の変更手続のご案内")
	hanako.Goes("portal", "/me")
	hanako.Clicks("to-apply")
	hanako.Types("answer-gas", "来週の土曜日、午前")
	hanako.Pictures("portal-apply")
	hanako.Clicks("draft-button")
	hanako.Reads("sheets", "2201345", "")
	hanako.Pictures("portal-sign")
	hanako.signsAtThePortal()
	for trade, state := range map[string]string{"bank": "done", "cable": "done", "gas": "done", "mobile": "done", "suido": "accepted", "songai": "accepted", "denryoku": "waiting"} {
		hanako.seesRow(trade, state)
	}
	hanako.Reads("row-denryoku", "送信待ち", "")
	hanako.seesWithoutScrolling("row-songai") // of seven, the last
	hanako.Reads("new-address", "青葉県みほん市みなみ町１番", "")
	hanako.Pictures("portal-result")

	clerk := w.stranger(t, "clerk", ui.Japanese)
	clerk.worksFor("suido")
	clerk.Reads("waiting", "1件", "")
	clerk.Clicks("case")
	clerk.Types("question", "メーターの番号をお知らせください。")
	clerk.Clicks("ask")
	hanako.seesRow("suido", "asked-back") // by itself
	hanako.Types("answer", "A-1234")
	hanako.Clicks("reply")
	hanako.seesRow("suido", "accepted")
	clerk.worksFor("songai")
	clerk.Pictures("utility-desk")
	clerk.Clicks("case")
	clerk.Pictures("utility-case")
	clerk.Types("reason", "ご契約が満期を過ぎています。")
	clerk.Clicks("reject")
	hanako.seesRow("songai", "rejected")
	hanako.Reads("row-songai", "満期を過ぎています", "")

	for range 3 {
		w.Advances(24 * time.Hour)
	}
	operator.runsThePortal()
	operator.Reads("open", "応答なし", "")
	operator.Pictures("portal-operator")
	w.switches("utility", "denryoku-silent", false)
	w.Advances(7 * time.Hour)
	operator.runsThePortal()
	operator.Sees("none-open")
	operator.Reads("done", "6", "")

	hanako.entersThePortal()
	hanako.Clicks("to-application")
	hanako.Sees("all-decided")
	hanako.Pictures("portal-decided")
	hanako.printsOnOnePage()
	hanako.opensTheLetter("手続き完了のお知らせ")
	hanako.Reads("body", "みほん損害保険　不受理", "")
	hanako.Pictures("portal-letter")
	hanako.printsOnOnePage()
	hanako.opensTheLetter("転居に伴う手続のご案内") // of the municipality
	hanako.Reads("body", "署名用電子証明書", "")
	hanako.opensTheLetter("変更届を受け付けました") // of the bank, as in its inbox
	hanako.Goes("portal", "/box")
	hanako.Pictures("portal-box")
	hanako.opensTheLetter("変更の手続が完了しました")
	hanako.sealIsGood()
	clerk.worksFor("denryoku")
	clerk.Reads("customers", "青葉県みほん市みなみ町１番", "")
	clerk.signsInAtDesk("operator", "contracts")
	clerk.Clicks("contract-100871")
	clerk.Reads("installed-at", "青葉県みほん市みなみ町１番", "")
	teller := w.clerk(t, ui.Japanese)
	teller.OpensTheRecordOf(account)
	teller.Reads("record", "青葉県みほん市みなみ町１番", "")
}

// connects connects somebody with a partner, without a browser.
func (w *World) connects(t *testing.T, id, partner, customer string) {
	t.Helper()
	c, who, portal := newCaller(t), w.persona(id), w.URL("portal")
	var challenge struct {
		Nonce  string `json:"nonce"`
		Origin string `json:"origin"`
	}
	var token json.RawMessage
	c.asks(portal+"/signin/challenge", "", map[string]any{}, &challenge)
	c.asks(w.URL("card")+"/v1/authenticate", "", map[string]any{
		"card": who.CardID(), "pin": who.Card.AuthenticationPIN, "origin": challenge.Origin, "nonce": challenge.Nonce,
	}, &token)
	c.asks(portal+"/signin", "", map[string]any{"token": token}, nil)
	if status := c.asks(portal+"/partners/"+partner, "", map[string]any{"customer": customer, "consent": true}, nil); status != http.StatusCreated {
		t.Fatalf("%s is not connected with %s: status %d", id, partner, status)
	}
}

// sealIsGood saves the letter that is open, and verifies it as anybody could.
func (p *Person) sealIsGood() {
	p.t.Helper()
	read := func(name string) []byte {
		resp, err := p.page.Request().Get(p.page.URL() + "/" + name)
		p.must(err, "save %s", name)
		body, err := resp.Body()
		p.must(err, "read %s", name)
		return body
	}
	var set jose.JSONWebKeySet
	p.must(json.Unmarshal(read("keys.json"), &set), "read the keys")
	jws, err := jose.ParseSignedCompact(string(read("sealed.jws")), []jose.SignatureAlgorithm{jose.ES256})
	p.must(err, "read the sealed letter")
	text, err := jws.Verify(set.Keys[0])
	p.must(err, "verify the seal")
	if !bytes.Contains(text, []byte("お申込みのとおり")) {
		p.t.Errorf("the sealed letter says %s", text)
	}
}

// 由美 has moved and has no new certificate: she is told to get one first, and is invited to
// apply when she has it. 美咲 enrols, and
// takes a consent back. Nobody else's pages open.
func TestOthersAtThePortal(t *testing.T) {
	t.Parallel()
	w := NewWorld(t)
	w.Advances(32 * 24 * time.Hour)
	taro := w.As(t, "taro")
	taro.entersThePortal()
	taro.opensTheLetter("医療費のお知らせ") // of the insurer, for the month before
	taro.Reads("body", "窓口でのご負担の割合　　3割", "")
	yumi := w.asIn(t, "yumi", ui.English)
	yumi.Goes("portal", "/")
	yumi.Pictures("portal-front")
	yumi.entersThePortal()
	yumi.Sees("needs-certificate")
	yumi.Pictures("portal-needs")
	yumi.opensTheLetter("はじめに新しい署名用電子証明書の発行を受けてください")
	w.counterOf(t, "yumi").Takes("yumi", act{
		event: "reissue", fields: map[string]string{"kinds": "digital-signature"}, effects: []string{signatureIssued, loginStays},
	})
	yumi.entersThePortal() // the portal looks at once
	yumi.Sees("invitation")
	yumi.opensTheLetter("住所・氏名の変更手続のご案内")
	yumi.Goes("portal", "/apply")
	yumi.Clicks("draft-button")
	yumi.signsAtThePortal()
	yumi.seesRow("denryoku", "done")
	yumi.seesRow("mobile", "done")

	misaki := w.asIn(t, "misaki", ui.English)
	misaki.Goes("portal", "/signin")
	misaki.Pictures("portal-signin")
	misaki.inTheCardWindowOf("portal", "signin-button", func() { misaki.TypesPIN(misaki.Card.AuthenticationPIN) })
	misaki.Types("mail", "misaki@example.jp")
	misaki.Pictures("portal-enrol")
	misaki.Clicks("draft-button")
	misaki.signsAtThePortal()
	misaki.Sees("welcome")
	misaki.Types("customer-gas", "2201345") // 花子's
	misaki.must(misaki.found("consent-gas").Check(), "consent")
	misaki.Clicks("connect-gas")
	misaki.isRefused("お客さま番号を確認できませんでした", "The customer number could not be confirmed")
	misaki.Goes("portal", "/partners")
	misaki.Types("customer-gas", "2201369")
	misaki.must(misaki.found("consent-gas").Check(), "consent")
	misaki.Clicks("connect-gas")
	misaki.Sees("withdraw-gas")
	misaki.Pictures("portal-partners")
	misaki.Clicks("withdraw-gas")
	misaki.Sees("connect-gas")
	misaki.Goes("portal", "/box/1") // 由美's
	misaki.isRefused("お探しのものは見つかりません", "Nothing is here for you")

	resp, err := http.Get(w.Peer("portal") + "/box/1/sealed.jws")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if body, err := io.ReadAll(resp.Body); err != nil || resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("to a stranger: %s %s %v", resp.Status, body, err)
	}
}
