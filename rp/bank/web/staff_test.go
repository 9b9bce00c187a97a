package web_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank/internal/double"
)

// clerk is a browser of a member of staff.
func (s *street) clerk() *browser {
	s.t.Helper()
	b := s.browser()
	b.Visits("/staff/signin").Says(200, `data-testid="staff-signin"`, `<a href="http://localhost:8080/offices">「職員として入る」</a>にあります`)
	b.Fills("/staff/signin", "key", staffKey).Says(200, "業務のトップ")
	return b
}

func TestNobodyButStaffComesIn(t *testing.T) {
	s := newStreet(t)
	customer := s.browser()
	no := string(customer.opens(hanako()))
	s.finds(hanako(), rp.Changed, jpki.AffiliationChanged)
	for _, path := range []string{"/staff", "/staff/customers", "/staff/customers/" + no, "/staff/sweeps", "/staff/sweeps/1", "/staff/letters", "/staff/letters/1", "/branch", "/branch/customer"} {
		for who, b := range map[string]*browser{"anonymous": s.browser(), "a customer": customer} {
			p := b.Visits(path).Says(200, `data-testid="staff-signin"`, "行員としてサインインしてください", `name="next" value="`+path+`"`)
			if strings.Contains(p.Body, "花子</h1>") || !strings.HasPrefix(p.Path(), "/staff/signin?next=") {
				t.Errorf("%s sees at %s: %s", who, path, p.Body)
			}
		}
	}
	for _, path := range []string{"/staff/sweeps", "/staff/customers/" + no + "/open", "/staff/letters/1/printed", "/branch/touch", "/branch/end", "/staff/signout"} {
		customer.Fills(path).Says(401, "行員のサインインが必要です", "/staff/signin")
	}
	b := s.browser()
	b.Fills("/staff/signin", "key", "wrong").Says(403, "行員用の鍵が違います")
	b.Fills("/staff/signin").Says(403)
	b.Visits("/staff").Says(200, "行員のサインイン")
	if p := b.Fills("/staff/signin", "key", staffKey, "next", "/staff/letters"); p.Path() != "/staff/letters" {
		t.Errorf("the sign-in goes on to %s", p.Path())
	}
	c := s.clerk()
	c.Visits("/staff/signin").Says(200, "業務のトップ")
	c.Visits("/staff/comparison").Says(200, `data-testid="compare-chart"`, "行員用の画面", `action="/staff/comparison"`)
	c.Visits("/account").Says(401, "サインインしてください") // staff are no customer
	c.Fills("/staff/signout").Says(200, "行員のサインイン")
	c.Visits("/staff").Says(200, `data-testid="staff-signin"`)
}

// TestTheStaffKeyIsNotGuessed: after five wrong keys, typed or sent by a
// program, none is looked at for a minute; customers are not held up.
func TestTheStaffKeyIsNotGuessed(t *testing.T) {
	s := newStreet(t)
	b := s.browser()
	for range door.MaxWrongKeys - 1 {
		b.Fills("/staff/signin", "key", "guess").Says(403, "行員用の鍵が違います")
	}
	b.Calls("POST", "/staff/signin", map[string]string{"key": "guess"}, nil).Says(403, "staff_key")
	b.Fills("/staff/signin", "key", staffKey).Says(429, "60秒", "/staff/signin")
	b.Calls("POST", "/staff/signin", map[string]string{"key": staffKey}, nil).Says(429, "too_many_attempts")
	b.Visits("/staff").Says(200, `data-testid="staff-signin"`)
	s.browser().opens(hanako())
	s.waits(door.AttemptsTime)
	b.Calls("POST", "/staff/signin", map[string]string{"key": staffKey}, nil).Says(204)
}

