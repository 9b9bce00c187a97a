package authority

import (
	"context"

	"example.jp/jpkimock/authority/ca"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/ocsp"
)

// Inquiry is an inquiry for status, by OCSP or for the CRL; see Config.Wrong.
type Inquiry struct {
	Kind jpki.Kind
	// List says that it asks for the CRL, which is nobody's alone.
	List       bool
	VerifierID string // empty for the CRL

	ctx     context.Context
	store   Store
	ca      *ca.CA
	request ocsp.Request
}

// Holders looks up to which residents the certificates were issued; none for the CRL.
func (i Inquiry) Holders() (all []string) {
	if i.List {
		return nil
	}
	for _, serial := range i.ca.Serials(i.request) {
		if cert, err := i.store.Certificate(i.ctx, i.Kind, serial); err == nil {
			all = append(all, cert.ResidentID)
		}
	}
	return all
}

// answer answers an OCSP request, wrongly if it is told to.
func (a *Authority) answer(ctx context.Context, dst []byte, kind jpki.Kind, verifierID string, request ocsp.Request) (ca.OCSPAnswer, error) {
	c := a.cas[kind]
	if a.wrong != nil {
		if wrong := a.wrong(Inquiry{kind, false, verifierID, ctx, a.store, c, request}); wrong != ca.Right {
			return c.AppendWrong(ctx, dst, request, a.second(), wrong)
		}
	}
	return c.AppendAnswer(ctx, dst, request, a.second())
}
