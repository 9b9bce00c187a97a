//go:build !race

package web_test

// suddenDeaths is how often TestNothingAcknowledgedIsLost kills the authority.
const suddenDeaths = 200
