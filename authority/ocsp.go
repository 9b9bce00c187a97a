package authority

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"sync"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/ocsp"
)

// ocspLifetime is the time from thisUpdate to nextUpdate: the real responder
// refreshes its data every fifteen minutes.
const ocspLifetime = 15 * time.Minute

// OCSPAnswer is a DER OCSPResponse with what an HTTP answer says of it.
type OCSPAnswer struct {
	DER []byte
	// ThisUpdate and CacheUntil bound the time in which the answer may be given
	// again to somebody else. Both are zero for one that may not: one with a
	// nonce, and every failure.
	ThisUpdate time.Time
	CacheUntil time.Time
	// ETag identifies the answer while it may be kept.
	ETag string
}

// AnswerOCSP answers an OCSP request about certificates of a kind. Whatever
// can be said in OCSP is said in it: malformedRequest, unauthorized for whoever
// is not accredited, tryLater when too many answers wait to be signed,
// internalError when signing fails. The error is not nil only when ctx ended.
func (a *Authority) AnswerOCSP(ctx context.Context, kind jpki.Kind, verifierKey string, der []byte) (OCSPAnswer, error) {
	return a.AnswerOCSPFor(ctx, SignatureVerification, kind, verifierKey, der)
}

// AnswerOCSPFor does the same for a stated purpose, under which the ledger
// counts the answer.
func (a *Authority) AnswerOCSPFor(ctx context.Context, purpose Purpose, kind jpki.Kind, verifierKey string, der []byte) (OCSPAnswer, error) {
	answer, verifierID, n, err := a.respond(ctx, kind, verifierKey, der)
	if n == 0 || err != nil {
		return answer, err
	}
	if !a.ledger.add(verifierID, kind, purpose, a.now(), n) {
		return OCSPAnswer{DER: ocsp.Failure(ocsp.TryLater)}, nil
	}
	if a.counted != nil {
		a.counted(verifierID, kind, n)
	}
	return answer, nil
}

// respond makes an answer, and says whom to charge for how many certificates:
// none for a failure.
func (a *Authority) respond(ctx context.Context, kind jpki.Kind, verifierKey string, der []byte) (answer OCSPAnswer, verifierID string, n int, err error) {
	verifier, err := a.Accredited(ctx, verifierKey, kind)
	if err != nil {
		return OCSPAnswer{DER: ocsp.Failure(ocsp.Unauthorized)}, "", 0, nil
	}
	request, err := ocsp.ParseRequest(der)
	if err != nil {
		return OCSPAnswer{DER: ocsp.Failure(ocsp.MalformedRequest)}, "", 0, nil
	}
	answer, err = a.answer(ctx, a.cas[kind], request)
	switch {
	case ctx.Err() != nil:
		return OCSPAnswer{}, "", 0, ctx.Err()
	case errors.Is(err, errBusy):
		return OCSPAnswer{DER: ocsp.Failure(ocsp.TryLater)}, "", 0, nil
	case err != nil:
		return OCSPAnswer{DER: ocsp.Failure(ocsp.InternalError)}, "", 0, nil
	}
	return answer, verifier.ID, len(request.CertIDs), nil
}

func (a *Authority) answer(ctx context.Context, c *ca, request ocsp.Request) (OCSPAnswer, error) {
	now := a.second()
	singles := make([]ocsp.Single, len(request.CertIDs))
	var key answerKey
	var entry statusEntry
	for i, id := range request.CertIDs {
		variant, serial, ours := c.responder.Match(id)
		entry = statusEntry{}
		if ours {
			entry = c.table.get(serial)
		}
		key = answerKey{serial: serial, variant: uint8(variant)}
		singles[i] = entry.single(id.Raw)
	}
	keep := len(singles) == 1 && request.Nonce == nil && entry.state != 0
	if keep {
		if kept, ok := c.answers.get(key, entry, now); ok {
			return c.finished(kept), nil
		}
	}
	data, err := c.responder.Data(ocsp.Answer{
		ProducedAt: now, ThisUpdate: now, NextUpdate: now.Add(ocspLifetime), Singles: singles, Nonce: request.Nonce,
	})
	if err != nil {
		return OCSPAnswer{}, err
	}
	signature, err := a.signers.sign(ctx, c.responderKey, sha256.Sum256(data))
	if err != nil {
		return OCSPAnswer{}, err
	}
	made := keptAnswer{signed: c.responder.Signed(data, signature), about: entry, at: seconds(now)}
	if keep {
		c.answers.put(key, made)
	}
	answer := c.finished(made)
	if request.Nonce != nil {
		answer.ThisUpdate, answer.CacheUntil, answer.ETag = time.Time{}, time.Time{}, ""
	}
	return answer, nil
}

// finished makes the whole answer of a signed part. The end of an RSA
// signature tells two answers apart as well as a hash of them.
func (c *ca) finished(k keptAnswer) OCSPAnswer {
	at := time.Unix(int64(k.at), 0).UTC()
	return OCSPAnswer{
		DER: c.responder.Response(k.signed), ThisUpdate: at, CacheUntil: at.Add(ocspLifetime),
		ETag: hex.EncodeToString(k.signed[len(k.signed)-16:]),
	}
}

// single says of one certificate what the table says. A suspended one is
// revoked with certificateHold; one that was never issued is unknown.
func (e statusEntry) single(certID []byte) ocsp.Single {
	s := ocsp.Single{CertID: certID}
	switch State(e.state) {
	case Good:
		s.Status = ocsp.Good
	case Held, Revoked:
		s.Status, s.RevokedAt, s.Reason = ocsp.Revoked, e.time(), int(e.reason)
	}
	return s
}

// maxAnswers bounds the answers kept per kind; one takes about half a
// kilobyte.
const maxAnswers = 1 << 17

// answerCache keeps signed answers about single certificates without a nonce.
// An answer is given again only while the table still says of the certificate
// what it said when the answer was signed: so no change has to be told to the
// cache, and none can be missed by it.
type answerCache struct {
	mu  sync.RWMutex
	all map[answerKey]keptAnswer
}

type answerKey struct {
	serial  uint64
	variant uint8
}

type keptAnswer struct {
	signed []byte
	about  statusEntry
	at     uint32 // thisUpdate
}

func newAnswerCache() *answerCache { return &answerCache{all: map[answerKey]keptAnswer{}} }

// get gives a kept answer in the first half of its life, so that whoever gets
// it can use it for at least as long again.
func (c *answerCache) get(key answerKey, now statusEntry, at time.Time) (keptAnswer, bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	k, ok := c.all[key]
	age := int64(seconds(at)) - int64(k.at)
	return k, ok && k.about == now && age >= 0 && age < int64(ocspLifetime/2/time.Second)
}

// put keeps an answer; a few others make room if there are too many.
func (c *answerCache) put(key answerKey, k keptAnswer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.all) >= maxAnswers {
		n := 0
		for old := range c.all {
			delete(c.all, old)
			if n++; n == 64 {
				break
			}
		}
	}
	c.all[key] = k
}
