package attributes_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"reflect"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"example.jp/jpkimock/rp/platform/attributes"
)

const (
	origin    = "http://platform.example.jp"
	nonce     = "a nonce"
	signature = "c2lnbmF0dXJl"
)

var noon = time.Date(2026, 4, 1, 3, 0, 0, 0, time.UTC)

// software is the client software: its keys by their identifiers, and how often they were got.
type software struct {
	*testing.T
	attributes.Reader
	keys   map[string]*ecdsa.PrivateKey
	public map[string]any // in place of the public half of a key
	silent error
	got    int
}

func open(t *testing.T) *software {
	t.Helper()
	s := &software{T: t, keys: map[string]*ecdsa.PrivateKey{}, public: map[string]any{}}
	s.makes("k1")
	s.Reader = attributes.Reader{Origin: origin, Now: func() time.Time { return noon }, Keys: func(context.Context) (json.RawMessage, error) {
		s.got++
		var set jose.JSONWebKeySet
		for id, key := range s.keys {
			published := any(&key.PublicKey)
			if other := s.public[id]; other != nil {
				published = other
			}
			set.Keys = append(set.Keys, jose.JSONWebKey{Key: published, KeyID: id, Algorithm: "ES256", Use: "sig"})
		}
		text, err := json.Marshal(set)
		if err != nil {
			t.Fatal(err)
		}
		return text, s.silent
	}}
	return s
}

func (s *software) makes(id string) {
	s.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		s.Fatal(err)
	}
	s.keys[id] = key
}

// answer is a card's answer with a statement about told; change and typ spoil it.
func (s *software) answer(id, typ string, told map[string]string, change func(map[string]any)) []byte {
	s.Helper()
	hash := sha256.Sum256([]byte(signature))
	claims := map[string]any{
		"aud": origin, "nonce": nonce, "token_hash": base64.RawURLEncoding.EncodeToString(hash[:]), "attributes": told,
		"iat": noon.Unix(), "exp": noon.Add(5 * time.Minute).Unix(),
	}
	if change != nil {
		change(claims)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: s.keys[id], KeyID: id}}, (&jose.SignerOptions{}).WithType(jose.ContentType(typ)))
	if err != nil {
		s.Fatal(err)
	}
	statement, err := jwt.Signed(signer).Claims(claims).Serialize()
	if err != nil {
		s.Fatal(err)
	}
	text, err := json.Marshal(map[string]string{"signature": signature, "attributes": statement, "format": "web-eid:1.0"})
	if err != nil {
		s.Fatal(err)
	}
	return text
}

const typ = "jpkimock-attributes+jwt"

func (s *software) reads(told map[string]string, change func(map[string]any)) (attributes.Claims, error) {
	s.Helper()
	var asked []string
	for name := range maps.Keys(told) {
		asked = append(asked, name)
	}
	return s.Read(s.Context(), s.answer("k1", typ, told, change), nonce, asked)
}

