package web

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank"
)

// wantsJSON reports whether the request speaks JSON, or wants it spoken.
func wantsJSON(c echo.Context) bool {
	accept := c.Request().Header.Get("Accept")
	return door.IsJSON(c.Request()) || strings.Contains(accept, "application/json") && !strings.Contains(accept, "text/html")
}

// readJSON reads one JSON object, and nothing that it does not know.
func readJSON(c echo.Context, into any) error {
	if !door.IsJSON(c.Request()) {
		return door.Problem{Status: http.StatusUnsupportedMediaType, Code: "not_json", Detail: "the body must be application/json"}
	}
	d := json.NewDecoder(c.Request().Body)
	d.DisallowUnknownFields()
	err := d.Decode(into)
	if err == nil {
		_, err = d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		err = errors.New("more than one value")
	}
	var known door.Problem
	if errors.As(err, &known) {
		return known // the body did not arrive
	}
	var he *echo.HTTPError
	if errors.As(err, &he) {
		return he // the body limit
	}
	return door.Problem{Status: http.StatusBadRequest, Code: "malformed", Detail: "the body is not the JSON object that belongs here"}
}

// reply answers in JSON; what a bank says is not kept by caches.
func reply(c echo.Context, status int, body any) error {
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSON(status, body)
}

// The shapes of the JSON face. Octets are base64, times RFC 3339, money whole
// yen.

type documentFace struct {
	Name      string `json:"name"`
	MediaType string `json:"mediaType"`
	Content   []byte `json:"content"`
}

func documentJSON(d rp.Document) documentFace {
	return documentFace{d.Name, d.MediaType, []byte(d.Content)}
}

type accountFace struct {
	Number   bank.AccountNumber `json:"number"`
	Branch   bank.Branch        `json:"branch"`
	Holder   string             `json:"holder"`
	Balance  bank.Yen           `json:"balance"`
	OpenedAt time.Time          `json:"openedAt"`
}

func accountJSON(a bank.Account) accountFace {
	return accountFace{a.Number, a.Branch, a.Holder, a.Balance, a.OpenedAt}
}

type entryFace struct {
	At        time.Time          `json:"at"`
	Kind      bank.EntryKind     `json:"kind"`
	Amount    bank.Yen           `json:"amount"`
	Balance   bank.Yen           `json:"balance"`
	Other     bank.AccountNumber `json:"other,omitempty"`
	OtherName string             `json:"otherName,omitempty"`
	Memo      string             `json:"memo,omitempty"`
	Transfer  string             `json:"transfer,omitempty"`
}

func entriesJSON(entries []bank.Entry) []entryFace {
	faces := make([]entryFace, len(entries))
	for i, e := range entries {
		faces[i] = entryFace{e.At, e.Kind, e.Amount, e.Balance, e.Other, e.OtherName, e.Memo, e.Transfer}
	}
	return faces
}

func transferJSON(t bank.Transfer) map[string]any {
	return map[string]any{
		"reference": t.Reference, "from": t.From, "to": t.To, "toName": t.ToName,
		"amount": t.Amount, "memo": t.Memo, "balance": t.Balance, "at": t.At,
	}
}

func applicationJSON(a bank.Application) map[string]any {
	return map[string]any{
		"number": a.Document.Number, "document": documentJSON(a.Document), "cms": a.CMS, "certificate": a.Certificate,
		"serial": a.Serial, "pairedSerial": a.Paired, "signedAt": a.SignedAt, "receivedAt": a.ReceivedAt,
		"verifiedAt": a.Record.At, "record": a.Record,
	}
}
