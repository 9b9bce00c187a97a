package authority_test

import (
	"context"
	"testing"

	"example.jp/jpkimock/authority/authoritytest"
)

// BenchmarkOCSPCachedUncounted is BenchmarkOCSPCached without the ledger: the
// difference is what counting the fees costs.
func BenchmarkOCSPCachedUncounted(b *testing.B) {
	w := open(b)
	q := about(w.Settle(authoritytest.Hanako()).Certificates[auth])
	der := q.der(b, w)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if answer, err := w.AnswerUncounted(context.Background(), q.kind, authoritytest.Key, der); err != nil || len(answer) < 100 {
				b.Errorf("%x, %v", answer, err)
				return
			}
		}
	})
}
