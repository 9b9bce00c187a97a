package web_test

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/medical/db"
	"example.jp/jpkimock/medical/gateway"
	gatewaydb "example.jp/jpkimock/medical/gateway/db"
	"example.jp/jpkimock/medical/gateway/merchant"
	gatewayweb "example.jp/jpkimock/medical/gateway/web"
	"example.jp/jpkimock/medical/insurer"
	"example.jp/jpkimock/medical/payment"
	"example.jp/jpkimock/medical/web"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/rptest"
)

// till is a town whose institutions have cashiers, with the card company's gateway.
type till struct {
	*town
	bills   payment.Store // the hospital's
	gateway *gateway.Gateway
	at      string // the gateway's URL
	gate    string // the beginning of the paths at which the gateway does not answer, or loses its answer
	lost    bool
}

func newTill(t *testing.T) *till {
	t.Helper()
	w := &till{town: townOf(t)}
	w.pays = func(at string, i *web.Institution, visits *db.Reception) {
		if w.gateway == nil {
			w.at = webtest.Serve(t, func(pay string) http.Handler { return w.opensGateway(at, pay) })
		}
		i.Cashier = &payment.Cashier{Gateway: merchant.Client{URL: w.at, Key: i.ID + "-shop"}, Store: visits.Bills(), Now: w.Clock.Now}
		i.Mail = merchant.NewMailbox("secret", w.Clock.Now)
		if i.ID == "hospital" {
			w.bills = i.Cashier.Store
		}
	}
	w.url = webtest.Serve(t, w.opens)
	return w
}

func (w *till) opensGateway(at, pay string) http.Handler {
	store, err := gatewaydb.Open(filepath.Join(w.dir, "gateway.db"))
	webtest.Must(w, err)
	w.Cleanup(func() { _ = store.Close() })
	linkage, err := rp.NewLinkage(rp.LinkageConfig{AuthorityURL: w.World.URL(), Key: rptest.VerifierKey})
	webtest.Must(w, err)
	cfg := gateway.Config{Verifier: w.Verifier(pay), Linkage: linkage, Store: store, PublicURL: pay, Now: w.Clock.Now, Deliver: func(ctx context.Context, to *gateway.Merchant, body []byte) error {
		return merchant.Deliver(ctx, to.Hook, "secret", w.Clock.Now(), body)
	}}
	for _, id := range []string{"hospital", "clinic"} {
		cfg.Merchants = append(cfg.Merchants, &gateway.Merchant{ID: id, Name: id, NameEN: id, Key: id + "-shop", Origin: at, Hook: at + "/" + id + "/notices", Verifier: w.Verifier(at)})
	}
	w.gateway, err = gateway.New(cfg)
	webtest.Must(w, err)
	pages, err := gatewayweb.New(gatewayweb.Config{Gateway: w.gateway, PublicURL: pay, AgentURL: agent, StaffKey: "staff", Now: w.Clock.Now})
	webtest.Must(w, err)
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		fails, lost := w.gate != "" && strings.HasPrefix(r.URL.Path, w.gate), w.lost
		w.mu.Unlock()
		if fails && lost {
			pages.ServeHTTP(nobody{http.Header{}}, r)
		}
		if fails {
			panic(http.ErrAbortHandler)
		}
		pages.ServeHTTP(rw, r)
	})
}

// nobody hears an answer.
type nobody struct{ header http.Header }

func (n nobody) Header() http.Header         { return n.header }
func (n nobody) Write(p []byte) (int, error) { return len(p), nil }
func (n nobody) WriteHeader(int)             {}

// fails silences the gateway at some paths, or has it lose its answers there.
func (w *till) fails(path string, lost bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.gate, w.lost = path, lost
}

// registers registers a credit card for somebody, at the gateway's own page.
func (w *till) registers(who, number string) {
	w.Helper()
	b := webtest.NewBrowser(w, w.at)
	nonce := b.Visits("/").Says(200).Attribute("data-jpki-nonce")
	b.Fills("/signin", "token", string(w.Card(who).Authenticate(w.at, nonce)))
	b.Fills("/card", "number", number, "ends", "12/30", "code", "987").Says(200, number[12:])
}

// billed checks somebody in and makes the bill of a first visit.
func (w *till) billed(who, visit string) *webtest.Browser {
	w.Helper()
	m, _ := w.insures(who, kenpo, func(p *insurer.Insured) { p.Name = nameOf(who) })
	w.linked(who, m)
	return w.bill(visit)
}

// nameOf is somebody's name, long enough to be searched for in files.
func nameOf(who string) string { return who + "-no-namae" }

