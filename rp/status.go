package rp

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// State is what the authority says of a certificate.
type State string

// The states. The zero value is none of them.
const (
	// Unchanged: neither revoked nor suspended; for a digital signature
	// certificate also that the four basic data have not changed.
	Unchanged State = "unchanged"
	// Changed: revoked because what it says about its holder has changed
	// (異動, affiliationChanged).
	Changed State = "changed"
	// Revoked for any other reason.
	Revoked State = "revoked"
	// Suspended (一時保留, certificateHold).
	Suspended State = "suspended"
	// Expired: at the end of its validity, and not revoked before. It says
	// nothing about the holder: later changes are not recorded.
	Expired State = "expired"
	// Unknown to the authority.
	Unknown State = "unknown"
)

// Status is the authority's answer about one serial number.
type Status struct {
	Kind   jpki.Kind         `json:"kind"`
	Serial jpki.SerialNumber `json:"serial"`
	State  State             `json:"state"`
	// Reason and At say why and since when, for Changed, Revoked, Suspended: a
	// Revoked one was replaced by a newer one (superseded), is no longer needed
	// (cessationOfOperation), or its key is endangered (keyCompromise).
	Reason jpki.Reason `json:"reason,omitzero"`
	At     time.Time   `json:"at,omitzero"`
	// ProducedAt is when the authority signed the answer. The answers to a
	// change confirmation are not signed: it is when they were asked for.
	ProducedAt time.Time `json:"producedAt"`
}

// Purpose is what a relying party wants revocation information for. The
// authority counts and charges by it.
type Purpose string

// The purposes: 署名検証, and 現況確認 of customers who are known already.
const (
	SignatureVerification Purpose = "signature-verification"
	CurrentStatus         Purpose = "current-status"
)

type purposeKey struct{}

// WithPurpose states the purpose of what is asked under the context. Without
// it VerifySignature and VerifyAuthentication ask for SignatureVerification,
// and CheckStatus for CurrentStatus.
func WithPurpose(ctx context.Context, p Purpose) context.Context {
	return context.WithValue(ctx, purposeKey{}, p)
}

// purpose gives the purpose of a question of this run.
func (r *run) purpose(ctx context.Context) Purpose {
	if p, ok := ctx.Value(purposeKey{}).(Purpose); ok {
		return p
	}
	if r.record.Verb == VerbCheckStatus {
		return CurrentStatus
	}
	return SignatureVerification
}

// CheckStatus asks the authority about serial numbers kept with customers
// (変更確認). A digital signature certificate that is Unchanged means that the
// customer's four basic data are what they were. The answers come in the order
// of the questions; if one cannot be learned there are none. It needs
// Config.AuthorityURL, since a serial number alone says no address.
//
// One serial number is asked about over OCSP, more by a change confirmation of
// CheckStatusSeq; the states mean the same. OCSP says nothing of the end of a
// certificate's validity, so that for one that is neither revoked nor unknown
// the authority is asked for it too, over the verifier API, the first time that
// the certificate is asked about.
func (v *Verifier) CheckStatus(ctx context.Context, kind jpki.Kind, serials ...jpki.SerialNumber) ([]Status, error) {
	if len(serials) == 1 {
		status, err := v.checkOne(ctx, kind, serials[0])
		if err != nil {
			return nil, err
		}
		return []Status{status}, nil
	}
	answers := make([]Status, 0, len(serials))
	for status, err := range v.CheckStatusSeq(ctx, kind, slices.Values(serials)) {
		if err != nil {
			return nil, err
		}
		answers = append(answers, status)
	}
	return answers, nil
}

// CheckStatusSeq is CheckStatus for more serial numbers than one wants to hold
// in memory: it asks in batches, by a change confirmation over the authority's
// verifier API, and gives the answers in the order of the questions. A batch
// is given when all of it has been answered. An error comes last and without a
// Status; what was given before it holds.
//
// The answers are not signed: they are as trustworthy as the connection to
// Config.AuthorityURL.
func (v *Verifier) CheckStatusSeq(ctx context.Context, kind jpki.Kind, serials iter.Seq[jpki.SerialNumber]) iter.Seq2[Status, error] {
	return func(yield func(Status, error) bool) {
		if _, err := v.askable(kind); err != nil {
			yield(Status{}, err)
			return
		}
		c := &confirmation{run: v.begin(VerbCheckStatus, kind)}
		for serial := range serials {
			if err := c.add(serial); err != nil {
				yield(Status{}, err)
				return
			}
			if len(c.serials) == confirmationBatch && !c.give(ctx, yield) {
				return
			}
		}
		if len(c.serials) > 0 {
			c.give(ctx, yield)
		}
	}
}

// askable gives the CAs of a kind, or says why nothing can be asked about it.
func (v *Verifier) askable(kind jpki.Kind) ([]anchor, error) {
	if v.cfg.AuthorityURL == "" {
		return nil, errors.New("rp: CheckStatus needs Config.AuthorityURL")
	}
	generations := v.generations(kind)
	if len(generations) == 0 {
		return nil, fmt.Errorf("rp: CheckStatus: no anchor for %s", kindName(kind))
	}
	return generations, nil
}

// checkOne asks about one serial number over OCSP.
func (v *Verifier) checkOne(ctx context.Context, kind jpki.Kind, serial jpki.SerialNumber) (status Status, err error) {
	generations, err := v.askable(kind)
	if err != nil {
		return Status{}, err
	}
	if serial, err = jpki.ParseSerialNumber(serial.String()); err != nil {
		return Status{}, fmt.Errorf("rp: CheckStatus: %w", err)
	}
	r := v.begin(VerbCheckStatus, kind)
	r.record.Serial = serial
	for _, issuer := range generations {
		if status, err = r.askStatus(ctx, issuer, serial, v.ocspURL(kind)); err != nil {
			return Status{}, err
		}
		if status.State != Unknown {
			break
		}
	}
	return r.lapsed(ctx, status)
}

// generations lists the CAs of a kind, newest first.
func (v *Verifier) generations(kind jpki.Kind) []anchor {
	var list []anchor
	for _, a := range v.anchors {
		if a.kind == kind {
			list = append(list, a)
		}
	}
	slices.SortStableFunc(list, func(a, b anchor) int { return b.cert.NotBefore.Compare(a.cert.NotBefore) })
	return list
}

// ocspURL is where the authority answers for a kind.
func (v *Verifier) ocspURL(kind jpki.Kind) string {
	return v.cfg.AuthorityURL + "/ocsp/" + kind.String()
}
