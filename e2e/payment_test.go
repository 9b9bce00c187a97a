package e2e

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/mxschmitt/playwright-go"

	"example.jp/jpkimock/internal/ui"
)

// registersACard signs in at the gateway's own page and registers a credit card there.
func (p *Person) registersACard(number string) {
	p.t.Helper()
	p.Goes("gateway", "/")
	p.once("payment-front", p.Pictures)
	p.inTheCardWindowOf("gateway", "signin-button", func() { p.TypesPIN(p.Card.AuthenticationPIN) })
	p.Sees("register-card")
	p.Types("number", number)
	p.Types("ends", "12/39")
	p.Types("code", "123")
	p.Clicks("register-card")
	p.Reads("my-card", number[12:], number[12:])
	p.once("payment-card", p.Pictures)
}

// checksIn checks somebody in whose card is linked, and gives the ticket's number.
func (p *Person) checksIn(at string) string {
	p.t.Helper()
	p.presents(at, p.Card.AuthenticationPIN)
	p.Sees("patient")
	p.once("clinic-me", p.atTheTerminal)
	p.keys("1")
	p.Sees("consent-each")
	p.once("clinic-consent", p.atTheTerminal)
	p.keys("3")
	ticket := p.Text("ticket")
	p.once("clinic-done", p.atTheTerminal)
	p.Clicks("finish")
	p.Sees("begin")
	return ticket
}

// paysWith pays at an institution's terminal with a ticket, up to the page that follows.
func (p *Person) paysWith(at, ticket string) {
	p.t.Helper()
	p.Goes("medical", "/"+at+"/pay")
	p.once("payment-ticket", p.atTheTerminal)
	p.Types("ticket-no", ticket)
	p.Clicks("find-bill")
	p.Sees("amount")
	p.once("payment-amount", p.atTheTerminal)
	p.Clicks("pay-card")
	p.Sees("pin-input")
	p.TypesPIN(p.Card.AuthenticationPIN)
}

// bills makes the bill of today's visit with a ticket, at the cashier's.
func (p *Person) bills(at, ticket string, acts ...string) {
	p.t.Helper()
	p.Goes("medical", "/"+at+"/desk/cashier")
	visit := p.found("unbilled").Locator("a").Filter(playwright.LocatorFilterOptions{HasText: ticket})
	p.must(visit.First().Click(), "open visit %s", ticket)
	for _, act := range acts {
		_, err := p.found("act-" + act).SelectOption(playwright.SelectOptionValues{Values: &[]string{act + " 1"}})
		p.must(err, "choose %s", act)
	}
	p.Clicks("make-bill")
	p.Sees("due")
}

// switches a fault of a house.
func (w *World) switches(house, fault string, on bool) {
	w.t.Helper()
	body := `{"` + fault + `":false}`
	if on {
		body = `{"` + fault + `":true}`
	}
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodPut, w.URL(house)+"/faults", strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(r)
	if err != nil || resp.StatusCode != http.StatusOK {
		w.t.Fatalf("switch %s: %v", fault, err)
	}
	_ = resp.Body.Close()
}

// The fourth story goes on: 太郎 registers a credit card at the card company's own page,
// checks in, and pays at the cashier by one touch of the same card.
func TestTaroPaysAtTheHospital(t *testing.T) {
	t.Parallel()
	w := CommonWorld(t)
	taro := w.As(t, "taro")
	taro.registersACard("9980000000000104")
	ticket := taro.checksIn("hospital")

	desk := w.stranger(t, "cashier", ui.Japanese)
	desk.worksAt("/hospital/desk", "test-hospital-staff-key-not-secret")
	desk.Clicks("to-cashier")
	desk.Pictures("payment-cashier")
	desk.bills("hospital", ticket, "A2", "D1", "F1")
	desk.Reads("due", "870円", "") // 290 points at 30 %
	desk.Pictures("payment-bill")

	taro.Goes("medical", "/hospital/pay")
	taro.once("payment-ticket", taro.atTheTerminal)
	taro.Types("ticket-no", ticket)
	taro.Clicks("find-bill")
	taro.Reads("amount", "870円", "")
	taro.once("payment-amount", taro.atTheTerminal)
	taro.keys("1")
	taro.Sees("pin-input")
	taro.TypesPIN(taro.Card.AuthenticationPIN)
	taro.Reads("paid-by", "IROHA •••• 0104", "")
	taro.Reads("handed-gateway", "病名", "")
	taro.faces("payment-paid", receptions...)
	taro.Clicks("finish")
	taro.Sees("begin")

	desk.Goes("medical", "/hospital/desk/cashier")
	desk.must(desk.found("paid-list").GetByRole("link", playwright.LocatorGetByRoleOptions{Name: ticket, Exact: playwright.Bool(true)}).Click(), "open the bill")
	desk.Pictures("payment-paid-bill")
	desk.Clicks("receipt")
	desk.Reads("received", "870円", "")
	desk.Pictures("payment-receipt")
	desk.Goes("medical", strings.TrimSuffix(strings.TrimPrefix(desk.page.URL(), w.URL("medical")), "/receipt")+"/statement")
	desk.Reads("statement-sheet", "血液の検査一式", "")
	desk.Pictures("payment-statement")

	staff := w.stranger(t, "gateway", ui.English)
	staff.Goes("gateway", "/staff")
	staff.Types("staff-key", "test-gateway-staff-key-not-secret")
	staff.Clicks("staff-enter")
	staff.Reads("payments", "", "Captured")
	staff.alsoInTheOther("payment-ledger", staff.Pictures)
	if text, err := staff.page.Locator("main").InnerText(); err != nil || strings.Contains(text, "太郎") || strings.Contains(text, "血液") {
		t.Errorf("the card company knows who it was, or what for (%v)", err)
	}
}

