package ecosystem

import (
	"context"
	"runtime"
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

// BenchmarkCrowd plants customers without cards. It reports how many a second, and
// the memory that the process has taken from the system. Only the authority's index
// of statuses grows with the crowd.
func BenchmarkCrowd(b *testing.B) {
	const crowd = 100_000
	for b.Loop() {
		startAndClose(b, Config{Customers: crowd, Seed: "none", SweepEvery: -1})
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(b.N)*crowd/b.Elapsed().Seconds(), "customers/s")
	b.ReportMetric(float64(m.Sys)/(1<<20), "MB")
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
