package ca

import (
	"context"
	"crypto/rsa"
	"crypto/sha256"
	"slices"
	"sync"
	"testing"
	"time"
)

// BenchmarkSixteenWaitForSignatures has sixteen clients ask for signatures
// without a pause, of the signers first in, first out, and beside it each in a
// goroutine of its own. It reports how long the unluckiest hundredth waited, and
// the ratio: at most a half.
func BenchmarkSixteenWaitForSignatures(b *testing.B) {
	key, err := rsa.GenerateKey(nil, 2048)
	if err != nil {
		b.Fatal(err)
	}
	s := NewSigners()
	defer s.Close()
	digest := sha256.Sum256([]byte("an answer"))
	var queued, each []time.Duration
	for b.Loop() {
		queued = append(queued, waits(b, func() error {
			_, err := s.sign(context.Background(), key, digest)
			return err
		})...)
		each = append(each, waits(b, func() error {
			_, err := signDigest(key, digest)
			return err
		})...)
	}
	a, o := unluckiest(queued), unluckiest(each)
	b.ReportMetric(float64(a.Microseconds())/1e3, "p99-ms")
	b.ReportMetric(float64(o.Microseconds())/1e3, "p99-ms-each")
	b.ReportMetric(float64(a)/float64(o), "ratio")
}

// waits is how long each of some signatures took to come.
func waits(b *testing.B, sign func() error) []time.Duration {
	const clients, signatures = 16, 40
	took := make([][]time.Duration, clients)
	var all sync.WaitGroup
	for i := range clients {
		all.Go(func() {
			for range signatures {
				began := time.Now()
				if err := sign(); err != nil {
					b.Error(err)
				}
				took[i] = append(took[i], time.Since(began))
			}
		})
	}
	all.Wait()
	return slices.Concat(took...)
}

func unluckiest(all []time.Duration) time.Duration {
	slices.Sort(all)
	return all[len(all)*99/100]
}
