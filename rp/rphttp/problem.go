package rphttp

import (
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"example.jp/jpkimock/rp"
)

// Status gives the HTTP status under which a code of rp.Code leaves a relying party: 403 for
// a card that may not be used, 409 for a challenge or draft that is over, 413 and 422 for what
// cannot be read or does not verify, 503 where the same card may be accepted in a while. It is
// 500 for any other code.
func Status(code string) int {
	switch code {
	case "suspended", "revoked", "expired", "not_yet_valid", "status_unknown", "untrusted", "certificate_is_ca", "key_usage", "policy", "critical_extension", "origin":
		return http.StatusForbidden
	case "draft_expired", "challenge_expired", "challenge_used":
		return http.StatusConflict
	case "wrong_kind", "tampered", "bad_signature", "signer_identifier", "algorithm", "malformed":
		return http.StatusUnprocessableEntity
	case "too_large":
		return http.StatusRequestEntityTooLarge
	case "not_accredited", "status_responder", "status_missing", "status_stale", "status_nonce", "status_unavailable", "busy":
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// Problem is a refusal as application/problem+json. It holds no personal data.
type Problem struct {
	Type      string `json:"type"` // "about:blank"
	Title     string `json:"title"`
	Status    int    `json:"status"`
	Code      string `json:"code"` // rp.Code, or "internal"
	Detail    string `json:"detail,omitempty"`
	Retryable bool   `json:"retryable"`
	// Of a check that failed.
	Check    string `json:"check,omitempty"`
	Expected string `json:"expected,omitempty"`
	Found    string `json:"found,omitempty"`
	// Of a revocation: why, when (RFC 3339, UTC) and which certificate.
	Reason string `json:"reason,omitempty"`
	At     string `json:"at,omitempty"`
	Serial string `json:"serial,omitempty"`
}

// ProblemOf describes an error of the kit. What is none of the kit's is told as 500
// "internal" without a detail: it is for the log.
func ProblemOf(err error) Problem {
	code := rp.Code(err)
	status := Status(code)
	p := Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Code: code, Retryable: rp.Retryable(err)}
	if code == "" {
		p.Code = "internal"
		return p
	}
	p.Detail = rp.Rule(code).Error() // what lies below may name servers: it is for the log
	if check, ok := errors.AsType[*rp.CheckError](err); ok {
		p.Check, p.Expected, p.Found = string(check.Check), check.Expected.String(), check.Found.String()
	}
	if revoked, ok := errors.AsType[*rp.RevokedError](err); ok {
		p.Reason, p.At, p.Serial = revoked.Reason.String(), revoked.At.UTC().Format(time.RFC3339), revoked.Serial.String()
	}
	return p
}

// WriteProblem answers with ProblemOf.
func WriteProblem(w http.ResponseWriter, err error) {
	p := ProblemOf(err)
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // fails if the client has gone
}
