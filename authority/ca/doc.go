// Package ca is the two certification authorities: each issues the
// certificates of one kind, keeps the status of all it has issued in memory,
// answers OCSP and publishes the CRL.
//
// Nothing here is trusted by anybody: every DN says O=JPKI-MOCK.
package ca
