package rpweb

import (
	"encoding/base64"
	"encoding/json"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/rp"
)

// ReadToken reads the card's answer that a page of the house itself sends, or a
// program: the field token, unverified.
func ReadToken(c echo.Context) ([]byte, error) {
	in, err := door.Read[struct{ Token json.RawMessage }](c)
	return in.Token, err
}

// ReadCMS reads a signature that a page of the house itself sends, or a program:
// the field cms, DER in base64. One that is missing or not base64 fails as the
// kit would fail it: rp.ErrMalformed.
func ReadCMS(c echo.Context) ([]byte, error) {
	in, err := door.Read[struct{ CMS string }](c)
	if err != nil {
		return nil, err
	}
	der, err := base64.StdEncoding.Strict().DecodeString(in.CMS)
	if err != nil || len(der) == 0 {
		return nil, &rp.CheckError{
			Check: rp.FormCheck, Kind: jpki.DigitalSignature, Err: rp.ErrMalformed,
			Expected: rp.Fact{Code: rp.FactText, Args: []string{"a signature in base64"}}, Found: rp.Fact{Code: "none"},
		}
	}
	return der, nil
}