// A declined card, the holder's confirmation, and an answer that is lost after the charge,
// which the cashier settles by asking.
func TestPaymentsThatGoWrong(t *testing.T) {
	t.Parallel()
	w := NewWorld(t)
	misaki := w.asIn(t, "misaki", ui.English)
	ticket := misaki.checksIn("clinic")
	desk := w.stranger(t, "cashier", ui.English)
	desk.worksAt("/clinic/desk", "test-clinic-staff-key-not-secret")
	desk.bills("clinic", ticket, "A1")
	misaki.paysWith("clinic", ticket)
	misaki.Reads("pay-refused", "", "limit is not enough")
	misaki.faces("payment-declined", receptions...)
	desk.Goes("medical", "/clinic/desk/cashier")
	desk.Reads("troubled-list", "", "Declined, owed")

	misaki.registersACard("9990000000000201")
	misaki.paysWith("clinic", ticket)
	misaki.Reads("to-confirm", "", "Hinata Clinic")
	misaki.faces("payment-confirm", receptions...)
	misaki.keys("1")
	misaki.Reads("paid-by", "", "•••• 0201")
	misaki.faces("payment-confirmed", receptions...)
	misaki.Clicks("finish")

	misaki.registersACard("9990000000000003")
	_, ticket = w.chemist(t).checksIn("misaki", "clinic")
	desk.bills("clinic", ticket, "A2")
	w.switches("gateway", "answer-lost", true)
	misaki.paysWith("clinic", ticket)
	misaki.Reads("in-doubt", "", "You are not charged twice")
	misaki.faces("payment-in-doubt", receptions...)
	desk.Goes("medical", "/clinic/desk/cashier")
	desk.Reads("troubled-list", "", "In doubt")
	desk.Pictures("payment-cashier-doubt")
	w.switches("gateway", "answer-lost", false)
	desk.must(desk.found("troubled-list").GetByRole("link", playwright.LocatorGetByRoleOptions{Name: ticket, Exact: playwright.Bool(true)}).First().Click(), "open the bill")
	desk.Pictures("payment-bill-doubt")
	desk.Clicks("ask-gateway")
	desk.Reads("bill-state", "", "Paid")

	ticket = w.fillsTheQueue(t, "clinic", 30)
	desk.Goes("medical", "/clinic/desk")
	desk.Pictures("clinic-desk-paged")
	desk.opensVisit("waiting-list", ticket)
	desk.IsTold("", "No. "+ticket)
}

// fillsTheQueue takes in patients without a card, and gives the ticket of the first.
func (w *World) fillsTheQueue(t *testing.T, at string, patients int) (first string) {
	t.Helper()
	program := newCaller(t)
	for range patients {
		var visit struct{ No int }
		in := map[string]any{"trouble": "no_card"}
		if status := program.asks(w.URL("medical")+"/"+at+"/desk/v1/receptions", "test-"+at+"-staff-key-not-secret", in, &visit); status != http.StatusCreated {
			t.Fatalf("status %d", status)
		}
		first = cmp.Or(first, strconv.Itoa(visit.No))
	}
	return first
}
