//go:build race

package ecosystem

// everyNth hostile request is sent: the race detector makes each cost fifteen
// times as much, and make unit sends them all without it.
const everyNth = 11
