// Package attributes reads what the JPKI user client software (利用者クライアントソフト) vouches for
// of a card's holder: the four basic data that a service has asked for. The statement is a JWT in
// the token's member attributes (docs/formats.md), and names the site, the nonce and the token
// that it belongs to.
package attributes

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// Errors of Read. What is wrong with a statement is in the error's text.
var (
	ErrNone      = errors.New("attributes: the answer tells nothing of the holder")
	ErrStatement = errors.New("attributes: the statement is not of this answer")
	ErrKeys      = errors.New("attributes: the client software's keys cannot be had")
)

// Names are the attributes that can be asked for, in the order in which people are shown them.
func Names() []string { return []string{"name", "address", "birthdate", "gender"} }

// Asked gives those of some scopes that are attributes, in the order of Names.
func Asked(scopes []string) (asked []string) {
	for _, name := range Names() {
		if slices.Contains(scopes, name) {
			asked = append(asked, name)
		}
	}
	return asked
}

// skew is how far the client software's clock may be off.
const skew = time.Minute

// mediaType is the typ of a statement's header.
const mediaType = "jpkimock-attributes+jwt"

// Claims are what a service is told, by the names of OpenID Connect Core §5.1: name, birthdate and
// gender are text, address is an object with the member formatted.
type Claims map[string]any

// Reader reads statements. Its methods may be called from any goroutine.
type Reader struct {
	// Origin is the site that the card answers, and Keys gets the client software's JWK Set.
	Origin string
	Keys   func(ctx context.Context) (json.RawMessage, error)
	Now    func() time.Time

	mu   sync.Mutex
	kept jose.JSONWebKeySet
}

// Read gives what the answer of a card, which was verified, tells of the attributes that are asked
// for: all of them, and nothing else. Its errors are ErrNone, ErrStatement and ErrKeys.
func (r *Reader) Read(ctx context.Context, token []byte, nonce string, asked []string) (Claims, error) {
	var in struct {
		Signature  string `json:"signature"`
		Attributes string `json:"attributes"`
	}
	if err := json.Unmarshal(token, &in); err != nil || in.Attributes == "" {
		return nil, ErrNone
	}
	read, err := jwt.ParseSigned(in.Attributes, []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrStatement, err)
	}
	head := read.Headers[0]
	if head.ExtraHeaders[jose.HeaderType] != mediaType {
		return nil, fmt.Errorf("%w: typ", ErrStatement)
	}
	key, err := r.key(ctx, head.KeyID)
	if err != nil {
		return nil, err
	}
	var registered jwt.Claims
	var said struct {
		Nonce      string            `json:"nonce"`
		TokenHash  string            `json:"token_hash"`
		Attributes map[string]string `json:"attributes"`
	}
	if err := read.Claims(key, &registered, &said); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrStatement, err)
	}
	if err := registered.ValidateWithLeeway(jwt.Expected{AnyAudience: jwt.Audience{r.Origin}, Time: r.Now()}, skew); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrStatement, err)
	}
	hash := sha256.Sum256([]byte(in.Signature))
	switch {
	case registered.Expiry == nil || len(registered.Audience) != 1:
		return nil, fmt.Errorf("%w: exp or aud", ErrStatement)
	case said.Nonce != nonce:
		return nil, fmt.Errorf("%w: nonce", ErrStatement)
	case said.TokenHash != base64.RawURLEncoding.EncodeToString(hash[:]):
		return nil, fmt.Errorf("%w: token_hash", ErrStatement)
	case !slices.Equal(slices.Sorted(maps.Keys(said.Attributes)), slices.Sorted(slices.Values(asked))):
		return nil, fmt.Errorf("%w: other attributes than were asked for", ErrStatement)
	}
	return claims(said.Attributes)
}

// key finds a key, and gets the keys anew for one that is not known: the client software makes a
// new one at each start.
func (r *Reader) key(ctx context.Context, id string) (*jose.JSONWebKey, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if found := r.kept.Key(id); len(found) > 0 {
		return &found[0], nil
	}
	text, err := r.Keys(ctx)
	var keys jose.JSONWebKeySet
	if err == nil {
		err = json.Unmarshal(text, &keys)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrKeys, err)
	}
	r.kept.Keys = slices.DeleteFunc(keys.Keys, func(k jose.JSONWebKey) bool { return !k.Valid() || !k.IsPublic() })
	if found := r.kept.Key(id); len(found) > 0 {
		return &found[0], nil
	}
	return nil, fmt.Errorf("%w: kid", ErrStatement)
}

// genders are the claim's values by JIS X 0303. The standard has two of its own; 9 (適用不能) is
// none of them.
var genders = map[string]string{"1": "male", "2": "female", "9": "not_applicable"}

// claims writes what is on a card as claims.
func claims(on map[string]string) (Claims, error) {
	all := Claims{}
	for name, value := range on {
		switch name {
		case "name":
			all[name] = value
		case "address":
			all[name] = map[string]string{"formatted": value}
		case "birthdate":
			day, err := time.Parse("20060102", value)
			if err != nil {
				return nil, fmt.Errorf("%w: birthdate", ErrStatement)
			}
			all[name] = day.Format(time.DateOnly)
		case "gender":
			if all[name] = genders[value]; genders[value] == "" {
				return nil, fmt.Errorf("%w: gender", ErrStatement)
			}
		}
	}
	return all, nil
}
