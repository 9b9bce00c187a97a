package agent

import (
	"context"
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/virtualcard/attest"
	"example.jp/jpkimock/virtualcard/jpkiap"
	"example.jp/jpkimock/virtualcard/pcsc"
	"example.jp/jpkimock/virtualcard/record"
	"example.jp/jpkimock/virtualcard/textap"
)

// readable asks the chip whether it can tell what an operation asks of its holder. It spends no
// try; what stands in the way is a *failure.
func (a *cardAccess) readable(ctx context.Context, conn pcsc.Session, use cardUse, op operation) error {
	if len(op.Attributes) == 0 {
		return nil
	}
	left, err := textap.TriesLeft(ctx, conn)
	if err != nil {
		return failureOf(err, 0)
	}
	if left == 0 {
		return &failure{Code: codeTextPIN, Detail: "the PIN of the card-face text application is blocked; a municipal counter can reset it"}
	}
	if _, real := realReaderOf(use.Card); real && left == 1 && !use.LastTry {
		return &failure{Code: codeLastTry, TriesLeft: 1, Detail: "one try is left of the PIN of the card-face text application: no PIN was sent; say lastTry to risk it"}
	}
	return nil
}

// vouch reads what is asked of the holder with the same four digits, and vouches for it beside a
// token's signature.
func (a *cardAccess) vouch(ctx context.Context, conn pcsc.Session, op operation, pin, signature string) (string, error) {
	read, err := textap.ReadIssued(ctx, transcribe(conn), pin, record.IssuerKey())
	var wrong *jpkiap.WrongPINError
	if errors.As(err, &wrong) || errors.Is(err, jpkiap.ErrBlocked) {
		return "", &failure{Code: codeTextPIN, Detail: "the PIN of the card-face text application is another one: " + err.Error()}
	}
	if err != nil {
		return "", err
	}
	all := map[attest.Attribute]string{
		attest.Name: read.Name, attest.Address: read.Address, attest.Birthdate: read.DateOfBirth, attest.Gender: read.Gender,
	}
	told := map[attest.Attribute]string{}
	for _, asked := range op.Attributes {
		told[asked] = all[asked]
	}
	return a.attest.Vouch(attest.Statement{Origin: op.Origin, Nonce: op.Nonce, Signature: signature, Attributes: told})
}

// attesterKeys gives the keys with which the client software vouches.
func (h *house) attesterKeys(c echo.Context) error {
	return c.JSON(http.StatusOK, h.access.attest.Keys())
}

// labelOf is what a person calls an attribute.
func labelOf(a attest.Attribute) ui.Text {
	return map[attest.Attribute]ui.Text{
		attest.Name: {JA: "氏名", EN: "name"}, attest.Address: {JA: "住所", EN: "address"},
		attest.Birthdate: {JA: "生年月日", EN: "date of birth"}, attest.Gender: {JA: "性別", EN: "gender"},
	}[a]
}

// Signs reports that something is to be signed.
func (o operation) Signs() bool { return o.Action != authenticate }

// Asked lists what a site asks of the holder.
func (o operation) Asked() (labels []ui.Text) {
	for _, a := range o.Attributes {
		labels = append(labels, labelOf(a))
	}
	return labels
}