// What is on a card becomes a claim of the standard.
func TestClaims(t *testing.T) {
	s := open(t)
	for gender, want := range map[string]string{"1": "male", "2": "female", "9": "not_applicable"} {
		got, err := s.reads(map[string]string{"name": "青葉　花子", "address": "青葉県みほん市", "birthdate": "19900412", "gender": gender}, nil)
		claims := attributes.Claims{"name": "青葉　花子", "address": map[string]string{"formatted": "青葉県みほん市"}, "birthdate": "1990-04-12", "gender": want}
		if err != nil || !reflect.DeepEqual(got, claims) {
			t.Errorf("%+v, %v", got, err)
		}
	}
	for name, told := range map[string]map[string]string{
		"a day that is none": {"birthdate": "19900431"}, "a day in another form": {"birthdate": "1990-04-12"}, "no day": {"birthdate": ""},
		"a gender that is none": {"gender": "3"}, "a gender in words": {"gender": "female"}, "no gender": {"gender": ""},
	} {
		if got, err := s.reads(told, nil); !errors.Is(err, attributes.ErrStatement) || got != nil {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

// A statement is about one site, one nonce and one answer, at its time, signed by a key that the
// software publishes; anything else tells nothing.
func TestWhatAStatementIsAbout(t *testing.T) {
	s := open(t)
	told := map[string]string{"name": "青葉　花子"}
	for name, change := range map[string]func(map[string]any){
		"another site": func(c map[string]any) { c["aud"] = "http://phishing.example" }, "two sites": func(c map[string]any) { c["aud"] = []string{origin, origin} },
		"no site": func(c map[string]any) { delete(c, "aud") }, "another nonce": func(c map[string]any) { c["nonce"] = "x" }, "no nonce": func(c map[string]any) { delete(c, "nonce") },
		"another answer": func(c map[string]any) { c["token_hash"] = "x" }, "no answer": func(c map[string]any) { delete(c, "token_hash") },
		"no end":    func(c map[string]any) { delete(c, "exp") },
		"over":      func(c map[string]any) { c["exp"] = noon.Add(-time.Minute - time.Second).Unix() },
		"to come":   func(c map[string]any) { c["iat"] = noon.Add(time.Minute + time.Second).Unix() },
		"more":      func(c map[string]any) { c["attributes"] = map[string]string{"name": "x", "gender": "1"} },
		"less":      func(c map[string]any) { c["attributes"] = map[string]string{} },
		"other":     func(c map[string]any) { c["attributes"] = map[string]string{"gender": "1"} },
		"no object": func(c map[string]any) { c["attributes"] = "name" },
	} {
		if got, err := s.reads(told, change); !errors.Is(err, attributes.ErrStatement) || got != nil {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	for name, change := range map[string]func(map[string]any){
		"a slow clock": func(c map[string]any) { c["exp"] = noon.Add(-59 * time.Second).Unix() }, "a fast clock": func(c map[string]any) { c["iat"] = noon.Add(time.Minute).Unix() },
	} {
		if _, err := s.reads(told, change); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := s.Read(t.Context(), s.answer("k1", "JWT", told, nil), nonce, []string{"name"}); !errors.Is(err, attributes.ErrStatement) {
		t.Errorf("another kind of JWT: %v", err)
	}
	for name, text := range map[string]string{"nothing": "", "no JSON": "x", "no statement": `{"signature":"x"}`, "an empty one": `{"attributes":""}`, "another type": `{"attributes":1}`} {
		if _, err := s.Read(t.Context(), []byte(text), nonce, []string{"name"}); !errors.Is(err, attributes.ErrNone) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, statement := range map[string]string{"no JWT": "x", "an unsigned one": "eyJhbGciOiJub25lIn0.e30."} {
		text, err := json.Marshal(map[string]string{"attributes": statement})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Read(t.Context(), text, nonce, []string{"name"}); !errors.Is(err, attributes.ErrStatement) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Keys are got once, and again for one that is not known, as after a restart of the software.
func TestTheSoftwaresKeys(t *testing.T) {
	s := open(t)
	told := map[string]string{"name": "青葉　花子"}
	read := func(id string) error {
		_, err := s.Read(t.Context(), s.answer(id, typ, told, nil), nonce, []string{"name"})
		return err
	}
	if err := errors.Join(read("k1"), read("k1")); err != nil || s.got != 1 {
		t.Errorf("got %d times, %v", s.got, err)
	}
	s.silent = errors.New("no answer")
	if err := read("k1"); err != nil {
		t.Errorf("a key that is known: %v", err)
	}
	s.makes("k2")
	if err := read("k2"); !errors.Is(err, attributes.ErrKeys) || !errors.Is(err, s.silent) {
		t.Errorf("a silent software: %v", err)
	}
	s.silent = nil
	if err := read("k2"); err != nil || s.got != 3 {
		t.Errorf("after a restart: %v, got %d times", err, s.got)
	}
	stranger := open(t)
	stranger.makes("unknown")
	if _, err := s.Read(t.Context(), stranger.answer("unknown", typ, told, nil), nonce, []string{"name"}); !errors.Is(err, attributes.ErrStatement) {
		t.Errorf("an unknown key: %v", err)
	}
	if _, err := s.Read(t.Context(), stranger.answer("k1", typ, told, nil), nonce, []string{"name"}); !errors.Is(err, attributes.ErrStatement) {
		t.Errorf("another key under a known identifier: %v", err)
	}
	// A private key, or one for encryption by a password, is no key that verifies.
	s.makes("k3")
	s.public["k3"] = s.keys["k3"]
	for range 2 { // from the software, and from what is kept
		if err := read("k3"); !errors.Is(err, attributes.ErrStatement) {
			t.Errorf("a private key was published and taken: %v", err)
		}
	}
	s.makes("k4")
	s.public["k4"] = []byte("a shared secret of thirty-two octets")
	if err := read("k4"); !errors.Is(err, attributes.ErrStatement) {
		t.Errorf("a shared secret was published and taken: %v", err)
	}
	for text, want := range map[string]error{"": attributes.ErrKeys, "x": attributes.ErrKeys, `{"keys":[]}`: attributes.ErrStatement} {
		r := attributes.Reader{Origin: origin, Now: s.Now, Keys: func(context.Context) (json.RawMessage, error) { return json.RawMessage(text), nil }}
		if _, err := r.Read(t.Context(), s.answer("k1", typ, told, nil), nonce, []string{"name"}); !errors.Is(err, want) {
			t.Errorf("keys %q: %v", text, err)
		}
	}
}
