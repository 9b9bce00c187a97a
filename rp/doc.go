// Package rp is the relying-party kit: what a bank, a hospital or a cable
// operator imports to accept the Individual Number Card.
package rp