func (w *till) bill(visit string) *webtest.Browser {
	w.Helper()
	desk := w.staff("/hospital/desk", "hospital-staff")
	for _, act := range []string{"D1", "D1 0", "D1 two", "D1 2 ", "D1  2", "D1 -1", "D1 100", "Z9 1"} {
		desk.Fills("/hospital/desk/visits/"+visit+"/bill", "act", "A1 1", "act", act).Says(422, "会計の内容をお確かめください")
	}
	desk.Fills("/hospital/desk/visits/"+visit+"/bill", "act", "A1 1", "act", "", "act", "D1 2").Says(200, "600 点", "1,800円", "お支払い待ち")
	return desk
}

// pays lets somebody pay at the terminal with a ticket, and gives the page that follows.
func (w *till) touches(who, ticket, lang string) webtest.Page {
	w.Helper()
	p := w.patient(who)
	p.Visits("/hospital/pay?lang=" + lang).Says(200)
	page := p.Fills("/hospital/pay", "no", ticket).Says(200)
	if page.Path() != "/hospital/pay/bill" {
		return page
	}
	asked := p.Visits("/hospital/pay/card")
	if !strings.Contains(asked.Body, "data-jpki-nonce") {
		return asked
	}
	token := p.Card(who).Authenticate(p.url, asked.Attribute("data-jpki-nonce"))
	return p.posts(asked, webtest.Form("token", string(token)))
}

// From the visit to the receipt, with one touch: and each party has what is its own.
func TestAVisitIsPaidByATouch(t *testing.T) {
	w := newTill(t)
	w.registers("taro", "9990000000000003")
	desk := w.billed("taro", "1")
	p := w.patient("taro")
	p.Fills("/hospital/pay", "no", "99").Says(422, "この番号の会計は、まだありません")
	p.Fills("/hospital/pay", "no", "1").Says(200, "1,800円").Lacks("taro", "初診料")
	page := w.touches("taro", "1", "ja").Says(200, "お支払いが終わりました", "MIHON •••• 0003", "渡ったもの", "渡らなかったもの", "病名")
	if page.Attribute("data-state") != "paid" {
		t.Errorf("the page is %s", page.Attribute("data-state"))
	}
	w.touches("taro", "1", "en").Says(200, "It is paid") // a second touch charges nothing
	desk.Visits("/hospital/desk/visits/1/bill").Says(200, "支払い済み", "•••• 0003")
	desk.Visits("/hospital/desk/visits/1/receipt").Says(200, "領収書", "taro", "1,800円", "6,000円", "30%", "クレジットカード", "9910000011")
	desk.Visits("/hospital/desk/visits/1/statement").Says(200, "診療明細書", "初診料", "血液の検査一式", "600")
	if all, _, err := w.gateway.Ledger(t.Context()); err != nil || len(all) != 1 || all[0].State != merchant.Captured || all[0].Amount != 1800 {
		t.Errorf("the gateway has %+v, %v", all, err)
	}
	w.lacks("hospital", "9990000000000003", "999000000000", w.Card("taro").Serial(jpki.UserAuthentication).String())
	w.lacks("gateway", nameOf("taro"), "初診料", "血液", "\"lines\"", "06990014", "9990000000000003")
	w.lacks("platform", "•••", "9990000000000003")
	w.lacks("clinic", nameOf("taro"), "\"brand\"", "初診料")
}

// Each reason for which nothing is paid is a sentence, in both languages, and nothing is
// charged; the bill is paid in cash then.
func TestWhatIsNotPaidIsSaid(t *testing.T) {
	w := newTill(t)
	desk := w.billed("taro", "1")
	w.touches("taro", "1", "ja").Says(200, "お支払いできませんでした", "クレジットカードが登録されていません", "請求は行われていません")
	for number, says := range map[string][2]string{
		"9990000000000300": {"カードの利用枠が足りません", "limit is not enough"}, "9990000000000409": {"紛失の届出", "reported lost"},
		"9990000000000508": {"クレジットカードの有効期限", "credit card has expired"}, "9990000000000607": {"認めませんでした", "does not allow it"},
	} {
		w.registers("taro", number)
		w.touches("taro", "1", "ja").Says(200, says[0], "請求は行われていません")
		w.touches("taro", "1", "en").Says(200, says[1], "Nothing was charged")
	}
	w.registers("taro", "9990000000000003")
	w.fails("/v1", false)
	w.touches("taro", "1", "ja").Says(200, "カード会社が応答していません")
	w.fails("", false)
	garbage := func([]byte, []byte) []byte { return []byte("nothing") }
	for _, c := range []struct {
		begin, end func()
		ja, en     string
	}{
		{func() { w.TamperOCSP(garbage) }, func() { w.TamperOCSP(nil) }, "ただいま電子証明書を確認できません", "cannot be checked at present"},
		{w.SuspendAccreditation, w.Reaccredit, "ただいま電子証明書を確認できません", "cannot be checked at present"},
		{func() { w.Suspend("taro", jpki.UserAuthentication) }, func() { w.Resume("taro", jpki.UserAuthentication) }, "一時停止されています", "is suspended"},
		{func() { w.Revoke("taro", jpki.UserAuthentication, jpki.KeyCompromise) }, func() {}, "失効しています", "has been revoked"},
	} {
		c.begin()
		w.touches("taro", "1", "ja").Says(200, c.ja, "請求は行われていません")
		w.touches("taro", "1", "en").Says(200, c.en, "Nothing was charged")
		c.end()
	}
	for _, p := range w.payments() {
		if p.State != merchant.Declined {
			t.Errorf("something was charged: %+v", p)
		}
	}
	desk.Visits("/hospital/desk/cashier").Says(200, "対応が必要な会計", "カード拒否・未払い")
	desk.Fills("/hospital/desk/visits/1/cash").Says(200, "支払い済み", "現金")
}

