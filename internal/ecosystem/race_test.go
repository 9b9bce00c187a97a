//go:build race

package ecosystem

// raced reports whether the race detector is on, under which each request costs
// fifteen times as much.
const raced = true

// everyNth hostile request is sent; make unit sends them all without the detector.
const everyNth = 11
