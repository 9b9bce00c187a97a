package web

import (
	"context"
	"crypto/x509"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/jpkiap"
	"example.jp/jpkimock/virtualcard/pcsc"
	"example.jp/jpkimock/virtualcard/textap"
)

// lookPage is 「このカードを見る」: what was read from the card in a reader, masked.
type lookPage struct {
	Reader  ui.Text
	At      string // the address of the desk
	Here    string
	Real    bool
	Card    *virtualcard.Summary // what is printed on a virtual card
	Asked   bool                 // nothing was sent yet: its holder has to confirm
	Seen    *seen
	Holder  *holder
	LastTry bool // the PIN was not sent: it would be the last try
	Trouble *ui.Refusal
	PIN     *ui.Refusal // what is wrong with the PIN
}

// seen is what a card tells without a PIN.
type seen struct {
	Label, Model, Token string // the token's serial number is masked
	Has                 map[jpki.Kind]bool
	Tries               map[jpki.Kind]int
	// Serial, Issuer and Until are of the user authentication certificate; empty if it needs
	// a PIN or is not there.
	Serial, Issuer string
	Until          time.Time
	Mock           bool // its issuer says that it is a mock
	// FacePIN is how many tries the PIN of the four basic data has; NoFace that there are none.
	FacePIN int
	NoFace  bool
}

// holder is the four basic data, masked.
type holder struct {
	Name, Address, Gender string
	Born                  ui.Text
}

// lookForm is what its forms say.
type lookForm struct {
	Confirm bool   `json:"confirm"`
	PIN     string `json:"pin"`
	LastTry bool   `json:"lastTry"`
}

// lookTarget is the page about the card in a reader that a route names.
func (d cardDesk) lookTarget(c echo.Context) (lookPage, virtualcard.CardID, error) {
	reader, err := url.PathUnescape(c.Param("name"))
	if err != nil {
		return lookPage{}, "", errNoReader()
	}
	card, err := d.cardIn(reader)
	if err != nil {
		return lookPage{}, "", err
	}
	page := lookPage{Reader: readerName(reader), At: at(reader), Here: "/desk/readers/" + url.PathEscape(reader) + "/card"}
	if name, real := strings.CutPrefix(reader, realPrefix); real {
		page.Real, page.Reader = true, ui.Text{JA: name, EN: name}
		return page, card, nil
	}
	if card == "" {
		trouble, _ := d.Explain(virtualcard.ErrNoCard)
		page.Trouble = &trouble
		return page, card, nil
	}
	s, err := d.Cabinet.Card(c.Request().Context(), card)
	page.Card = &s
	return page, card, err
}

// askLook reads a virtual card. To a real one it sends nothing: its holder has to confirm.
func (d cardDesk) askLook(c echo.Context) error {
	page, card, err := d.lookTarget(c)
	if err != nil {
		return err
	}
	if page.Real {
		page.Asked = true
		return d.showLook(c, http.StatusOK, page)
	}
	return d.readCard(c, page, card, lookForm{})
}

// look reads a card whose holder has confirmed, and what the PIN opens if one was typed.
func (d cardDesk) look(c echo.Context, in lookForm) error {
	page, card, err := d.lookTarget(c)
	if err != nil {
		return err
	}
	if page.Real && !in.Confirm {
		page.Asked = true
		return d.showLook(c, http.StatusConflict, page)
	}
	return d.readCard(c, page, card, in)
}

func (d cardDesk) showLook(c echo.Context, status int, page lookPage) error {
	return d.Pages.Render(c, status, "look", ui.Text{JA: "このカードを見る", EN: "Look at this card"}, page)
}

// readCard reads the card and shows what it has found.
func (d cardDesk) readCard(c echo.Context, page lookPage, card virtualcard.CardID, in lookForm) error {
	if page.Trouble != nil {
		return d.showLook(c, page.Trouble.Status, page)
	}
	ctx := c.Request().Context()
	conn, err := d.powerUp(ctx, card, consent{Confirm: true}, nil)
	if err == nil {
		defer func() { _ = conn.Close() }()
		page.Seen, err = seeCard(ctx, conn)
	}
	if err == nil && in.PIN != "" && !page.Seen.NoFace {
		err = page.readHolder(ctx, conn, in)
	}
	if err != nil {
		trouble, known := d.Explain(err)
		if !known {
			return err
		}
		page.Seen, page.Trouble = nil, &trouble
		return d.showLook(c, trouble.Status, page)
	}
	return d.showLook(c, http.StatusOK, page)
}

