// Package parameter reads what services send and register: each function takes one value.
package parameter

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of parameters and entries.
const (
	Max     = 255 // characters of state, nonce and jti
	MaxName = 60  // characters
	MaxURI  = 512 // octets
)

var (
	challengeForm = regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`) // base64url of a SHA-256
	verifierForm  = regexp.MustCompile(`^[A-Za-z0-9._~-]{43,128}$`)
)

// IsVSCHAR accepts what デジタル認証アプリ accepts as state and nonce.
func IsVSCHAR(s string) bool {
	return len(s) <= Max && !strings.ContainsFunc(s, func(r rune) bool { return r < 0x20 || r > 0x7e })
}

// Challenge wants a S256 challenge (RFC 7636 4.4.1).
func Challenge(challenge, method string) error {
	switch {
	case challenge == "":
		return errors.New("code challenge required")
	case method != "S256":
		return errors.New("transform algorithm not supported: code_challenge_method must be S256")
	case !challengeForm.MatchString(challenge):
		return errors.New("code_challenge: want the base64url of a SHA-256, 43 characters")
	}
	return nil
}

// Verifier wants the verifier of a challenge (RFC 7636 4.6).
func Verifier(verifier, challenge string) error {
	sum := sha256.Sum256([]byte(verifier))
	proof := base64.RawURLEncoding.EncodeToString(sum[:])
	switch {
	case !verifierForm.MatchString(verifier):
		return errors.New("code_verifier: want 43 to 128 characters of RFC 7636")
	case subtle.ConstantTimeCompare([]byte(proof), []byte(challenge)) != 1:
		return errors.New("code_verifier: does not match the code_challenge")
	}
	return nil
}

// Language gives the first of ui_locales that the pages speak: "ja", "ja-simple" or "en", else "".
func Language(locales string) string {
	for _, l := range strings.Fields(locales) {
		l = strings.ToLower(l)
		if l != "ja-simple" { // easy Japanese; any other variant and region is the language's
			l, _, _ = strings.Cut(l, "-")
		}
		if l == "ja" || l == "ja-simple" || l == "en" {
			return l
		}
	}
	return ""
}

// IsName accepts one line of 1 to MaxName characters.
func IsName(s string) bool {
	return s != "" && utf8.ValidString(s) && utf8.RuneCountInString(s) <= MaxName && strings.TrimSpace(s) == s &&
		!strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) && r != '　' })
}

// IsRedirectURI accepts absolute http and https addresses as browsers write
// them. RFC 6749 3.1.2 forbids a fragment.
func IsRedirectURI(s string) bool {
	u, err := url.Parse(s)
	return err == nil && len(s) <= MaxURI && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.User == nil &&
		u.Opaque == "" && !strings.ContainsAny(s, "\\#*;, \t\r\n") && u.String() == s
}
