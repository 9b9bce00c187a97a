package rp

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"example.jp/jpkimock/authority/jpki"
)

// maxPaired bounds the answer to a question for a paired serial number.
const maxPaired = 4 << 10

// paired asks for the serial number of the other certificate on the same card
// (対応証明書の発行の番号), by GET
// /verifier/v1/certificates/<kind>/<serial>/pair. A holder may have no other
// certificate, as children have none for signing: then it is "".
func (r *run) paired(ctx context.Context) (jpki.SerialNumber, error) {
	const expected = "the serial number of the paired certificate"
	refused := func(rule error, found string) (jpki.SerialNumber, error) {
		return "", r.require(ctx, false, PairedCheck, rule, expected, found)
	}
	url := fmt.Sprintf("%s/verifier/v1/certificates/%s/%s/pair", r.v.cfg.AuthorityURL, r.record.Kind, r.record.Serial)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return refused(fmt.Errorf("%w: %w", ErrStatusUnavailable, err), "no such address")
	}
	req.Header.Set("Authorization", "Bearer "+r.v.cfg.Key)
	resp, err := r.v.cfg.Client.Do(req)
	if err != nil {
		return refused(fmt.Errorf("%w: %w", ErrStatusUnavailable, err), "no answer")
	}
	defer resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusOK:
	case http.StatusNotFound:
		return "", r.require(ctx, true, PairedCheck, nil, expected, "none")
	case http.StatusUnauthorized, http.StatusForbidden:
		return refused(ErrNotAccredited, "HTTP status "+resp.Status)
	default:
		return refused(ErrStatusUnavailable, "HTTP status "+resp.Status)
	}
	body, err := readBounded(resp.Body, maxPaired)
	if err != nil {
		return refused(fmt.Errorf("%w: %w", ErrStatusUnavailable, err), "a body that could not be read")
	}
	var answer struct {
		Kind         jpki.Kind         `json:"kind"`
		Serial       jpki.SerialNumber `json:"serial"`
		PairedKind   jpki.Kind         `json:"pairedKind"`
		PairedSerial jpki.SerialNumber `json:"pairedSerial"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return refused(fmt.Errorf("%w: %w", ErrStatusUnavailable, ErrMalformed), "JSON of another form")
	}
	ok := answer.Kind == r.record.Kind && answer.Serial == r.record.Serial && answer.PairedKind == r.record.Kind.Other()
	return answer.PairedSerial, r.require(ctx, ok, PairedCheck, ErrStatusUnavailable,
		fmt.Sprintf("an answer about %s %s", r.record.Kind, r.record.Serial), sayIf(ok, answer.PairedSerial.String(), "one about another certificate"))
}
