package agent

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/virtualcard"
)

// authenticateBody is the body of POST /v1/authenticate. The PIN is exactly what
// the card is to get: nothing is made upper case or trimmed for a script.
type authenticateBody struct {
	Card   virtualcard.CardID `json:"card"`
	PIN    string             `json:"pin"`
	Origin string             `json:"origin"`
	Nonce  string             `json:"nonce"`
	// Attributes are those of the holder that the answer is to tell.
	Attributes []string `json:"attributes,omitempty"`
	agreed
}

// agreed is what a script says for the holder of a card that may be real; cardUse says
// what it means.
type agreed struct {
	Confirm bool `json:"confirm,omitempty"`
	LastTry bool `json:"lastTry,omitempty"`
}

func (a agreed) use(card virtualcard.CardID) cardUse {
	return cardUse{Card: card, Confirmed: a.Confirm, LastTry: a.LastTry}
}

// signBody is the body of POST /v1/sign.
type signBody struct {
	Card     virtualcard.CardID `json:"card"`
	PIN      string             `json:"pin"`
	Origin   string             `json:"origin"`
	Document wireDocument       `json:"document"`
	agreed
}

// parse checks the body, before a card is asked.
func (b authenticateBody) parse() (operation, error) {
	if b.Card == "" {
		return operation{}, malformed("card: missing")
	}
	return newAuthentication(b.Origin, b.Nonce, b.Attributes)
}

// parse checks the body, before a card is asked.
func (b signBody) parse() (operation, error) {
	if b.Card == "" {
		return operation{}, malformed("card: missing")
	}
	return newSignature(b.Origin, b.Document)
}

// scriptAuthenticate answers with a Web eID authentication token.
func (h *house) scriptAuthenticate(c echo.Context) error {
	in, err := door.Read[authenticateBody](c)
	if err != nil {
		return err
	}
	op, err := in.parse()
	if err != nil {
		return err
	}
	done, err := h.access.perform(c.Request().Context(), in.use(in.Card), op, in.PIN)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, done.Token)
}

// scriptSign answers with a detached CMS SignedData.
func (h *house) scriptSign(c echo.Context) error {
	in, err := door.Read[signBody](c)
	if err != nil {
		return err
	}
	op, err := in.parse()
	if err != nil {
		return err
	}
	done, err := h.access.perform(c.Request().Context(), in.use(in.Card), op, in.PIN)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string][]byte{"cms": done.CMS})
}

// cardView is a card as scripts see it: what needs no PIN.
type cardView struct {
	Card         virtualcard.CardID              `json:"card"`
	Name         string                          `json:"name"`
	NameEN       string                          `json:"nameEN,omitempty"`
	Dead         bool                            `json:"dead"`
	Tampered     bool                            `json:"tampered"` // dead, because somebody tried to read its keys
	Variant      jpki.CardVariant                `json:"variant,omitempty"`
	Certificates map[jpki.Kind]jpki.SerialNumber `json:"certificates"`
	TriesLeft    map[jpki.Kind]int               `json:"triesLeft"`
}

func viewOf(s virtualcard.Summary) cardView {
	v := cardView{
		Card: s.ID, Name: s.Face.Name, NameEN: s.Face.NameEN, Dead: s.Dead, Tampered: s.Tampered, Variant: s.Variant,
		Certificates: s.Serials, TriesLeft: s.TriesLeft,
	}
	if v.Certificates == nil { // of the transit card
		v.Certificates, v.TriesLeft = map[jpki.Kind]jpki.SerialNumber{}, map[jpki.Kind]int{}
	}
	return v
}

// scriptCards lists all cards.
func (h *house) scriptCards(c echo.Context) error {
	all, err := h.cfg.Cabinet.List(c.Request().Context())
	if err != nil {
		return err
	}
	views := make([]cardView, 0, len(all))
	for _, s := range all {
		views = append(views, viewOf(s))
	}
	return c.JSON(http.StatusOK, map[string]any{"cards": views})
}

// scriptCard shows one card.
func (h *house) scriptCard(c echo.Context) error {
	s, err := h.access.summary(c.Request().Context(), cardOf(c))
	if err != nil {
		return err
	}
	if s == nil {
		return virtualcard.ErrNoCard
	}
	return c.JSON(http.StatusOK, viewOf(*s))
}

// scriptTamper tries to read a card's private keys by force, and answers with what is left of
// the card: the chip has destroyed them. Whoever holds a card in the hand can do that.
func (h *house) scriptTamper(c echo.Context) error {
	if err := h.cfg.Cabinet.Tamper(c.Request().Context(), cardOf(c)); err != nil {
		return err
	}
	return h.scriptCard(c)
}
