package ecosystem

import (
	"context"
	"testing"
)

// BenchmarkStart is the time from nothing to every house answering, with the
// seeded town: planted anew, and found in place.
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
