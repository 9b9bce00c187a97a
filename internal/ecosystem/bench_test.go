package ecosystem

import (
	"context"
	"testing"
)

// BenchmarkStart measures the time until every house answers, with the seeded town
// planted anew, and with it kept in the data folder.
func BenchmarkStart(b *testing.B) {
	b.Run("planting", func(b *testing.B) {
		for b.Loop() {
			startAndClose(b, Config{})
		}
	})
	b.Run("kept", func(b *testing.B) {
		dir := b.TempDir()
		startAndClose(b, Config{DataDir: dir})
		for b.Loop() {
			startAndClose(b, Config{DataDir: dir})
		}
	})
}

func startAndClose(b *testing.B, cfg Config) {
	b.Helper()
	e, err := Start(context.Background(), cfg)
	if err != nil {
		b.Fatal(err)
	}
	if err := e.Close(); err != nil {
		b.Fatal(err)
	}
}
