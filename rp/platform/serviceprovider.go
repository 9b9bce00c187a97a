package platform

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/go-jose/go-jose/v4"

	"example.jp/jpkimock/rp/platform/attributes"
	"example.jp/jpkimock/rp/platform/parameter"
	"example.jp/jpkimock/rp/platform/signing"
)

// ClientID names a service provider to the standard: "RP00000001".
type ClientID string

// Face is the shape in which the card agent meets a person.
type Face string

// The faces: a window beside the page, a set with a remote control, the terminal
// of a counter.
const (
	WindowFace Face = "window"
	TVFace     Face = "tv"
	KioskFace  Face = "kiosk"
)

// TesterFace stands in the log of a sign-in for which no card was laid anywhere.
const TesterFace Face = "tester"

// Faces lists the faces.
func Faces() []Face { return []Face{WindowFace, TVFace, KioskFace} }

// ScopeOpenID is the scope that every service asks for: a sub, and no personal data.
const ScopeOpenID = "openid"

// ScopeSign is the scope of services whose persons sign at the platform.
const ScopeSign = "sign"

// Scopes lists the scopes that a service may be registered for: openid, one for each of
// the four basic data, and sign.
func Scopes() []string {
	return append(append([]string{ScopeOpenID}, attributes.Names()...), ScopeSign)
}

// Attributes gives those of some scopes that are about the four basic data, in the order in
// which people are shown them.
func Attributes(scopes []string) []string { return attributes.Asked(scopes) }

// Limits of a registration.
const (
	MaxRedirectURIs = 10
	MaxURI          = parameter.MaxURI // octets
	MaxKeys         = signing.MaxKeys
	MaxJWKS         = signing.MaxJWKS // octets
)

// ServiceProvider is an entry of the register (サービスプロバイダ事業者).
type ServiceProvider struct {
	ID ClientID
	// Name as people are shown it, in Japanese and in English.
	Name, NameEN string
	// RedirectURIs are compared character by character.
	RedirectURIs []string
	// Sector: services of one sector are told the same sub for a person. By
	// itself each service is a sector of its own, so that no two can compare.
	Sector string
	// Keys verify the service's client assertions: public, EC P-256 for ES256 or RSA
	// for RS256. To those of use enc signatures are encrypted.
	Keys jose.JSONWebKeySet
	// IDTokenAlg signs the ID tokens of this service, one of Algorithms.
	IDTokenAlg Algorithm
	Scopes     []string
	Faces      []Face
	// Suspended services are refused until that ends.
	Suspended bool
	Since     time.Time
}

// FieldError is what is wrong with a registration, by the name of its field in
// the register's JSON.
type FieldError struct{ Field, Why string }

func (e *FieldError) Error() string { return "platform: " + e.Field + ": " + e.Why }

// Register writes a service provider into the register, or writes its entry
// anew, and into the register's log who did so and why. A wrong entry is a
// *FieldError.
func (p *Platform) Register(ctx context.Context, sp ServiceProvider, by By) (ServiceProvider, error) {
	if err := by.check(); err != nil {
		return ServiceProvider{}, err
	}
	if sp.Sector == "" {
		sp.Sector = string(sp.ID)
	}
	if sp.IDTokenAlg == "" {
		sp.IDTokenAlg = Algorithms()[0]
	}
	if len(sp.Scopes) == 0 {
		sp.Scopes = []string{ScopeOpenID}
	}
	if len(sp.Faces) == 0 {
		sp.Faces = []Face{WindowFace}
	}
	if err := sp.check(); err != nil {
		return ServiceProvider{}, err
	}
	sp.Since = p.cfg.Now()
	return p.cfg.Store.SaveServiceProvider(ctx, sp, func(before *ServiceProvider) RegisterChange {
		c := sp.change(before, by)
		c.At = p.cfg.Now()
		return c
	})
}

// ServiceProvider gives an entry of the register, or ErrNoServiceProvider.
func (p *Platform) ServiceProvider(ctx context.Context, id ClientID) (ServiceProvider, error) {
	return p.cfg.Store.ServiceProvider(ctx, id)
}

// ServiceProviders gives the register in the order of the client_id.
func (p *Platform) ServiceProviders(ctx context.Context) ([]ServiceProvider, error) {
	return p.cfg.Store.ServiceProviders(ctx)
}

var (
	clientIDForm = regexp.MustCompile(`^[0-9A-Za-z]{1,255}$`)
	sectorForm   = regexp.MustCompile(`^[0-9A-Za-z.:_-]{1,255}$`)
)

func (sp ServiceProvider) check() error {
	switch {
	case !clientIDForm.MatchString(string(sp.ID)):
		return &FieldError{"clientId", "1 to 255 letters and digits"}
	case !parameter.IsName(sp.Name):
		return &FieldError{"name", "one line of 1 to 60 characters"}
	case sp.NameEN != "" && !parameter.IsName(sp.NameEN):
		return &FieldError{"nameEn", "one line of at most 60 characters"}
	case !sectorForm.MatchString(sp.Sector):
		return &FieldError{"sector", "1 to 255 letters, digits and . : _ -"}
	case len(sp.RedirectURIs) == 0 || len(sp.RedirectURIs) > MaxRedirectURIs:
		return &FieldError{"redirectUris", "1 to 10 addresses"}
	case !slices.Contains(Algorithms(), sp.IDTokenAlg):
		return &FieldError{"idTokenSignedResponseAlg", "ES256 or RS256"}
	}
	for _, u := range sp.RedirectURIs {
		if !parameter.IsRedirectURI(u) {
			return &FieldError{"redirectUris", "want absolute http or https addresses without user, fragment or wildcard"}
		}
	}
	for _, s := range sp.Scopes {
		if !slices.Contains(Scopes(), s) {
			return &FieldError{"scopes", fmt.Sprintf("%q is not offered", s)}
		}
	}
	for _, f := range sp.Faces {
		if !slices.Contains(Faces(), f) {
			return &FieldError{"faces", fmt.Sprintf("%q is no face", f)}
		}
	}
	if err := signing.CheckKeys(sp.Keys); err != nil {
		return &FieldError{"jwks", err.Error()}
	}
	if slices.Contains(sp.Scopes, ScopeSign) && !signing.Encrypts(sp.Keys) {
		return &FieldError{"jwks", `the scope "sign" needs a key of use enc: the signature is encrypted to it`}
	}
	return nil
}

// ParseKeys reads a JWK Set (RFC 7517) of public keys, EC P-256 or RSA. An error is a *FieldError.
func ParseKeys(text []byte) (jose.JSONWebKeySet, error) {
	set, err := signing.ParseKeys(text)
	if err != nil {
		return set, &FieldError{"jwks", err.Error()}
	}
	return set, nil
}
