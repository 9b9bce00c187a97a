package platform

import (
	"context"
	"time"

	"example.jp/jpkimock/internal/held"
	"example.jp/jpkimock/rp/platform/attributes"
)

// maxTold bounds what is kept of cards' holders at one time.
const maxTold = 2 * MaxLogins

// newTold returns a box for what cards said of their holders, by the digest of the code or the
// access token that it goes with. It is in memory alone: the records name nobody, and after a
// restart a service has its person sign in again.
func newTold(now func() time.Time) *held.Box[attributes.Claims] {
	return held.New(held.Config[attributes.Claims]{Now: now, Life: TokenLifetime, Max: maxTold})
}

// read reads what a card's answer tells of its holder, if a service asks for it.
func (p *Platform) read(ctx context.Context, token []byte, nonce string, scopes []string) (attributes.Claims, error) {
	asked := Attributes(scopes)
	if len(asked) == 0 {
		return nil, nil
	}
	return p.cfg.Attributes.Read(ctx, token, nonce, asked)
}

// tells keeps what goes with a code.
func (p *Platform) tells(code Digest, told attributes.Claims) error {
	if told == nil {
		return nil
	}
	return p.told.Put(string(code), told)
}

// passesOn keeps for an access token what went with its code.
func (p *Platform) passesOn(c Code, token Digest) error {
	if len(Attributes(c.Scopes)) == 0 {
		return nil
	}
	told, err := p.told.Take(string(c.Digest), nil)
	if err != nil {
		return &OAuthError{Code: InvalidGrant, Description: "what the card said is not kept any longer: let the person sign in again", Err: err}
	}
	return p.told.Put(string(token), told)
}
