package web

import (
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/apdulog"
	"example.jp/jpkimock/virtualcard/jpkiap"
	"example.jp/jpkimock/virtualcard/vpcd"
)

// tamperPage is the attempt to read the keys of the card in a reader: before it, and what
// came of it.
type tamperPage struct {
	Reader  ui.Text
	At      string // the address of the desk
	Here    string
	Card    *virtualcard.Summary
	Lines   []said
	Trouble *ui.Refusal // why nothing could be tried
	Counter string
}

// tamperTarget is the page about the card in a reader that a route names. Real readers have none:
// nobody may break a real card from here.
func (d cardDesk) tamperTarget(c echo.Context) (page tamperPage, r *vpcd.Reader, err error) {
	if r, err = d.readerOf(c); err != nil {
		return tamperPage{}, nil, err
	}
	page = tamperPage{Reader: readerName(r.Name()), At: at(r.Name()), Here: "/desk/readers/" + r.Name() + "/tamper", Counter: d.Counter}
	id := r.State().Card
	if id == "" || id == virtualcard.TransitCard {
		trouble, _ := d.Explain(virtualcard.ErrNoCard)
		page.Trouble = &trouble
		return page, r, nil
	}
	card, err := d.Cabinet.Card(c.Request().Context(), id)
	page.Card = &card
	return page, r, err
}

// askTamper says what will happen before it does.
func (d cardDesk) askTamper(c echo.Context) error {
	page, _, err := d.tamperTarget(c)
	if err != nil {
		return err
	}
	return d.showTamper(c, http.StatusOK, page)
}

func (d cardDesk) showTamper(c echo.Context, status int, page tamperPage) error {
	return d.Pages.Render(c, status, "tamper", ui.Text{JA: "鍵を読み出そうとする", EN: "Try to read the keys out"}, page)
}

// readsKey are the commands of somebody who wants the signature key, and one more to see what is
// left of the card.
func readsKey() [][]byte {
	aid := jpkiap.AID()
	return [][]byte{
		slices.Concat([]byte{0x00, 0xA4, 0x04, 0x0C, byte(len(aid))}, aid),
		{0x00, 0xA4, 0x02, 0x0C, 0x02, byte(jpkiap.SignatureKey >> 8), byte(jpkiap.SignatureKey & 0xFF)},
		{0x00, 0xB0, 0x00, 0x00, 0x00},
		{0x00, 0x84, 0x00, 0x00, 0x08},
	}
}

// tamper tries to read a key by force, command by command, and shows what the chip does.
func (d cardDesk) tamper(c echo.Context) error {
	page, _, err := d.tamperTarget(c)
	if err != nil {
		return err
	}
	if page.Trouble != nil || page.Card.Dead {
		return d.showTamper(c, http.StatusConflict, page)
	}
	commands := readsKey()
	conn, err := d.powerUp(c.Request().Context(), page.Card.ID, consent{}, commands)
	if err == nil {
		var answers [][]byte
		answers, err = converse(c.Request().Context(), conn, commands)
		page.Lines = saidOf(apdulog.Lines(commands[:len(answers)], answers))
	}
	card, errCard := d.Cabinet.Card(c.Request().Context(), page.Card.ID)
	if errCard != nil {
		return errCard
	}
	page.Card = &card
	if err != nil && !card.Tampered { // else that it answers no more is what was wanted
		trouble, known := d.Explain(err)
		if !known {
			return err
		}
		page.Trouble = &trouble
		return d.showTamper(c, trouble.Status, page)
	}
	return d.showTamper(c, http.StatusOK, page)
}
