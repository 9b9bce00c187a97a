// Package platform is みらい共通認証基盤, the common platform (共通PF): an accredited
// platform operator (プラットフォーム事業者) that verifies cards through the kit, rp,
// for service providers (サービスプロバイダ事業者) that do not verify themselves. To
// them it is an OpenID Connect provider in the shape of デジタル認証アプリ:
// authorization code with PKCE (S256) and private_key_jwt, ID tokens signed with
// ES256 or, for a service registered so, RS256, and a sub that is another one for
// each service.
//
// What a service learns is that the same person as before is there, and, if it is
// registered for them and the person agrees, the four basic data that the card has:
// they are kept in memory until the access token ends (told.go). The records name
// nobody, they have serial numbers alone. A person stays
// the same through a re-issue of the card (holder.go). Each act of the standard
// is a method: Begin and Answer and Agree are the authorization endpoint's,
// Authenticate and Exchange the token endpoint's, UserInfo the last one's. They
// say no with an *OAuthError where the standard has a word for it.
//
// The rooms: db keeps the rows, web speaks HTTP by zitadel/oidc and shows the
// pages. Times are by Now throughout, which the library's own token code, bound
// to the wall clock, could not do; that is why tokens are made here.
package platform

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-jose/go-jose/v4"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/held"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/platform/assertion"
	"example.jp/jpkimock/rp/platform/attributes"
	"example.jp/jpkimock/rp/platform/signing"
	"example.jp/jpkimock/rp/platform/transactions"
)

// Lifetimes, and limits on what is kept or read.
const (
	LoginLifetime    = 10 * time.Minute // from the service's request to the person's decision
	CodeLifetime     = time.Minute
	TokenLifetime    = 5 * time.Minute  // of an access token
	RefreshLifetime  = 30 * time.Minute // of a refresh token
	RefreshLongest   = 10 * time.Hour   // after the sign-in no refresh token is good
	IDTokenLifetime  = 10 * time.Minute
	AssertionAhead   = assertion.Ahead // how far off a client assertion's exp may be
	AssertionSkew    = assertion.Skew  // between a service's clock and this one
	MaxLogins        = 10_000          // that wait for their person at one time
	MaxAssertion     = assertion.Max   // octets
	HistoryLines     = 100             // logins that a person is shown
	YearsKept        = 1               // for which a visit stays in a person's log
	pairwiseKeyBytes = 32
)

// The path layout below the issuer, which is that of デジタル認証アプリ.
const (
	IssuerPath   = "/api/realms/main"
	AuthPath     = "/protocol/openid-connect/auth"
	TokenPath    = "/protocol/openid-connect/token"
	UserInfoPath = "/protocol/openid-connect/userinfo"
	CertsPath    = "/protocol/openid-connect/certs"
)

// Verifier is what the platform needs of the kit; *rp.Verifier is one.
type Verifier interface {
	// NewChallenge makes the nonce that a card must answer.
	NewChallenge(ctx context.Context) (rp.Challenge, error)
	// VerifyAuthentication is 資格確認: which certificate answered this nonce.
	VerifyAuthentication(ctx context.Context, token []byte, nonce string) (*rp.Authentication, error)
	// FetchCRL gets the revocation list of a kind.
	FetchCRL(ctx context.Context, kind jpki.Kind) (*rp.CRL, error)
	// CheckStatus is 変更確認: whether the certificate that signed in is good still.
	CheckStatus(ctx context.Context, kind jpki.Kind, serials ...jpki.SerialNumber) ([]rp.Status, error)
	transactions.Verifier
}

// AttributeReader is what the platform needs of the client software's statements;
// *attributes.Reader is one.
type AttributeReader interface {
	// Read gives the claims of a verified answer about the attributes asked for.
	Read(ctx context.Context, token []byte, nonce string, asked []string) (attributes.Claims, error)
}

// Config is what a platform is made of. All fields are required but Attributes.
type Config struct {
	Verifier Verifier
	Linkage  rp.Links
	// Attributes reads what a card's answer tells of its holder, for the scopes of the four
	// basic data; nil for a platform that does not offer them.
	Attributes AttributeReader
	Store      Store
	Now        func() time.Time
	// PublicURL is the platform's own origin, as browsers and services see it.
	// The issuer is PublicURL + IssuerPath.
	PublicURL string
}

// Platform is a platform in service. Its methods may be called from any
// goroutine.
type Platform struct {
	cfg    Config
	issuer string
	ring   atomic.Pointer[keyring]
	pair   []byte // the key of the pairwise identifiers
	logins *held.Box[Login]
	told   *held.Box[attributes.Claims]
	signs  *transactions.Desk
	// rotating is held while the keys are changed.
	rotating sync.Mutex
}

// Secrets are what a platform keeps to itself. They are made at its first start.
type Secrets struct {
	// SigningKey and RSAKey are the ES256 and the RS256 key of the ID tokens, PKCS #8. Next are
	// those that will sign, and Former those that did, while keys are rotated.
	SigningKey, RSAKey []byte
	Next, Former       KeyPair
	// Pairwise is the key under which a holder becomes a sub. With another one
	// every service would take every person for somebody new.
	Pairwise []byte
}

// KeyPair is an ES256 and an RS256 key, PKCS #8; the zero one is none.
type KeyPair struct{ EC, RSA []byte }

// New opens a platform over what its store already holds.
func New(ctx context.Context, cfg Config) (*Platform, error) {
	if cfg.Verifier == nil || cfg.Linkage == nil || cfg.Store == nil || cfg.Now == nil || cfg.PublicURL == "" {
		return nil, errors.New("platform: Verifier, Linkage, Store, Now and PublicURL are required")
	}
	cfg.PublicURL = strings.TrimRight(cfg.PublicURL, "/")
	secrets, err := cfg.Store.Secrets(ctx, (*Secrets).complete)
	if err != nil {
		return nil, fmt.Errorf("platform: secrets: %w", err)
	}
	p := &Platform{cfg: cfg, issuer: cfg.PublicURL + IssuerPath, pair: secrets.Pairwise, logins: newLogins(cfg.Now), told: newTold(cfg.Now)}
	p.signs = &transactions.Desk{Store: cfg.Store, Verifier: cfg.Verifier, Now: cfg.Now, Issuer: p.issuer}
	ring, err := secrets.keyring()
	if err != nil {
		return nil, err
	}
	p.ring.Store(ring)
	return p, nil
}

// complete makes what is missing: all of it at the first start.
func (s *Secrets) complete() (err error) {
	if len(s.Pairwise) == 0 {
		s.Pairwise = make([]byte, pairwiseKeyBytes)
		if _, err := rand.Read(s.Pairwise); err != nil {
			return err
		}
	}
	if len(s.SigningKey) == 0 {
		if s.SigningKey, err = signing.NewKey(jose.ES256); err != nil {
			return err
		}
	}
	if len(s.RSAKey) == 0 {
		s.RSAKey, err = signing.NewKey(jose.RS256)
	}
	return err
}

// Issuer gives the issuer identifier.
func (p *Platform) Issuer() string { return p.issuer }

// Endpoint gives the address of an endpoint's path.
func (p *Platform) Endpoint(path string) string { return p.issuer + path }

// Ping reports whether the platform's records can be reached.
func (p *Platform) Ping() error { return p.cfg.Store.Ping() }

// Sweep drops what has run out: codes, tokens, used assertions, requests nobody
// came back to, and visits of more than YearsKept ago. It is called every now and
// then.
func (p *Platform) Sweep(ctx context.Context) error {
	return errors.Join(p.forget(ctx), p.cfg.Store.Sweep(ctx, p.cfg.Now()))
}
