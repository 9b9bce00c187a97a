package web

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/medical"
	"example.jp/jpkimock/medical/reception"
)

// Life of a patient's turn at a terminal. The page's script wipes it sooner.
const (
	turnIdle = 3 * time.Minute
	turnAge  = 15 * time.Minute
)

// terminal is an institution: the terminal where patients lay their cards, and the desk.
type terminal struct {
	staffRoom
	Institution
	pages    *ui.Pages
	insurers map[string]ui.Text
	slot
}

// turn is what a terminal remembers of the patient before it.
type turn struct {
	Secret string // for the card's answer
	Visit  int64  // 0 until the card answered
	Touch  string // of a card at a pharmacy
	Me     bool   // the patient said that it is their card
	Asked  int    // how many items of consent were asked one at a time
	Yes    string // the items agreed to, joined by spaces
	Done   bool

	Bill    int64  // the visit that is paid for; 0 at the reception
	Order   string // of the touch that was asked for
	Trouble string // the code for why nothing was paid
}

// InUse reports that somebody stands there.
func (t turn) InUse() bool { return t.Visit != 0 || t.Bill != 0 || t.Touch != "" }

func newTerminal(cfg Config, i Institution, pages *ui.Pages, insurers map[string]ui.Text) *terminal {
	return &terminal{
		staffRoom: newStaffRoom(cfg, i.ID, "/"+i.ID+"/desk", i.StaffKey, roomName(i.Name, i.NameEN, "desk"), pages), Institution: i, insurers: insurers,
		pages: under(cfg, pages, ui.Text{JA: i.Name, EN: i.NameEN}, word("name.tagline")), slot: newSlot(cfg, "/"+i.ID, i.ID),
	}
}

func (w *terminal) mount(e *echo.Echo) {
	k := e.Group("/"+w.ID, w.face)
	k.GET("", w.start)
	k.GET("/card", w.ask)
	k.POST("/nocard", w.noCard)
	k.POST("/answer/:name", w.answer)
	k.GET("/answered/:name", w.answered)
	k.GET("/visit", w.during(w.turn))
	k.POST("/me", w.during(w.me))
	k.GET("/numbers", w.during(w.askNumbers))
	k.POST("/numbers", w.during(w.link))
	k.GET("/consent", w.during(w.askConsent))
	k.POST("/consent", w.during(w.consent))
	k.POST("/leave", w.leave)
	if w.Cashier != nil {
		w.mountPay(k)
	}
	w.mountDesk(e)
}

// face gives the pages the shape of a terminal, errors included, which lead back to its
// first page.
func (w *terminal) face(next echo.HandlerFunc) echo.HandlerFunc { return w.onKiosk(w.pages, next) }

// kioskPage is a page of the terminal.
type kioskPage struct {
	Here  string // of the terminal
	Step  int    // of the four: card, you, consent, take your card
	Visit reception.Visit
	Said  reasonWords // of what was not confirmed
	Notes []ui.Text   // of what was
	Child bool
	Item  medical.Item // of a consent that is asked alone
	At    int          // which of them
	Of    int
	Wrong bool // the numbers
	Pays  bool // there is a cashier
	agentAsk
}

// agentAsk is what the page hands to the card agent. Back is where who gives up goes.
type agentAsk struct{ Nonce, Agent, Return, Back string }

func (w *terminal) draw(c echo.Context, status int, name string, title ui.Text, p kioskPage) error {
	p.Here = "/" + w.ID
	return w.pages.Render(c, status, name, title, p)
}

func (w *terminal) start(c echo.Context) error {
	w.turns.End(c)
	return w.draw(c, http.StatusOK, "kiosk", ui.Text{JA: w.Name, EN: w.NameEN}, kioskPage{Pays: w.Cashier != nil})
}