func TestStaffConfirmAndReadTheReport(t *testing.T) {
	s := newStreet(t)
	no := string(s.browser().opens(hanako()))
	s.browser().opens(taro())
	s.kit.Find(hanako().Serial, rp.Changed, jpki.AffiliationChanged)
	c := s.clerk()
	c.Visits("/staff/sweeps").Says(200, `data-testid="sweep-run"`, "まだ行われていません")
	p := c.Fills("/staff/sweeps").Says(200, `data-testid="sweep-report"`, "失効していない", "異動していないことが確定", "失効していた",
		`href="/staff/waiting"`, "0.0秒", "<strong data-testid=\"sweep-fee\">0円", "0円 × 2件", "40円", "20円 × 2件", "3,740円")
	c.Visits("/staff/waiting").Says(200, `data-testid="sweep-waiting"`, no, "青＊　花＊", `href="/staff/letters/1"`)
	for id, want := range map[string]string{"sweep-changed": "1", "sweep-unchanged": "1", "sweep-asked": "1", "sweep-withheld": "0"} {
		if got := p.Text(id); got != want {
			t.Errorf("%s is %s: want %s", id, got, want)
		}
	}
	if p = c.Fills("/staff/sweeps"); p.Text("sweep-nobody") == "" || p.Text("sweep-changed") != "1" {
		t.Errorf("a second time: %s, changed %s", p.Text("sweep-nobody"), p.Text("sweep-changed"))
	}
	s.kit.Refuse(rp.ErrStatusUnavailable)
	c.Fills("/staff/sweeps").Says(200, `data-testid="sweep-failure"`, "どのお客さまの記録も変えていません", "回答がありませんでした")
	c.Visits("/staff/sweeps").Says(200, "失敗", "完了")
	c.Visits("/staff/sweeps/99").Says(404, "この変更確認の記録はありません", "/staff/sweeps")
	c.Visits("/staff").Says(200, `data-testid="waiting"`, "失敗")
}

func TestARecordIsMaskedUntilItIsOpened(t *testing.T) {
	s := newStreet(t)
	no := string(s.browser().opens(hanako()))
	c := s.clerk()
	for _, path := range []string{"/staff/customers", "/staff/customers/" + no} {
		if p := c.Visits(path).Says(200, "青＊　花＊", no); strings.Contains(p.Body, "花子") || strings.Contains(p.Body, "中央１丁目") {
			t.Errorf("%s shows the name", path)
		}
	}
	c.Fills("/staff/customers/"+no+"/open").Says(200, "青葉　花子", "青葉県みほん市中央１丁目１番１号", "行員が記録を開いた")
	other := s.clerk()
	if p := other.Visits("/staff/customers/" + no); strings.Contains(p.Body, "花子") {
		t.Error("one member of staff opens records for all")
	}
	c.Visits("/staff/customers/0000000").Says(404, "お客さまはいません")
	c.Visits("/staff/customers?account="+no).Says(200, no)
	c.Visits("/staff/customers?account=taro").Says(200, "7桁")
	c.Visits("/staff/customers?state=changed").Says(200, "該当するお客さまはいません")
	c.Visits("/staff/customers?state=withheld&page=999999999999999999999").Says(200)
}

func TestTheHistoryKeepsWhatWasOnRecord(t *testing.T) {
	s := newStreet(t)
	b := s.browser()
	no := string(b.opens(hanako()))
	b.signsForm(b.Fills("/changes/draft"), moved(hanako())).Says(200)
	s.clerk().Fills("/staff/customers/"+no+"/open").Says(200, "変更届を受け付けた", "青葉県みほん市中央１丁目１番１号", "若葉県いろは市港３丁目２番", hanako().Serial.String(), moved(hanako()).Serial.String(), "MC-")
}

func TestALetterIsPrinted(t *testing.T) {
	for _, tc := range []struct {
		state  rp.State
		reason jpki.Reason
		say    string
	}{
		{rp.Changed, jpki.AffiliationChanged, "はじめに</strong><br>お住まいの市区町村の窓口で、新しい署名用電子証明書の発行を受けてください。"},
		{rp.Revoked, jpki.CessationOfOperation, "電子証明書の失効に関するご照会"},
	} {
		s := newStreet(t)
		s.browser().opens(hanako())
		s.finds(hanako(), tc.state, tc.reason)
		c := s.clerk()
		c.Visits("/staff/letters").Says(200, "青＊　花＊", "まだ", `data-testid="letter-link"`)
		p := c.Visits("/staff/letters/1").Says(200, `data-testid="letter"`, "青葉　花子　様", "青葉県みほん市中央１丁目１番１号", "拝啓", "敬　具", "以　上", "令和8年11月3日", tc.say)
		if strings.Contains(p.Body, "{") {
			t.Errorf("%s: something is not filled in: %s", tc.state, p.Body)
		}
		c.Visits("/staff/letters/1?lang=en").Says(200, "Dear customer", "Yours faithfully")
		c.Visits("/staff/letters?lang=ja").Says(200)
		if p := c.Fills("/staff/letters/1/printed"); p.Path() != "/staff/letters" || strings.Contains(p.Body, "まだ") {
			t.Errorf("not printed: %s", p.Body)
		}
		c.Visits("/staff/letters/2").Says(404, "この照会状はありません")
	}
}

