package web_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/medical/gateway"
	"example.jp/jpkimock/medical/gateway/db"
	"example.jp/jpkimock/medical/gateway/merchant"
	"example.jp/jpkimock/medical/gateway/web"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/rptest"
)

const (
	shop  = "https://shop.example.jp" // the origin of the merchants' terminals
	agent = "http://localhost:8082"
	good  = "9990000000000003"
)

// town is the gateway with two merchants, over a real database and a listener, and people
// with cards.
type town struct {
	*testing.T
	*rptest.World
	url, dir string
	gateway  *gateway.Gateway
	log      *os.File // beside the database: it is searched as well
}

func newTown(t *testing.T) *town {
	t.Helper()
	w := &town{T: t, World: rptest.New(t), dir: t.TempDir()}
	var err error
	w.log, err = os.Create(filepath.Join(w.dir, "log"))
	webtest.Must(t, err)
	t.Cleanup(func() { _ = w.log.Close() })
	w.url = webtest.Serve(t, func(at string) http.Handler {
		store, err := db.Open(filepath.Join(w.dir, "gateway.db"))
		webtest.Must(t, err)
		t.Cleanup(func() { _ = store.Close() })
		linkage, err := rp.NewLinkage(rp.LinkageConfig{AuthorityURL: w.World.URL(), Key: rptest.VerifierKey})
		webtest.Must(t, err)
		terminals := w.Verifier(shop)
		w.gateway, err = gateway.New(gateway.Config{
			Verifier: w.Verifier(at), Linkage: linkage, Store: store, PublicURL: at, Now: w.Clock.Now,
			Deliver: func(context.Context, *gateway.Merchant, []byte) error { return nil },
			Merchants: []*gateway.Merchant{
				{ID: "shop", Name: "みせ", NameEN: "Shop", Key: "shop-key", Origin: shop, Hook: shop + "/hook", Verifier: terminals},
				{ID: "other", Name: "よそ", NameEN: "Other", Key: "other-key", Origin: shop, Verifier: terminals},
			},
		})
		webtest.Must(t, err)
		pages, err := web.New(web.Config{Gateway: w.gateway, PublicURL: at, AgentURL: agent, Lobby: "http://localhost:8080", StaffKey: "staff", Now: w.Clock.Now,
			Log: slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		})
		webtest.Must(t, err)
		return pages
	})
	return w
}

// signsIn lets somebody in with the individual number card.
func (w *town) signsIn(who, lang string) (*webtest.Browser, webtest.Page) {
	w.Helper()
	b := webtest.NewBrowser(w, w.url)
	nonce := b.Visits("/?lang=" + lang).Says(200).Attribute("data-jpki-nonce")
	return b, b.Fills("/signin", "token", string(w.Card(who).Authenticate(w.url, nonce)))
}

// registers registers a credit card for somebody.
func (w *town) registers(who, number string) {
	w.Helper()
	b, _ := w.signsIn(who, "ja")
	b.Fills("/card", "number", number, "ends", "12/30", "code", "987").Says(200, number[12:])
}

// client asks the gateway as a merchant.
func (w *town) client(key string) merchant.Client { return merchant.Client{URL: w.url, Key: key} }

// touch is what a merchant sends when somebody has touched for an order.
func (w *town) touch(who, key, order string) (merchant.Charge, error) {
	in := merchant.Charge{Order: order, Amount: 870, Return: shop + "/back"}
	var err error
	in.Nonce, err = w.client(key).Challenge(w.Context(), merchant.Order{Order: order, Amount: 870})
	if err == nil {
		in.Token = w.Card(who).Authenticate(shop, in.Nonce)
	}
	return in, err
}

