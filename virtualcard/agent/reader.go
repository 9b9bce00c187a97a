package agent

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/agent/askers"
	"example.jp/jpkimock/virtualcard/pcsc"
	"example.jp/jpkimock/virtualcard/web"
)

// maxTray is how many cards the tray shows at once; if there are more, one
// searches.
const maxTray = 60

// tray is the cards beside the reader.
type tray struct {
	Action string // where the choice of a card is posted to
	Here   string // the page that the tray is on, for its search
	On     virtualcard.CardID
	web.Wallet
	// Readers are the PC/SC readers that the house may use, and Trouble why there are
	// none.
	Readers []pcsc.Reader
	Trouble *explanation
	// Unconfirmed: the card in a PC/SC reader is on, and nothing was sent to it yet.
	Unconfirmed bool
}

// tray returns the cards that match the query q of the address, and the readers.
func (h *house) tray(c echo.Context, on placement) (tray, error) {
	t := tray{Action: "/reader", Here: "/reader", On: on.Card}
	var err error
	if t.Wallet, err = h.wallet(c.Request().Context(), c.QueryParam("q")); err != nil {
		return tray{}, err
	}
	_, real := realReaderOf(on.Card)
	t.Unconfirmed = real && !on.Confirmed
	if t.Readers, err = h.access.real.Readers(); err != nil {
		f := realFailure(err)
		if f == nil {
			return tray{}, err
		}
		e := explain(f)
		t.Trouble = &e
	}
	return t, nil
}

// wallet returns the cards that match a query: those of the household first, then by the
// reading of their names.
func (h *house) wallet(ctx context.Context, query string) (web.Wallet, error) {
	all, err := h.cfg.Cabinet.List(ctx)
	if err != nil {
		return web.Wallet{}, err
	}
	w := web.Wallet{Query: query, Search: len(all) > maxTray/2}
	slices.SortStableFunc(all, h.order)
	if len(all) > 0 {
		transit, err := h.cfg.Cabinet.Card(ctx, virtualcard.TransitCard)
		if err != nil {
			return web.Wallet{}, err
		}
		all = append(all, transit)
	}
	wanted := strings.ToLower(strings.TrimSpace(query))
	for _, s := range all {
		names := []string{s.Face.Name, s.Face.Kana, s.Face.NameEN, string(s.ID)}
		switch {
		case !strings.Contains(strings.ToLower(strings.Join(names, " ")), wanted):
		case len(w.Cards) == maxTray:
			w.More++
		default:
			w.Cards = append(w.Cards, s)
		}
	}
	return w, nil
}

// order is the order of the tray. Katakana sort as 五十音; cards without a reading
// come last.
func (h *house) order(a, b virtualcard.Summary) int {
	household := func(s virtualcard.Summary) int {
		if i := slices.Index(h.cfg.Household, s.ID); i >= 0 {
			return i
		}
		return len(h.cfg.Household)
	}
	unread := func(s virtualcard.Summary) int {
		if s.Face.Kana == "" {
			return 1
		}
		return 0
	}
	return cmp.Or(cmp.Compare(household(a), household(b)), cmp.Compare(unread(a), unread(b)), cmp.Compare(a.Face.Kana, b.Face.Kana), cmp.Compare(a.ID, b.ID))
}

// readerPage is the reader with its card and the tray.
type readerPage struct {
	Card    *virtualcard.Summary
	Placed  bool // just now, by a link
	Missing bool // there is no card of the number in the link
	Tray    tray
	// Waiting are this browser's requests that have no answer yet, and Sites where
	// else the card can be used.
	Waiting []waiting
	Sites   []askers.Asker
}

// waiting is a request that waits for a card or a PIN.
type waiting struct {
	Site askers.Asker
	Page string // empty for a window, which stands open
}

// reader shows what lies on this browser's reader. A link with card=<id>, as the
// lobby has it, places that card first. Only a page that the person goes to does
// so: an image or a frame of another page does not.
func (h *house) reader(c echo.Context) error {
	var page readerPage
	if id := virtualcard.CardID(c.QueryParam("card")); id != "" {
		if to := c.Request().Header.Get("Sec-Fetch-Dest"); to != "" && to != "document" {
			return door.Problem{Status: http.StatusForbidden, Code: "foreign_page", Detail: "a card is placed on the reader by going to this page"}
		}
		found, err := h.place(c, id)
		if err != nil {
			return err
		}
		page.Placed, page.Missing = found, !found
	}
	mine, _ := h.browsers.Load(c)
	var err error
	on := h.placed(mine)
	if page.Card, err = h.access.summary(c.Request().Context(), on.Card); err != nil {
		return err
	}
	if page.Tray, err = h.tray(c, on); err != nil {
		return err
	}
	if page.Card != nil {
		page.Sites = h.register.Accredited(c.Request().Context())
		for _, r := range h.requests.pending(mine.ID) {
			w := waiting{Site: h.register.Asker(c.Request().Context(), r.Op.Origin)}
			if r.Face != windowFace {
				w.Page = r.Face.page(r.ID)
			}
			page.Waiting = append(page.Waiting, w)
		}
	}
	status := http.StatusOK
	if page.Missing {
		status = http.StatusNotFound
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return h.pages.Render(c, status, "reader", ui.Text{JA: "カードリーダー", EN: "Card reader"}, page)
}

// place puts a card on the reader if there is such a card.
func (h *house) place(c echo.Context, id virtualcard.CardID) (bool, error) {
	s, err := h.access.summary(c.Request().Context(), id)
	if err != nil || s == nil {
		return false, err
	}
	h.atReader(c, func(r *cardReader) { r.put(s.ID) })
	return true, nil
}

// placeCard does what a form of the tray says: it puts the card named card on the
// reader, or empties it.
func (h *house) placeCard(c echo.Context) error {
	in, err := door.Read[struct {
		Card    virtualcard.CardID `json:"card"`
		Confirm string             `json:"confirm"`
	}](c)
	if err != nil {
		return unreadable(err)
	}
	if in.Card == "" {
		var taken virtualcard.CardID
		h.atReader(c, func(r *cardReader) { taken = r.takeAway(r.look().Count) })
		return h.cfg.Readers.Take(c.Request().Context(), taken)
	}
	found, err := h.place(c, in.Card)
	if err == nil && !found {
		return failureOf(virtualcard.ErrNoCard, 0)
	}
	if err == nil && in.Confirm == "yes" {
		h.atReader(c, func(r *cardReader) { r.confirm() })
	}
	return err
}

// changeReader is the reader page's form.
func (h *house) changeReader(c echo.Context) error {
	if err := h.placeCard(c); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/reader")
}

// front says what this house is.
func (h *house) front(c echo.Context) error {
	mine, _ := h.browsers.Load(c)
	card, err := h.access.summary(c.Request().Context(), h.placed(mine).Card)
	if err != nil {
		return err
	}
	title := ui.Text{JA: "JPKI利用者ソフト", EN: "JPKI client software"}
	return h.pages.Render(c, http.StatusOK, "front", title, map[string]any{"Card": card, "URL": h.cfg.PublicURL, "Asker": h.exampleAsker()})
}

// exampleAsker is the origin in the examples: that of the first site that asks for cards.
func (h *house) exampleAsker() string {
	if len(h.cfg.Sites) > 0 {
		return h.cfg.Sites[0].Origin
	}
	return "http://localhost:3000"
}
