package rp

import (
	"context"
	"errors"
	"sync"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// maxValidities is how many certificates' ends a Verifier remembers, some 100
// octets each.
const maxValidities = 4096

// validities remembers when the validity of certificates ends, which never
// changes.
type validities struct {
	mu   sync.Mutex
	ends map[certificateName]time.Time
}

// certificateName is a certificate by its kind and serial number.
type certificateName struct {
	kind   jpki.Kind
	serial jpki.SerialNumber
}

func (v *validities) of(n certificateName) (time.Time, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	end, known := v.ends[n]
	return end, known
}

func (v *validities) remember(n certificateName, end time.Time) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.ends == nil || len(v.ends) >= maxValidities {
		v.ends = map[certificateName]time.Time{}
	}
	v.ends[n] = end
}

// lapsed turns what OCSP says of one certificate into what a change
// confirmation says: one that was not revoked and whose validity has ended is
// Expired. OCSP does not say when that is, and a serial number does not either,
// so the authority is asked, once for each certificate.
func (r *run) lapsed(ctx context.Context, status Status) (Status, error) {
	if status.State != Unchanged && status.State != Suspended {
		return status, nil
	}
	n := certificateName{status.Kind, status.Serial}
	end, known := r.v.validities.of(n)
	if !known {
		var err error
		end, err = r.v.linkage.validity(ctx, n)
		if c, failed := errors.AsType[*CheckError](err); failed {
			return Status{}, r.require(ctx, false, c.Check, c.Err, c.Expected, c.Found)
		}
		r.v.validities.remember(n, end)
	}
	if err := r.require(ctx, true, StatusCheck, nil, fact("validity_end"), fact("time", end)); err != nil {
		return Status{}, err
	}
	if !r.record.At.Before(end.Add(time.Second)) {
		return Status{Kind: status.Kind, Serial: status.Serial, State: Expired, ProducedAt: status.ProducedAt}, nil
	}
	return status, nil
}

// validity asks for the last second of a certificate's validity. An error is a
// *CheckError of StatusCheck.
func (l *Linkage) validity(ctx context.Context, n certificateName) (time.Time, error) {
	var answer struct {
		Kind     jpki.Kind         `json:"kind"`
		Serial   jpki.SerialNumber `json:"serial"`
		NotAfter time.Time         `json:"notAfter"`
	}
	q := linkQuestion{StatusCheck, "validity", "the end of the validity", n.kind, n.serial}
	switch err := l.ask(ctx, q, &answer); {
	case err == errNoLink:
		return time.Time{}, q.refused(ErrStatusUnavailable, fact("none"))
	case err != nil:
		return time.Time{}, err
	case answer.Kind != n.kind || answer.Serial != n.serial || answer.NotAfter.IsZero():
		return time.Time{}, q.refused(ErrStatusUnavailable, fact("about_another"))
	}
	return answer.NotAfter, nil
}