// A credit card is registered, seen and removed by its holder. Its number and its code are
// on no page and in no file afterwards.
func TestACreditCardIsRegistered(t *testing.T) {
	w := newTown(t)
	hanako, page := w.signsIn("hanako", "ja")
	page.Says(200, "クレジットカードは登録されていません", good)
	hanako.Fills("/card", "number", "9990000000000004", "ends", "12/30", "code", "987").Says(422, "検査数字が合いません")
	hanako.Fills("/card", "number", "4111111111111111", "ends", "12/30", "code", "987").Says(422, "テスト番号だけ").Lacks("4111111111111111")
	hanako.Fills("/card", "number", good, "ends", "03/26", "code", "987").Says(422, "有効期限（月/年）は今月以降")
	hanako.Fills("/card", "number", "9980 0000 0000 0104", "ends", "12/30", "code", "987").Says(200, "IROHA", "0104", "令和12年12月")
	taro, page := w.signsIn("taro", "en")
	page.Says(200, "No credit card is registered").Lacks("•••• 0104")
	taro.Fills("/card/remove").Says(200, "No credit card is registered")
	again, page := w.signsIn("hanako", "en")
	page.Says(200, "•••• 0104", "Replace it")
	again.Fills("/card/remove").Says(200, "No credit card is registered")
	again.Fills("/signout").Says(200)
	again.Visits("/card").Says(200, "Touch your Individual Number Card")
	webtest.NewBrowser(t, w.url).Calls("POST", "/card", map[string]string{"number": good, "ends": "12/30", "code": "987"}, nil).Refuses(401, "signed_out")
	w.registers("hanako", "9980000000000104")
	w.lacks("9980000000000104", "998000000000", "4111111111111111", "花子")
}

// lacks searches the gateway's files for what it must not hold.
func (w *town) lacks(texts ...string) {
	w.Helper()
	files, err := filepath.Glob(filepath.Join(w.dir, "*"))
	webtest.Must(w, err)
	for _, file := range files {
		content, err := os.ReadFile(file)
		webtest.Must(w, err)
		for _, secret := range texts {
			if strings.Contains(string(content), secret) {
				w.Errorf("%s holds %q", filepath.Base(file), secret)
			}
		}
	}
}

// Whoever is no merchant is told nothing, at any address; and a merchant nothing of another's
// order.
func TestEachMerchantHasItsOwnOrders(t *testing.T) {
	w := newTown(t)
	w.registers("hanako", good)
	in, err := w.touch("hanako", "shop-key", "1")
	webtest.Must(t, err)
	if p, err := w.client("shop-key").Authorise(t.Context(), in); err != nil || p.State != merchant.Authorised {
		t.Fatalf("%+v, %v", p, err)
	}
	stranger := webtest.NewBrowser(t, w.url)
	for _, path := range []string{"/v1/challenges", "/v1/payments", "/v1/captures", "/v1/cancellations", "/v1/refunds", "/v1/orders"} {
		for _, headers := range [][]string{nil, webtest.Bearer("wrong"), webtest.Bearer("")} {
			stranger.Calls("POST", path, map[string]string{"order": "1"}, nil, headers...).Refuses(401, "wrong_key")
		}
		from := append(webtest.Bearer("shop-key"), "Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site")
		stranger.Calls("POST", path, map[string]string{"order": "1"}, nil, from...).Refuses(403, "")
		stranger.Calls("POST", path, map[string]string{"nonsense": "1"}, nil, webtest.Bearer("shop-key")...).Refuses(400, "malformed")
	}
	other := w.client("other-key")
	for name, do := range map[string]func() (merchant.Payment, error){
		"order":   func() (merchant.Payment, error) { return other.Order(t.Context(), "1") },
		"capture": func() (merchant.Payment, error) { return other.Capture(t.Context(), "1") },
		"refund": func() (merchant.Payment, error) {
			return other.Refund(t.Context(), merchant.Reversal{Order: "1", Refund: "r", Amount: 1})
		},
	} {
		if _, err := do(); err == nil || err.Error() != "merchant: the gateway refused: no_order" {
			t.Errorf("another merchant's %s: %v", name, err)
		}
	}
	if p, err := w.client("shop-key").Capture(t.Context(), "1"); err != nil || p.State != merchant.Captured {
		t.Fatalf("%+v, %v", p, err)
	}
	body := map[string]string{"order": "1"}
	key := append(webtest.Bearer("shop-key"), "Idempotency-Key", "capture 1")
	stranger.Calls("POST", "/v1/captures", body, nil, key...).Says(200, "captured") // the same again
	body["order"] = "2"
	stranger.Calls("POST", "/v1/captures", body, nil, key...).Refuses(409, "idempotency_key_reused")
	stranger.Calls("POST", "/v1/captures", body, nil, webtest.Bearer("shop-key")...).Refuses(400, "no_idempotency_key")
}

