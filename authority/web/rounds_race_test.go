//go:build race

package web_test

// suddenDeaths is how often TestNothingAcknowledgedIsLost kills the authority
// under the race detector; make unit runs all 200 without it as well.
const suddenDeaths = 20
