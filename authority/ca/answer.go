package ca

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"sync"
	"time"

	"example.jp/jpkimock/authority/ocsp"
	"example.jp/jpkimock/authority/register"
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

// Answer answers an OCSP request as of now, in whole seconds; ErrBusy if too
// many answers wait to be signed.
func (c *CA) Answer(ctx context.Context, request ocsp.Request, now time.Time) (OCSPAnswer, error) {
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
	signature, err := c.signers.sign(ctx, c.responderKey, sha256.Sum256(data))
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
func (c *CA) finished(k keptAnswer) OCSPAnswer {
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
	switch register.State(e.state) {
	case register.Good:
		s.Status = ocsp.Good
	case register.Held, register.Revoked:
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