// The page of a confirmation is the holder's who stands at the terminal, and leads back there.
func TestTheHolderConfirmsAtThePage(t *testing.T) {
	w := newTown(t)
	w.registers("hanako", "9990000000000201")
	in, err := w.touch("hanako", "shop-key", "1")
	webtest.Must(t, err)
	p, err := w.client("shop-key").Authorise(t.Context(), in)
	webtest.Must(t, err)
	at, err := url.Parse(p.Confirm)
	webtest.Must(t, err)
	b := webtest.NewBrowser(t, w.url)
	b.Visits(at.Path+"?lang=en").Says(200, "Please confirm", "Shop", "0201", "870").Lacks("9990000000000201")
	b.Visits("/confirm/nothing").Says(404, "There is no such payment")
	if to := b.WithoutRedirects().Fills(at.Path, "answer", "yes").Says(303).Header.Get("Location"); to != shop+"/back" {
		t.Errorf("it leads to %s", to)
	}
	b.Visits(at.Path).Says(409, "has gone on")
	if p, err = w.client("shop-key").Order(t.Context(), "1"); err != nil || p.State != merchant.Authorised || p.Confirm != "" {
		t.Errorf("%+v, %v", p, err)
	}
}

// The staff see amounts and orders; nobody else does.
func TestTheStaffSeePayments(t *testing.T) {
	w := newTown(t)
	w.registers("hanako", "9990000000000300")
	in, err := w.touch("hanako", "shop-key", "A-17")
	webtest.Must(t, err)
	_, err = w.client("shop-key").Authorise(t.Context(), in)
	webtest.Must(t, err)
	b := webtest.NewBrowser(t, w.url)
	b.Visits("/staff?lang=ja").Says(200).Lacks("A-17")
	b.Fills("/staff/signin", "key", "wrong").Says(403).Lacks("A-17")
	b.Calls("POST", "/staff/notices", nil, nil).Refuses(401, "staff_signed_out")
	page := b.Fills("/staff/signin", "key", "staff").Says(200, "A-17", "みせ", "残高・利用枠の不足", "•••• 0300")
	if page.Text("waiting-count") != "1" {
		t.Errorf("%s notices wait", page.Text("waiting-count"))
	}
	if page = b.Fills("/staff/notices").Says(200, "拒否"); page.Text("waiting-count") != "0" {
		t.Errorf("%s notices wait", page.Text("waiting-count"))
	}
}

// Whatever the authority says or does not say but "good": a sentence, and no charge.
func TestEachFaultOfTheAuthorityIsASentence(t *testing.T) {
	w := newTown(t)
	w.registers("hanako", good)
	garbage := func([]byte, []byte) []byte { return []byte("nothing") }
	for i, c := range []struct {
		name, code string
		begin, end func()
	}{
		{"silent", "status_unavailable", func() { w.TamperOCSP(func([]byte, []byte) []byte { return nil }) }, func() { w.TamperOCSP(nil) }},
		{"garbage", "status_unavailable", func() { w.TamperOCSP(garbage) }, func() { w.TamperOCSP(nil) }},
		{"not accredited", "not_accredited", w.SuspendAccreditation, w.Reaccredit},
		{"suspended", "suspended", func() { w.Suspend("hanako", jpki.UserAuthentication) }, func() { w.Resume("hanako", jpki.UserAuthentication) }},
		{"revoked", "revoked", func() { w.Revoke("hanako", jpki.UserAuthentication, jpki.KeyCompromise) }, func() {}},
	} {
		order := string(rune('a' + i))
		in, err := w.touch("hanako", "shop-key", order)
		webtest.Must(t, err)
		c.begin()
		_, err = w.client("shop-key").Authorise(t.Context(), in)
		if refused, ok := errors.AsType[*merchant.Refused](err); !ok || refused.Code != c.code {
			t.Errorf("%s: the merchant gets %v", c.name, err)
		}
		for _, lang := range []string{"ja", "en"} {
			_, page := w.signsIn("hanako", lang)
			if page.Status < 400 || len(page.Words()) < 50 || strings.Contains(page.Body, "•••• 0003") {
				t.Errorf("%s: the holder sees %d %s", c.name, page.Status, page.Words())
			}
		}
		c.end()
		if _, err := w.client("shop-key").Order(t.Context(), order); err == nil || !strings.Contains(err.Error(), merchant.NoOrder) {
			t.Errorf("%s left a payment: %v", c.name, err)
		}
	}
}

// Every error of the gateway has a line of the table.
func TestEveryErrorHasALine(t *testing.T) {
	table, err := os.ReadFile("catalogue.go")
	webtest.Must(t, err)
	for _, name := range webtest.ErrorsOf(t, "../gateway.go") {
		if !strings.Contains(string(table), "gateway."+name+",") {
			t.Errorf("gateway.%s has no line", name)
		}
	}
}
