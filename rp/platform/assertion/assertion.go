// Package assertion reads client assertions (private_key_jwt, OpenID Connect Core 9, RFC 7523).
package assertion

import (
	"errors"
	"fmt"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"example.jp/jpkimock/rp/platform/parameter"
	"example.jp/jpkimock/rp/platform/signing"
)

// Bounds of an assertion.
const (
	Ahead = time.Hour        // how far off exp may be
	Skew  = 30 * time.Second // between a service's clock and this one
	Max   = 8 << 10          // octets
)

// Assertion is an assertion whose signature was not verified yet.
type Assertion struct {
	// Issuer is who says to have made it.
	Issuer string
	token  *jwt.JSONWebToken
}

// Parse reads an assertion.
func Parse(text string) (*Assertion, error) {
	if len(text) > Max {
		return nil, errors.New("too long")
	}
	token, err := jwt.ParseSigned(text, signing.Algorithms())
	if err != nil || len(token.Headers) != 1 {
		return nil, errors.New("no JWT signed with ES256 or RS256")
	}
	var claimed jwt.Claims
	if err := token.UnsafeClaimsWithoutVerification(&claimed); err != nil {
		return nil, errors.New("its claims cannot be read")
	}
	return &Assertion{Issuer: claimed.Issuer, token: token}, nil
}

// Verify verifies an assertion by the keys of the service client, at a time, for the audience
// wanted or its other name. It tries the key that the header names, or, where it names none, the
// only one there is; keys for encryption verify nothing.
func (a *Assertion) Verify(set jose.JSONWebKeySet, client string, now time.Time, wanted, other string) (jwt.Claims, error) {
	keys := signing.Verifying(set)
	if kid := a.token.Headers[0].KeyID; kid != "" {
		keys = signing.Verifying(jose.JSONWebKeySet{Keys: set.Key(kid)})
	}
	if len(keys) != 1 {
		return jwt.Claims{}, errors.New("kid names no key of the register entry")
	}
	var claims jwt.Claims
	if err := a.token.Claims(keys[0].Key, &claims); err != nil {
		return jwt.Claims{}, errors.New("the signature is not by the registered key")
	}
	return claims, check(claims, client, now, wanted, other)
}

func check(c jwt.Claims, client string, now time.Time, wanted, other string) error {
	after := func(d *jwt.NumericDate, t time.Time) bool { return d != nil && d.Time().After(t) }
	shows := ": the simulated clock here shows " + now.UTC().Format(time.RFC3339)
	switch {
	case c.Issuer != client || c.Subject != client:
		return errors.New("iss and sub must be the client_id")
	case !c.Audience.Contains(wanted) && !c.Audience.Contains(other):
		return fmt.Errorf("aud must be %s", wanted)
	case c.Expiry == nil || !now.Before(c.Expiry.Time().Add(Skew)):
		return errors.New("exp is missing or past" + shows)
	case after(c.Expiry, now.Add(Ahead)):
		return errors.New("exp is more than an hour ahead" + shows)
	case after(c.IssuedAt, now.Add(Skew)) || after(c.NotBefore, now.Add(Skew)):
		return errors.New("iat or nbf is ahead of time" + shows)
	case c.ID == "" || !parameter.IsVSCHAR(c.ID):
		return errors.New("jti must be 1 to 255 printable ASCII characters")
	}
	return nil
}