func (w *till) payments() []gateway.Payment {
	w.Helper()
	all, _, err := w.gateway.Ledger(w.Context())
	webtest.Must(w, err)
	return all
}

// The holder confirms at the gateway's page and comes back; an answer that was lost after
// the charge leaves the bill in doubt, until somebody asks or a notice comes.
func TestAConfirmationAndALostAnswer(t *testing.T) {
	w := newTill(t)
	w.registers("taro", "9990000000000201")
	desk := w.billed("taro", "1")
	p := w.patient("taro")
	p.Fills("/hospital/pay", "no", "1").Says(200)
	asked := p.Visits("/hospital/pay/card").Says(200)
	to, err := url.Parse(asked.Attribute("action"))
	webtest.Must(t, err)
	token := string(p.Card("taro").Authenticate(p.url, asked.Attribute("data-jpki-nonce")))
	sent := webtest.NewBrowser(t, p.url).WithoutRedirects().Posts(to.Path, webtest.Form("token", token), "Origin", agent, "Sec-Fetch-Site", "cross-site").Says(303)
	confirm := strings.TrimPrefix(p.Visits(sent.Header.Get("Location")).Says(200, "確認が、まだ終わっていません").Header.Get("Refresh"), "0; url=")
	if !strings.HasPrefix(confirm, w.at+"/confirm/") {
		t.Fatalf("it leads to %s", confirm)
	}
	p.Visits("/hospital/pay/bill").Says(200, "確認が、まだ終わっていません")
	back := webtest.NewBrowser(t, w.at).WithoutRedirects().Fills(strings.TrimPrefix(confirm, w.at), "answer", "yes").Says(303).Header.Get("Location")
	p.Visits(strings.TrimPrefix(back, w.url)).Says(200, "お支払いが終わりました")

	w.registers("taro", "9990000000000003")
	for i, settle := range []func(visit string){
		func(visit string) { desk.Fills("/hospital/desk/visits/"+visit+"/ask").Says(200, "支払い済み") },
		func(visit string) {
			w.Clock.Advance(time.Minute)
			webtest.Must(t, w.gateway.Sweep(t.Context()))
			desk.Visits("/hospital/desk/visits/"+visit+"/bill").Says(200, "支払い済み")
		},
	} {
		visit := string(rune('2' + i))
		w.checksIn("taro")
		w.bill(visit)
		w.fails("/v1/captures", true)
		w.touches("taro", visit, "ja").Says(200, "お支払いを確かめています", "二重に請求されることはありません")
		desk.Visits("/hospital/desk/cashier").Says(200, "支払いを確認中")
		desk.Fills("/hospital/desk/visits/" + visit + "/cash").Says(409)
		bill := "/hospital/desk/visits/" + visit + "/bill"
		desk.Visits(bill).Says(200, "お支払いの結果が分かるまで、会計は直せません").Lacks(`data-testid="make-bill"`)
		desk.Visits(bill+"?lang=en").Says(200, "cannot be corrected until the outcome").Lacks(`data-testid="make-bill"`)
		desk.Fills(bill, "act", "A1 2").Says(409)
		desk.Visits(bill + "?lang=ja").Says(200)
		w.fails("", false)
		settle(visit)
		desk.Visits(bill).Says(200, `data-testid="make-bill"`)
	}
	for _, p := range w.payments() {
		if p.State != merchant.Captured {
			t.Errorf("%+v", p)
		}
	}
}