// TestALetterStaysAsItWasSent: it has the name and the address that were on record,
// also after the customer has registered new ones.
func TestALetterStaysAsItWasSent(t *testing.T) {
	s := newStreet(t)
	b := s.browser()
	b.opens(hanako())
	s.finds(hanako(), rp.Changed, jpki.AffiliationChanged)
	c := s.clerk()
	c.Fills("/staff/letters/1/printed").Says(200)
	b.signsForm(b.Fills("/changes/draft"), moved(hanako())).Says(200, "若葉県いろは市港３丁目２番")
	if p := c.Visits("/staff/letters/1").Says(200, "青葉県みほん市中央１丁目１番１号"); strings.Contains(p.Body, "若葉県") {
		t.Error("the letter has the address of after it")
	}
	s.finds(moved(hanako()), rp.Changed, jpki.AffiliationChanged)
	c.Visits("/staff/letters/3").Says(200, "若葉県いろは市港３丁目２番")
}

// TestOnlyAChangeIsPosted: who renewed, lost a card or let it expire finds a
// message in the inbox, and no letter is written.
func TestOnlyAChangeIsPosted(t *testing.T) {
	for _, tc := range []struct {
		state  rp.State
		reason jpki.Reason
		next   jpki.SerialNumber
		say    string
	}{
		{rp.Revoked, jpki.Superseded, "", "新しい電子証明書のお届けのお願い"},
		{rp.Revoked, jpki.KeyCompromise, "", "電子証明書の失効についてのご照会"},
		{rp.Revoked, jpki.KeyCompromise, "0705EA02", "再発行された電子証明書のお届けのお願い"},
		{rp.Suspended, jpki.CertificateHold, "", "カードの一時停止を確認しました"},
		{rp.Expired, 0, "", "電子証明書の更新のお願い"},
	} {
		s := newStreet(t)
		b := s.browser()
		b.opens(hanako())
		if tc.next != "" {
			s.kit.Follows(tc.next, hanako().Serial)
		}
		s.finds(hanako(), tc.state, tc.reason)
		p := b.Visits("/inbox/1").Says(200, tc.say)
		if strings.Contains(p.Body, "{") {
			t.Errorf("%s: something is not filled in: %s", tc.state, p.Body)
		}
		c := s.clerk()
		c.Visits("/staff/letters").Says(200, "印刷する照会状はありません")
		c.Visits("/staff/letters/1").Says(404, "この照会状はありません")
		c.Fills("/staff/sweeps")
		if p := c.Visits("/staff/waiting"); strings.Contains(p.Body, "/staff/letters/1") {
			t.Errorf("%s: the list leads to a letter", tc.state)
		}
	}
}