// ask hands over to the card agent. Without the platform there is no challenge: the visit
// goes to the staff.
func (w *terminal) ask(c echo.Context) error {
	ask, err := w.begin(c, turn{}, false, func(ctx context.Context, _ *turn) (string, error) { return w.Desk.Challenge(ctx) })
	if refused, ok := errors.AsType[*medical.Refused](err); ok {
		return w.trouble(c, refused.Code)
	}
	if err != nil {
		return err
	}
	return w.draw(c, http.StatusOK, "kioskcard", word("title.card"), kioskPage{Step: 1, agentAsk: ask})
}

// trouble takes a patient in whose card gave no answer.
func (w *terminal) trouble(c echo.Context, code string) error {
	if _, err := w.count(c, noCard); err != nil {
		return err
	}
	v, err := w.Desk.Trouble(c.Request().Context(), code)
	if err != nil {
		return err
	}
	w.turns.Renew(c, turn{Visit: v.ID})
	return w.on(c, nil)
}

// noCard takes a patient in who has no card along.
func (w *terminal) noCard(c echo.Context) error { return w.trouble(c, "no_card") }

// answered takes a patient in, whatever the card answered.
func (w *terminal) answered(c echo.Context) error {
	t, got, err := w.take(c)
	switch {
	case err != nil:
		return err
	case t.Order != "":
		return w.charge(c, t, got)
	case got.Trouble == "cancelled":
		return c.Redirect(http.StatusSeeOther, "/"+w.ID)
	case len(got.Token) == 0:
		return w.trouble(c, trouble(got.Trouble))
	}
	confirmed, _ := w.count(c, badAnswer)
	v, err := w.Desk.Arrive(c.Request().Context(), got.Nonce, got.Token)
	if err != nil {
		return err
	}
	if v.Answer != nil {
		confirmed()
	}
	w.turns.Renew(c, turn{Visit: v.ID})
	return w.on(c, nil)
}

// during gives a page the patient's turn and its visit; without one it leads to the first
// page.
func (w *terminal) during(do func(echo.Context, turn, reception.Visit) error) echo.HandlerFunc {
	return func(c echo.Context) error {
		t, _ := w.turns.Load(c)
		if t.Visit == 0 {
			return c.Redirect(http.StatusSeeOther, "/"+w.ID)
		}
		v, err := w.Desk.Visit(c.Request().Context(), t.Visit)
		if err != nil {
			return err
		}
		return do(c, t, v)
	}
}

// on goes on to where the patient's turn has come to.
func (w *terminal) on(c echo.Context, err error) error {
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/"+w.ID+"/visit")
}

// turn shows where the patient's turn has come to.
func (w *terminal) turn(c echo.Context, t turn, v reception.Visit) error {
	page := kioskPage{Step: 2, Visit: v}
	if v.Answer != nil {
		page.Notes, page.Child = notes(*v.Answer, w.insurer), child(*v.Answer)
	}
	switch {
	case v.State == reception.Asking && !t.Me:
		return w.draw(c, http.StatusOK, "kioskme", word("title.me"), page)
	case v.State == reception.Asking && v.MayConsent():
		return c.Redirect(http.StatusSeeOther, "/"+w.ID+"/consent")
	case v.State == reception.Asking:
		return w.finish(c, v.ID)
	case v.State == reception.Confirmed:
		page.Step = 4
		return w.draw(c, http.StatusOK, "kioskdone", word("title.done"), page)
	}
	page.Said = reasonFor(v.Reason)
	return w.draw(c, http.StatusOK, "kioskstop", page.Said.Title, page)
}

// me takes the answer to whether this is the patient's card.
func (w *terminal) me(c echo.Context, t turn, v reception.Visit) error {
	in, err := door.Read[struct{ Me string }](c)
	if err == nil && in.Me == "yes" {
		w.turns.Update(c, func(now *turn) { now.Me = true })
	} else if err == nil {
		_, err = w.Desk.NotMe(c.Request().Context(), v.ID)
	}
	return w.on(c, err)
}

func (w *terminal) askNumbers(c echo.Context, _ turn, v reception.Visit) error {
	if !v.MayLink() {
		return w.on(c, nil)
	}
	return w.draw(c, http.StatusOK, "kiosknumbers", word("title.numbers"), kioskPage{Step: 2, Visit: v})
}

