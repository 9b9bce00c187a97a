//go:build !race

package ecosystem

// raced reports whether the race detector is on.
const raced = false

// everyNth hostile request is sent.
const everyNth = 1