// TestTheReportAndTheRecordTellOfARenewal: the clerk sees who was followed, and
// to which certificate.
func TestTheReportAndTheRecordTellOfARenewal(t *testing.T) {
	s := newStreet(t)
	b := s.browser()
	no := string(b.opens(hanako()))
	s.kit.Find(hanako().Serial, rp.Revoked, jpki.Superseded)
	s.kit.Follows("0705EA02", hanako().Serial)
	c := s.clerk()
	p := c.Fills("/staff/sweeps").Says(200, "電子証明書の更新をたどり、異動がないことを確認したお客さま")
	for id, want := range map[string]string{"sweep-followed": "1", "sweep-nobody": "新たなお知らせはありません。", "sweep-unchanged": "1", "sweep-revoked": "0"} {
		if got := p.Text(id); got != want {
			t.Errorf("%s is %s: want %s", id, got, want)
		}
	}
	c.Fills("/staff/customers/"+no+"/open").Says(200, "異動なし", "0705EA02", hanako().Serial.String(), "更新された署名用電子証明書を確認し")
	b.Visits("/inbox").Says(200, "お知らせはありません")
	b.Visits("/consent").Says(200, "0705EA02")
	var in struct {
		Report struct{ Followed, Questions, Reissued int }
	}
	s.kit.Find("0705EA02", rp.Revoked, jpki.KeyCompromise)
	s.kit.Follows("0705EA03", "0705EA02")
	c.Calls("POST", "/staff/sweeps", nil, &in).Says(201)
	if in.Report.Followed != 0 || in.Report.Questions != 2 || in.Report.Reissued != 1 {
		t.Errorf("after a loss %+v", in.Report)
	}
	c.Visits("/staff/customers?state=reissued").Says(200, no, "再発行（未確認）")
	c.Fills("/staff/customers/"+no+"/open").Says(200, "0705EA03", "それまでの異動の有無は未確認")
}

// touches plays card.js, the kiosk and its form post; the answer comes from a
// page of the agent's origin and without a cookie, as from another site.
func (c *browser) touches(fields url.Values, p webtest.Page) string {
	c.t.Helper()
	back, err := url.Parse(p.Attribute("data-jpki-return"))
	if err != nil || !strings.HasPrefix(back.String(), "http://localhost:8083/branch/return?touch=") {
		c.t.Fatalf("return %s, %v", back, err)
	}
	another := webtest.NewBrowser(c.t, c.URL).WithoutRedirects() // without a cookie
	return another.Posts(back.RequestURI(), fields, "Origin", "http://localhost:8082", "Sec-Fetch-Site", "cross-site").Header.Get("Location")
}

func (c *browser) touchesWith(who double.Person) webtest.Page {
	c.t.Helper()
	p := c.Fills("/branch/touch").Says(200, "face-kiosk", `data-jpki-face="kiosk"`)
	to := c.touches(url.Values{"token": {string(c.kit.Authenticate(who, p.Attribute("data-jpki-nonce")))}}, p)
	if to != "/branch/customer" {
		c.t.Errorf("the answer leads to %q", to)
	}
	return c.Visits("/branch/customer")
}

func TestATouchAtTheCounterFindsTheCustomer(t *testing.T) {
	s := newStreet(t)
	no := string(s.browser().opens(hanako()))
	s.finds(hanako(), rp.Changed, jpki.AffiliationChanged)
	c := s.clerk()
	c.Visits("/branch").Says(200, `data-testid="branch-touch"`)
	c.Visits("/branch/customer").Says(409, "表示できる時間が終わりました")
	p := c.touchesWith(hanako()).Says(200, `data-testid="branch-customer"`, "青葉　花子", "みほん中央支店", no, "変更届のお願い")
	if strings.Contains(p.Body, "10,000円") || strings.Contains(p.Body, "中央１丁目") || strings.Contains(p.Body, "昭和55年") {
		t.Errorf("the teller sees more than the touch allows: %s", p.Body)
	}
	s.clerk().Visits("/branch/customer").Says(409) // another counter sees nothing
	s.waits(5*time.Minute + time.Second)
	c.Visits("/branch/customer").Says(409, "表示できる時間が終わりました", "/branch")
	c.touchesWith(hanako()).Says(200)
	c.Fills("/branch/end").Says(200, `data-testid="branch-begin"`)
	c.Visits("/branch/customer").Says(409)
}

func TestATouchIsAnsweredOnce(t *testing.T) {
	s := newStreet(t)
	s.browser().opens(hanako())
	c := s.clerk()
	p := c.Fills("/branch/touch")
	answer := url.Values{"token": {string(s.kit.Authenticate(hanako(), p.Attribute("data-jpki-nonce")))}}
	c.touches(answer, p)
	if to := c.touches(answer, p); to != "" {
		t.Errorf("a second answer leads to %s", to)
	}
	p = c.Fills("/branch/touch")
	s.waits(5*time.Minute + time.Second)
	answer = url.Values{"token": {string(s.kit.Authenticate(hanako(), p.Attribute("data-jpki-nonce")))}}
	if to := c.touches(answer, p); to != "" {
		t.Errorf("a late answer leads to %s", to)
	}
	c.Fills("/branch/return?touch=NOSUCH", "token", "{}").Says(409, "このカードの回答は受け付けられません")
}

