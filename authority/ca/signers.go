package ca

import (
	"context"
	"crypto"
	"crypto/sha256"
	"errors"
	"runtime"
	"sync"
)

// queueLength is how many signatures may wait. At some 500 a second and core
// the last in the queue waits about half a second; more get tryLater.
const queueLength = 256

// ErrBusy is returned when too many signatures wait, or after Close.
var ErrBusy = errors.New("authority: too many signatures are waiting")

// Signers sign OCSP answers: as many goroutines as there are processors, fed
// first in, first out. One goroutine per request would share the processors
// between all that wait, so that each waits for the last.
type Signers struct {
	jobs chan signJob
	mu   sync.RWMutex
	done bool
}

type signJob struct {
	ctx    context.Context
	key    crypto.Signer
	digest [sha256.Size]byte
	answer chan<- signAnswer
}

type signAnswer struct {
	signature []byte
	err       error
}

// NewSigners starts the goroutines; Close ends them.
func NewSigners() *Signers {
	s := &Signers{jobs: make(chan signJob, queueLength)}
	for range runtime.GOMAXPROCS(0) {
		go func() {
			for j := range s.jobs {
				if err := j.ctx.Err(); err != nil {
					j.answer <- signAnswer{err: err}
					continue
				}
				signature, err := signDigest(j.key, j.digest)
				j.answer <- signAnswer{signature, err}
			}
		}()
	}
	return s
}

// sign waits for its turn. It gives ErrBusy at once if too many wait already.
func (s *Signers) sign(ctx context.Context, key crypto.Signer, digest [sha256.Size]byte) ([]byte, error) {
	answer := make(chan signAnswer, 1)
	if !s.enqueue(signJob{ctx, key, digest, answer}) {
		return nil, ErrBusy
	}
	select {
	case a := <-answer:
		return a.signature, a.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (s *Signers) enqueue(j signJob) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.done {
		return false
	}
	select {
	case s.jobs <- j:
		return true
	default:
		return false
	}
}

// Close lets the goroutines go. Nothing is signed after it.
func (s *Signers) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.done {
		s.done = true
		close(s.jobs)
	}
}