// seeCard reads what needs no PIN.
func seeCard(ctx context.Context, conn pcsc.Session) (*seen, error) {
	card := jpkiap.New(conn)
	info, err := card.TokenInfo(ctx)
	if err != nil {
		return nil, err
	}
	s := &seen{Label: info.Label, Model: info.Model, Token: hidden(info.SerialNumber), Has: map[jpki.Kind]bool{}, Tries: map[jpki.Kind]int{}}
	for _, k := range jpki.Kinds() {
		if s.Has[k], err = card.HasCertificate(ctx, k); err != nil {
			return nil, err
		}
		if s.Tries[k], err = card.TriesLeft(ctx, k); err != nil {
			return nil, err
		}
	}
	if err := s.readCertificate(ctx, card); err != nil {
		return nil, err
	}
	s.FacePIN, err = textap.TriesLeft(ctx, conn)
	if errors.Is(err, textap.ErrNoApplication) {
		s.NoFace, err = true, nil
	}
	return s, err
}

// readCertificate reads the user authentication certificate where that needs no PIN.
func (s *seen) readCertificate(ctx context.Context, card *jpkiap.Card) error {
	der, err := card.ReadCertificate(ctx, jpki.UserAuthentication)
	if errors.Is(err, jpkiap.ErrNotVerified) || errors.Is(err, jpkiap.ErrNoCertificate) {
		return nil
	}
	if err != nil {
		return err
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil // what cannot be read is not shown
	}
	s.Serial, s.Issuer, s.Until = hidden(cert.SerialNumber.String()), cert.Issuer.String(), cert.NotAfter
	for _, o := range cert.Issuer.Organization {
		s.Mock = s.Mock || o == "JPKI-MOCK"
	}
	return nil
}

// readHolder reads the four basic data, unless the PIN would be the last try of a real card
// and nobody has said that this is known.
func (p *lookPage) readHolder(ctx context.Context, conn pcsc.Session, in lookForm) error {
	if p.Real && p.Seen.FacePIN == 1 && !in.LastTry {
		p.LastTry = true
		return nil
	}
	a, err := textap.ReadAttributes(ctx, conn, in.PIN)
	if refused := pinRefusal(err); refused != nil {
		p.PIN = refused
		p.Seen.FacePIN, err = textap.TriesLeft(ctx, conn)
		return err
	}
	if err != nil {
		return err
	}
	p.Seen.FacePIN, err = textap.TriesLeft(ctx, conn)
	h := maskedHolder(a)
	p.Holder = &h
	return err
}

// pinRefusal says what is wrong with a PIN of the card-face text application, or nil.
func pinRefusal(err error) *ui.Refusal {
	if _, wrong := errors.AsType[*jpkiap.WrongPINError](err); wrong && !errors.Is(err, jpkiap.ErrBlocked) {
		return &ui.Refusal{Code: "wrong_pin", Title: ui.Text{JA: "暗証番号が違います", EN: "Wrong PIN"}}
	}
	if _, format := errors.AsType[*jpkiap.PINFormatError](err); format {
		return &ui.Refusal{Code: "bad_pin_format", Title: ui.Text{JA: "数字4桁で入力してください。カードには送っていません", EN: "Enter four digits. Nothing was sent to the card"}}
	}
	if errors.Is(err, jpkiap.ErrBlocked) {
		return &ui.Refusal{Code: "pin_blocked", Title: ui.Text{
			JA: "券面事項入力補助用暗証番号がロックされています。市区町村の窓口で初期化を申請してください",
			EN: "The card-face text PIN is blocked. The municipal counter can reset it"}}
	}
	return nil
}

// What a page shows in the place of what it hides.
const hiddenRune = "＊"

// shownDigits are the last ones of a number, which stay.
const shownDigits = 2

// hidden masks a number but for its end.
func hidden(number string) string {
	if len(number) <= shownDigits {
		return strings.Repeat("*", len(number))
	}
	return strings.Repeat("*", len(number)-shownDigits) + number[len(number)-shownDigits:]
}

// maskedHolder masks the four basic data: of a name the first character of each part stays, of
// an address the municipality, of a birth the year.
func maskedHolder(a textap.Attributes) holder {
	var parts []string
	for _, part := range strings.FieldsFunc(a.Name, func(r rune) bool { return r == '　' || r == ' ' }) {
		runes := []rune(part)
		parts = append(parts, string(runes[:1])+strings.Repeat(hiddenRune, len(runes)-1))
	}
	h := holder{Name: strings.Join(parts, "　"), Address: hiddenRune + hiddenRune, Gender: jpki.Gender(a.Gender).Japanese()}
	if i := strings.IndexAny(a.Address, "市区町村"); i > 0 {
		h.Address = a.Address[:i] + string([]rune(a.Address[i:])[:1]) + strings.Repeat(hiddenRune, 4)
	}
	if born, err := time.Parse("20060102", a.DateOfBirth); err == nil {
		year, _, _ := strings.Cut(jpki.DateOfBirthOn(born.Year(), born.Month(), born.Day()).Japanese(), "年")
		h.Born = ui.Text{JA: year + "年＊月＊日", EN: born.Format("2006") + ", month and day hidden"}
	}
	return h
}
