// Package acr reads what a service asks for by acr_values, as デジタル認証アプリ has them: a class of
// authentication, and how the certificate's status is learned ("aal3 crl", "aal3 ocsp").
package acr

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// AAL3 is the class of every authentication, and the claim acr: a private key in a chip, opened
// by a PIN.
const AAL3 = "aal3"

// How the status is learned: from the authority over OCSP, or from its revocation list (失効リスト).
const (
	OCSP = "ocsp"
	CRL  = "crl"
)

// maxValues is the most octets of acr_values.
const maxValues = 64

// Supported lists the values that can be asked for.
func Supported() []string { return []string{AAL3, OCSP, CRL} }

// Values are what a service asks for; the zero one is AAL3 with OCSP.
type Values struct {
	CRL bool // the status is read from the revocation list
}

// Parse reads acr_values: values with spaces between, each once, in any order. Other than in OpenID
// Connect Core 3.1.2.1, where a value that is not known may be passed over, it is refused: a
// service that asks for more than it gets should learn of it.
func Parse(s string) (v Values, err error) {
	if len(s) > maxValues {
		return v, fmt.Errorf("longer than %d octets", maxValues)
	}
	asked := strings.Fields(s)
	for i, value := range asked {
		switch {
		case !slices.Contains(Supported(), value):
			return v, fmt.Errorf("%.40q is unknown: want %s", value, strings.Join(Supported(), ", "))
		case slices.Contains(asked[:i], value):
			return v, fmt.Errorf("%q: given more than once", value)
		}
	}
	v.CRL = slices.Contains(asked, CRL)
	if v.CRL && slices.Contains(asked, OCSP) {
		return v, errors.New("want ocsp or crl, not both")
	}
	return v, nil
}
