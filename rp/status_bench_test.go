package rp_test

import (
	"context"
	"fmt"
	"math/big"
	"slices"
	"testing"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/rptest"
)

// BenchmarkCheckStatus asks a real authority over HTTP: one serial number at a
// time over OCSP, and many in one call. us/serial compares them; each figure
// holds the authority's work too, which for OCSP is a signature each.
func BenchmarkCheckStatus(b *testing.B) {
	w := rptest.New(b)
	v := w.Verifier("https://bank.example.jp")
	ctx, known := context.Background(), w.Card("hanako").Serial(jpki.DigitalSignature)
	const ocsp = 100
	b.Run("one by one", func(b *testing.B) {
		for b.Loop() {
			for range ocsp {
				if _, err := v.CheckStatus(ctx, jpki.DigitalSignature, known); err != nil {
					b.Fatal(err)
				}
			}
		}
		b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/ocsp, "us/serial")
	})
	for _, n := range []int{2, 100, 10_000, 1_000_000} {
		serials := make([]jpki.SerialNumber, n)
		for i := range serials {
			s, err := jpki.SerialNumberFrom(new(big.Int).Add(known.Big(), big.NewInt(int64(i))))
			if err != nil {
				b.Fatal(err)
			}
			serials[i] = s
		}
		b.Run(fmt.Sprint(n, " at once"), func(b *testing.B) {
			for b.Loop() {
				given := 0
				for status, err := range v.CheckStatusSeq(ctx, jpki.DigitalSignature, slices.Values(serials)) {
					if err != nil || given == 0 && status.State != rp.Unchanged {
						b.Fatal(status, err)
					}
					given++
				}
				if given != n {
					b.Fatal(given)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/1e3/float64(b.N)/float64(n), "us/serial")
		})
	}
}