// numbersForm is what a patient reads off a notice, in digits.
type numbersForm struct{ Insurer, Symbol, Number, Branch, Birth string }

func (f numbersForm) member() medical.Member {
	trim := strings.TrimSpace
	branch := trim(f.Branch)
	if len(branch) == 1 {
		branch = "0" + branch
	}
	return medical.Member{
		Insurer: medical.InsurerNumber(trim(f.Insurer)), Symbol: trim(f.Symbol), Number: trim(f.Number), Branch: branch, Birth: medical.DateOfDigits(trim(f.Birth)),
	}
}

// link links the card with the insured person of the numbers.
func (w *terminal) link(c echo.Context, _ turn, v reception.Visit) error {
	in, err := door.Read[numbersForm](c)
	if err != nil || !v.MayLink() {
		return w.on(c, err)
	}
	m, err := in.member().Check()
	if err != nil {
		return w.draw(c, http.StatusUnprocessableEntity, "kiosknumbers", word("title.numbers"), kioskPage{Step: 2, Visit: v, Wrong: true})
	}
	_, err = w.Desk.Link(c.Request().Context(), v.ID, m)
	return w.on(c, err)
}

// askConsent asks for all items together, and then, if the patient wants it, for each.
func (w *terminal) askConsent(c echo.Context, t turn, v reception.Visit) error {
	if !t.Me || !v.MayConsent() {
		return w.on(c, nil)
	}
	page := kioskPage{Step: 3, Visit: v, Of: len(medical.Items())}
	if t.Asked > 0 {
		page.At, page.Item = t.Asked, medical.Items()[t.Asked-1]
		return w.draw(c, http.StatusOK, "kioskitem", word("item.", page.Item, ".name"), page)
	}
	return w.draw(c, http.StatusOK, "kioskconsent", word("title.consent"), page)
}

// consent takes an answer: all, none or each; or yes and no to the item that was asked.
func (w *terminal) consent(c echo.Context, t turn, v reception.Visit) error {
	in, err := door.Read[struct{ Answer string }](c)
	if err != nil || !t.Me || !v.MayConsent() {
		return w.on(c, err)
	}
	all := medical.Items()
	switch {
	case in.Answer == "all" && t.Asked == 0:
		return w.finish(c, v.ID, all...)
	case in.Answer == "none" && t.Asked == 0:
		return w.finish(c, v.ID)
	case in.Answer == "each" && t.Asked == 0:
		t.Asked = 1
	case in.Answer == "back" && t.Asked > 0:
		t.Asked, t.Yes = 0, ""
	case (in.Answer == "yes" || in.Answer == "no") && t.Asked > 0:
		if in.Answer == "yes" {
			t.Yes += " " + string(all[t.Asked-1])
		}
		t.Asked++
	}
	if t.Asked > len(all) {
		var to []medical.Item
		for _, i := range strings.Fields(t.Yes) {
			to = append(to, medical.Item(i))
		}
		return w.finish(c, v.ID, to...)
	}
	w.turns.Update(c, func(now *turn) { *now = t })
	return c.Redirect(http.StatusSeeOther, "/"+w.ID+"/consent")
}

func (w *terminal) finish(c echo.Context, visit int64, to ...medical.Item) error {
	_, err := w.Desk.Finish(c.Request().Context(), visit, to...)
	return w.on(c, err)
}

// leave gives the terminal back to nobody. A turn that nobody finished is left; one that
// was the patient's own is finished without consents.
func (w *terminal) leave(c echo.Context) error {
	t, _ := w.turns.Load(c)
	w.turns.End(c)
	if t.Visit != 0 {
		ctx, err := c.Request().Context(), error(nil)
		if t.Me {
			_, err = w.Desk.Finish(ctx, t.Visit)
		} else {
			err = w.Desk.Leave(ctx, t.Visit)
		}
		if err != nil && !errors.Is(err, reception.ErrState) {
			return err
		}
	}
	return door.Answer(c, http.StatusNoContent, nil, door.See("/"+w.ID))
}
