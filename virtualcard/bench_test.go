package virtualcard_test

import (
	"testing"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/cardtest"
	"example.jp/jpkimock/virtualcard/jpkiap"
)

// verified gives a card whose user authentication key can sign.
func verified(b *testing.B, cabinet *virtualcard.Cabinet, id virtualcard.CardID) *jpkiap.Card {
	b.Helper()
	cardtest.Hand(b, cabinet, id)
	connection, err := cabinet.Connect(b.Context(), id)
	if err != nil {
		b.Fatal(err)
	}
	card := jpkiap.New(connection)
	if err := card.Verify(b.Context(), jpki.UserAuthentication, cardtest.AuthenticationPIN); err != nil {
		b.Fatal(err)
	}
	return card
}

// BenchmarkCardSignature is one COMPUTE DIGITAL SIGNATURE of a verified key,
// SELECT of the key included. It keeps the key ring: without it every signature
// reads its key out of PKCS#8.
func BenchmarkCardSignature(b *testing.B) {
	card := verified(b, cardtest.Open(b, virtualcard.NewMemoryStore()), "hanako")
	hash := make([]byte, 32)
	for b.Loop() {
		if _, err := card.Sign(b.Context(), jpki.UserAuthentication, hash); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkKeyAtOnce is a key that is made while somebody at the counter waits. It
// keeps the key pool, which saves the wait.
func BenchmarkKeyAtOnce(b *testing.B) {
	pool := virtualcard.NewKeyPool(0)
	for b.Loop() {
		if _, err := pool.Key(b.Context(), "hanako", jpki.UserAuthentication); err != nil {
			b.Fatal(err)
		}
	}
}
