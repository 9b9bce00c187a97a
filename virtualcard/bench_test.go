package virtualcard_test

import (
	"testing"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/cardtest"
	"example.jp/jpkimock/virtualcard/jpkiap"
)

// BenchmarkCardSignature is one COMPUTE DIGITAL SIGNATURE of a verified key,
// SELECT of the key included.
func BenchmarkCardSignature(b *testing.B) {
	cabinet := cardtest.Open(b, virtualcard.NewMemoryStore())
	cardtest.Hand(b, cabinet, "hanako")
	connection, err := cabinet.Connect(b.Context(), "hanako")
	if err != nil {
		b.Fatal(err)
	}
	card := jpkiap.New(connection)
	if err := card.Verify(b.Context(), jpki.UserAuthentication, cardtest.AuthenticationPIN); err != nil {
		b.Fatal(err)
	}
	hash := make([]byte, 32)
	for b.Loop() {
		if _, err := card.Sign(b.Context(), jpki.UserAuthentication, hash); err != nil {
			b.Fatal(err)
		}
	}
}
