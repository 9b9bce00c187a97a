package door

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"
)

// Key is a secret that a house shares with those whom it lets in. The zero Key
// lets nobody in.
type Key struct {
	sum [sha256.Size]byte
	set bool
}

// NewKey returns the key of a secret; an empty secret is no key.
func NewKey(secret string) Key {
	return Key{sum: sha256.Sum256([]byte(secret)), set: secret != ""}
}

// IsSet reports whether there is a secret that can match.
func (k Key) IsSet() bool { return k.set }

// Matches reports whether given is the secret. The time it takes does not tell a
// near miss from a far one, nor how long the secret is.
func (k Key) Matches(given string) bool {
	got := sha256.Sum256([]byte(given))
	return subtle.ConstantTimeCompare(got[:], k.sum[:]) == 1 && k.set
}

// Staff lets those in who know the key of a house's staff: people at a sign-in
// page, scripts with a bearer token. Both count as attempts of the address that
// they come from.
//
//	right, err := w.staff.Admit(c, in.Key)
//	if err != nil {
//		return err // leaves as 429 with Retry-After
//	}
//	if !right {
//		return w.signInPage(c, http.StatusForbidden)
//	}
//	w.clerks.Renew(c, clerk{...})
type Staff struct {
	key      Key
	attempts *Attempts
}

// NewStaff returns the entrance of a house's staff, shut if the key is empty.
// Time is the house's own.
func NewStaff(key string, now func() time.Time) *Staff {
	return &Staff{key: NewKey(key), attempts: NewAttempts(now)}
}

// Shut reports that no key was set.
func (s *Staff) Shut() bool { return !s.key.IsSet() }

// Admit reports whether a key that came with a request is the staff's, and counts
// a wrong one. Its error is a *TooManyAttempts: then no key is looked at, the
// right one included.
func (s *Staff) Admit(c echo.Context, key string) (right bool, err error) {
	right = s.key.Matches(key)
	return right, s.attempts.Allow(c, right)
}

// Opens reports whether a key of the house's own configuration is the staff's. It counts
// nothing: what comes with a request goes to Admit.
func (s *Staff) Opens(key string) bool { return s.key.Matches(key) }

// Scripts lets requests in that bear the key. realm names what it opens, for the
// challenge of a 401 (RFC 6750 §3): 401 no_key without a key, 401 wrong_key with
// another one or where none is set.
func (s *Staff) Scripts(realm string) echo.MiddlewareFunc {
	challenge := "Bearer realm=" + strconv.Quote(realm)
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			key, given := Bearer(c.Request())
			if !given {
				c.Response().Header().Set("WWW-Authenticate", challenge)
				return Problem{Status: http.StatusUnauthorized, Code: "no_key", Detail: "send Authorization: Bearer and the key of the " + realm}
			}
			right, err := s.Admit(c, key)
			if err != nil {
				return err
			}
			if !right {
				c.Response().Header().Set("WWW-Authenticate", challenge+`, error="invalid_token"`)
				return Problem{Status: http.StatusUnauthorized, Code: "wrong_key", Detail: "this is not the key of the " + realm}
			}
			return next(c)
		}
	}
}
