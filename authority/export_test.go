package authority

import (
	"context"

	"example.jp/jpkimock/authority/accreditation"
	"example.jp/jpkimock/authority/ca"
	"example.jp/jpkimock/authority/jpki"
)

// AnswerOCSP answers OCSP as for a signature.
func (a *Authority) AnswerOCSP(ctx context.Context, kind jpki.Kind, key string, der []byte) (ca.OCSPAnswer, error) {
	return a.AppendOCSP(ctx, nil, accreditation.SignatureVerification, kind, key, der)
}

// AnswerUncounted answers OCSP past the ledger, to see what counting costs.
func (a *Authority) AnswerUncounted(ctx context.Context, kind jpki.Kind, key string, der []byte) ([]byte, error) {
	answer, _, err := a.respond(ctx, nil, kind, key, der)
	return answer.DER, err
}
