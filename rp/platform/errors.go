package platform

import (
	"errors"
	"fmt"
)

// Rules of the platform that a person's request can break. What the card or its
// certificate breaks is an error of the kit.
var (
	ErrNoServiceProvider = errors.New("platform: no service provider is registered under this client_id")
	ErrNoLogin           = errors.New("platform: this request is over, or is another browser's")
	ErrNoChallenge       = errors.New("platform: this request has no challenge that waits for a card")
	ErrNotVerified       = errors.New("platform: no card has answered this request yet")
	ErrUnknownHolder     = errors.New("platform: no holder is known by this certificate")
	ErrOtherCard         = errors.New("platform: the signature is by another person's card than the one that signed in")
	ErrNoConsent         = errors.New("platform: there is no consent to withdraw")
)

// What the store says of credentials; the token endpoint gives them their names
// of the standard.
var (
	ErrCode          = errors.New("platform: no such code was given to this client")
	ErrCodeUsed      = errors.New("platform: the code has been used")
	ErrToken         = errors.New("platform: no such access token")
	ErrRefresh       = errors.New("platform: no such refresh token was given to this client")
	ErrRefreshUsed   = errors.New("platform: the refresh token has been used")
	ErrAssertionUsed = errors.New("platform: the client assertion has been used")
)

// Words of RFC 6749 (4.1.2.1, 5.2), OpenID Connect Core (3.1.2.6), RFC 6750 (3.1).
const (
	InvalidRequest           = "invalid_request"
	UnauthorizedClient       = "unauthorized_client"
	AccessDenied             = "access_denied"
	UnsupportedResponseType  = "unsupported_response_type"
	InvalidScope             = "invalid_scope"
	ServerError              = "server_error"
	TemporarilyUnavailable   = "temporarily_unavailable"
	LoginRequired            = "login_required"
	RequestNotSupported      = "request_not_supported"
	RequestURINotSupported   = "request_uri_not_supported"
	RegistrationNotSupported = "registration_not_supported"
	InvalidClient            = "invalid_client"
	InvalidGrant             = "invalid_grant"
	InvalidToken             = "invalid_token"
)

// OAuthError is a refusal for which the standard has a word.
type OAuthError struct {
	Code        string // the standard's word
	Description string // for who integrates, in English; never personal data
	// ReturnTo is the redirect URI that is told of it, and State what it gave.
	// Empty for a request whose client or redirect URI is not to be trusted,
	// and for the other endpoints.
	ReturnTo, State string
	// Err is the cause, if there is one.
	Err error
}

func (e *OAuthError) Error() string { return "platform: " + e.Code + ": " + e.Description }

// Unwrap gives the cause.
func (e *OAuthError) Unwrap() error { return e.Err }

// refused makes an OAuthError.
func refused(code, format string, args ...any) *OAuthError {
	return &OAuthError{Code: code, Description: fmt.Sprintf(format, args...)}
}
