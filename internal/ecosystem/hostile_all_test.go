//go:build !race

package ecosystem

// everyNth hostile request is sent.
const everyNth = 1
