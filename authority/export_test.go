package authority

import (
	"context"

	"example.jp/jpkimock/authority/jpki"
)

// AnswerUncounted answers OCSP past the ledger, to see what counting costs.
func (a *Authority) AnswerUncounted(ctx context.Context, kind jpki.Kind, key string, der []byte) ([]byte, error) {
	answer, _, _, err := a.respond(ctx, nil, kind, key, der)
	return answer.DER, err
}
