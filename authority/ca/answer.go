package ca

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"sync"
	"time"

	"example.jp/jpkimock/authority/ocsp"
	"example.jp/jpkimock/authority/register"
)

// ocspLifetime is the time from thisUpdate to nextUpdate: the real responder
// refreshes its data every fifteen minutes.
const ocspLifetime = 15 * time.Minute

// MaxKept is the longest time for which a signed answer is given again: half of its
// life, so that whoever gets it can use it for at least as long again.
const MaxKept = ocspLifetime / 2

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
	// SameSecond says that the status changed in the second of ThisUpdate, so that
	// another answer of that second may have gone before.
	SameSecond bool
}

// ErrHash: a CertID names its issuer by a hash function that is not known here, so
// that no answer would be authoritative.
var ErrHash = errors.New("authority: unknown hash function in a CertID")

// AppendAnswer answers an OCSP request as of now, in whole seconds, with the DER
// appended to dst; ErrBusy if too many answers wait to be signed, ErrHash. The order of its
// steps is for BenchmarkOCSPCached: nothing is allocated before it is needed.
func (c *CA) AppendAnswer(ctx context.Context, dst []byte, request ocsp.Request, now time.Time) (OCSPAnswer, error) {
	first := request.CertIDs[0]
	key, entry := c.find(first)
	keep := len(request.CertIDs) == 1 && request.Nonce == nil && entry.state != 0
	if keep {
		if kept, ok := c.answers.get(key, entry, now, c.kept); ok {
			return c.finished(dst, kept), nil
		}
	}
	if slices.ContainsFunc(request.CertIDs, func(id ocsp.CertID) bool { return !c.responder.Reads(id) }) {
		return OCSPAnswer{}, ErrHash
	}
	singles := append(make([]ocsp.Single, 0, len(request.CertIDs)), entry.single(first.Raw))
	for _, id := range request.CertIDs[1:] {
		_, another := c.find(id)
		singles = append(singles, another.single(id.Raw))
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
	made.etag = hex.EncodeToString(made.signed[len(made.signed)-16:])
	if keep {
		c.answers.put(key, made)
	}
	answer := c.finished(dst, made)
	if request.Nonce != nil {
		answer.ThisUpdate, answer.CacheUntil, answer.ETag = time.Time{}, time.Time{}, ""
	}
	return answer, nil
}

// find returns the status of the certificate that a CertID names, or the zero entry
// for a certificate of another issuer.
func (c *CA) find(id ocsp.CertID) (answerKey, statusEntry) {
	variant, serial, ours := c.responder.Match(id)
	key := answerKey{serial: serial, variant: uint8(variant)}
	if !ours {
		return key, statusEntry{}
	}
	return key, c.table.get(serial)
}

// finished makes the whole answer of a signed part.
func (c *CA) finished(dst []byte, k keptAnswer) OCSPAnswer {
	at := time.Unix(int64(k.at), 0).UTC()
	return OCSPAnswer{
		DER: c.responder.AppendResponse(dst, k.signed), ThisUpdate: at, CacheUntil: at.Add(2 * c.kept), ETag: k.etag,
		SameSecond: k.about.since == k.at,
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
	// etag is the end of the signature, which tells two answers apart as well as a
	// hash of them.
	etag  string
	about statusEntry
	at    uint32 // thisUpdate
}

func newAnswerCache() *answerCache { return &answerCache{all: map[answerKey]keptAnswer{}} }

// get gives a kept answer that is younger than an age.
func (c *answerCache) get(key answerKey, now statusEntry, at time.Time, kept time.Duration) (keptAnswer, bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	k, ok := c.all[key]
	age := int64(seconds(at)) - int64(k.at)
	return k, ok && k.about == now && age >= 0 && age < int64(kept/time.Second)
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