func TestTheTellerIsToldWhyATouchFindsNobody(t *testing.T) {
	s := newStreet(t)
	s.browser().opens(hanako())
	c := s.clerk()
	c.touchesWith(taro()).Says(404, "当行のお客さまではありません", "/accounts/new", "/changes/new", "/branch")
	for _, tc := range []struct {
		kit    error
		status int
		say    string
	}{
		{&rp.RevokedError{Kind: jpki.UserAuthentication, Reason: jpki.KeyCompromise, At: s.clock()}, 403, "失効"},
		{&rp.RevokedError{Kind: jpki.UserAuthentication, Reason: jpki.CertificateHold, At: s.clock()}, 403, "一時停止"},
		{rp.ErrExpired, 403, "有効期間が過ぎています"},
		{rp.ErrStatusUnavailable, 503, "有効性を確認できません"},
		{rp.ErrNotAccredited, 503, "有効性を確認できません"},
		{rp.ErrChain, 403, "確認ができませんでした"},
	} {
		s.kit.Refuse(tc.kit)
		if p := c.touchesWith(hanako()).Says(tc.status, tc.say, `href="/branch"`); strings.Contains(p.Body, "花子") {
			t.Errorf("%v: the name is shown", tc.kit)
		}
	}
	s.kit.Refuse(nil)
	for code, say := range map[string]string{"cancelled": "取り消されました", "pin_blocked": "ロックされています", "wrong_pin": "暗証番号が違います",
		"dead_card": "読み取れませんでした", "<script>" + strings.Repeat("x", 40): "確認ができませんでした"} {
		c.touches(url.Values{"error": {code}, "message": {"…"}}, c.Fills("/branch/touch"))
		p := c.Visits("/branch/customer").Says(map[bool]int{true: 403, false: 409}[strings.Contains(code, "pin")], say)
		if strings.Contains(p.Body, "<script>x") {
			t.Error("what the agent's page sent is not escaped")
		}
	}
}

func TestAProgramConfirmsTheCustomers(t *testing.T) {
	s := newStreet(t)
	s.browser().opensByProgram(hanako())
	c := s.browser()
	c.Calls("POST", "/staff/sweeps", nil, nil).Says(401, "staff_signed_out")
	c.Calls("POST", "/staff/signin", map[string]string{"key": "x"}, nil).Says(403, "staff_key")
	c.Calls("POST", "/staff/signin", map[string]string{"key": staffKey}, nil).Says(204)
	s.kit.Find(hanako().Serial, rp.Changed, jpki.AffiliationChanged)
	var in struct {
		Report struct{ ID, Asked, Changed, Questions int }
	}
	p := c.Calls("POST", "/staff/sweeps", nil, &in).Says(201)
	if in.Report.Changed != 1 || in.Report.Asked != 1 || in.Report.Questions != 1 || p.Header.Get("Location") != "/staff/sweeps/1" {
		t.Errorf("report %+v", in)
	}
	b := s.browser()
	b.signsInByProgram(hanako()).Says(200)
	b.Calls("GET", "/inbox", nil, nil).Says(200, `"kind":"changed"`, `"asksChange":true`, "affiliationChanged")
	var draft struct{ Document struct{ Content []byte } }
	b.Calls("POST", "/changes/draft", map[string]string{}, &draft).Says(200)
	b.Calls("POST", "/changes", map[string][]byte{"cms": b.kit.Sign(taro(), string(draft.Document.Content))}, nil).Says(403, "another_person")
	b.Calls("POST", "/changes", map[string][]byte{"cms": b.kit.Sign(moved(hanako()), string(draft.Document.Content))}, nil).Says(200, "若葉県いろは市港３丁目２番")
	b.Calls("POST", "/consent/withdraw", nil, nil).Says(204)
	b.Calls("GET", "/consent", nil, nil).Says(200, `"stands":false`)
}