// Nobody but its own staff reaches an institution's cashier; and nobody but the gateway
// brings it notices.
func TestTheCashierIsItsStaffs(t *testing.T) {
	w := newTill(t)
	w.billed("taro", "1")
	clinic := w.staff("/clinic/desk", "clinic-staff")
	stranger := webtest.NewBrowser(t, w.url)
	for _, page := range []string{"/cashier", "/visits/1/bill", "/visits/1/receipt", "/visits/1/statement"} {
		for _, b := range []*webtest.Browser{stranger, clinic} {
			b.Visits("/hospital/desk"+page).Lacks("taro", "1,800")
		}
		clinic.Visits("/clinic/desk"+page).Lacks("taro", "1,800")
	}
	for _, act := range []string{"bill", "cash", "refund", "ask", "charges"} {
		if act != "charges" {
			stranger.Calls("POST", "/hospital/desk/visits/1/"+act, map[string]any{}, nil).Refuses(401, "staff_signed_out")
		}
		for _, key := range []string{"wrong", "clinic-staff", "hospital-key"} {
			stranger.Calls("POST", "/hospital/desk/v1/visits/1/"+act, map[string]any{}, nil, webtest.Bearer(key)...).Refuses(401, "wrong_key")
		}
		w.Clock.Advance(time.Minute) // wrong keys are counted
	}
	body := []byte(`{"order":"1-1","state":"captured"}`)
	for name, header := range map[string]string{"none": "", "wrong": merchant.Sign("other", w.Clock.Now(), body), "old": merchant.Sign("secret", w.Clock.Now().Add(-time.Hour), body)} {
		w.notifies(name, header, body, http.StatusForbidden)
	}
	good := merchant.Sign("secret", w.Clock.Now(), body)
	w.notifies("good", good, body, http.StatusNoContent)
	w.notifies("replayed", good, body, http.StatusForbidden)
	w.staff("/hospital/desk", "hospital-staff").Visits("/hospital/desk/visits/1/bill").Says(200, "お支払い待ち") // a notice alone pays nothing
}

func (w *till) notifies(name, header string, body []byte, status int) {
	w.Helper()
	r, err := http.NewRequestWithContext(w.Context(), http.MethodPost, w.url+"/hospital/notices", bytes.NewReader(body))
	webtest.Must(w, err)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set(merchant.Header, header)
	resp, err := http.DefaultClient.Do(r)
	webtest.Must(w, err)
	_ = resp.Body.Close()
	if resp.StatusCode != status {
		w.Errorf("a notice (%s) is answered %d, want %d", name, resp.StatusCode, status)
	}
}

// checksIn checks somebody in again whose card is linked.
func (w *till) checksIn(who string) {
	w.Helper()
	p := w.patient(who)
	p.presents("ja").Says(200, "この方でよろしいですか")
	p.Fills(p.at+"/me", "me", "yes")
	p.Fills(p.at+"/consent", "answer", "none").Says(200, "カードをお取りください")
}

// A patient who paid all of it gets the difference back once the eligibility is settled.
func TestTheDifferenceIsGivenBack(t *testing.T) {
	w := newTill(t)
	w.registers("taro", "9990000000000003")
	m, _ := w.insures("taro", kenpo, nil)
	w.patient("taro").Fills("/hospital/nocard").Says(200)
	desk := w.staff("/hospital/desk", "hospital-staff")
	desk.Visits("/hospital/desk/visits/1/bill").Says(200, "資格の確認、又は紙の方法での受付が済んでから")
	desk.Fills("/hospital/desk/visits/1/bill", "act", "A1 1").Says(422, "会計の内容をお確かめください")
	desk.Fills("/hospital/desk/visits/1/paper", "way", "in_full", "name", "taro", "share", "").Says(200)
	desk.Fills("/hospital/desk/visits/1/bill", "act", "A1 1").Says(200, "2,880円")
	w.touches("taro", "1", "ja").Says(200, "お支払いが終わりました")
	desk.Fills("/hospital/desk/visits/1/settle", "insurer", m.Insurer.Printed(), "symbol", m.Symbol, "number", m.Number, "branch", m.Branch, "birth", m.Birth.Digits()).Says(200)
	desk.Visits("/hospital/desk/cashier").Says(200, "負担割合の変更")
	desk.Fills("/hospital/desk/visits/1/bill", "act", "A1 1").Says(200, "要返金", "860円")
	desk.Fills("/hospital/desk/visits/1/refund").Says(200, "支払い済み", "2,020円")
	if all := w.payments(); len(all) != 1 || all[0].Refunded() != 2020 {
		t.Errorf("the gateway has %+v", all)
	}
}
