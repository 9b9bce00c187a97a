// Package ocsp is the wire format of the Online Certificate Status Protocol as
// a responder needs it (RFC 6960, with the nonce of RFC 9654): requests are
// read strictly and within bounds, answers are built so that the part that is
// signed and the part that never changes can be kept apart.
//
// It decides nothing: who may ask and what the answer is are for the
// authority.
package ocsp
