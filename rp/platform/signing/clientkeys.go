package signing

import (
	"crypto"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"

	"github.com/go-jose/go-jose/v4"
)

// Limits of a service's JWK Set.
const (
	MaxKeys = 10
	MaxJWKS = 16 << 10 // octets
	maxKID  = 255      // characters
)

// encryption is the use of a key to which something is encrypted (RFC 7517 4.2).
const encryption = "enc"

// ParseKeys reads a service's JWK Set (RFC 7517) of public keys, EC P-256 or RSA.
func ParseKeys(text []byte) (jose.JSONWebKeySet, error) {
	var set jose.JSONWebKeySet
	if len(text) > MaxJWKS {
		return set, errors.New("too long")
	}
	if err := json.Unmarshal(text, &set); err != nil {
		return jose.JSONWebKeySet{}, errors.New("no JWK Set could be read")
	}
	return set, CheckKeys(set)
}

// CheckKeys says what is wrong with a service's keys: one at least verifies its assertions, others
// may be for encryption.
func CheckKeys(set jose.JSONWebKeySet) error {
	if len(set.Keys) == 0 || len(set.Keys) > MaxKeys {
		return errors.New("1 to 10 keys")
	}
	seen := map[string]bool{}
	for _, k := range set.Keys {
		alg := Of(k.Key)
		if k.Use == encryption {
			alg = encryptsBy(k.Key)
		}
		switch {
		case alg == "":
			return errors.New("want public keys for ES256 (EC P-256) or RS256 (RSA, 2048 to 4096 bits), and nothing private")
		case k.Use == encryption && k.Algorithm != "" && k.Algorithm != string(alg):
			return errors.New("a key of use enc has another algorithm than ECDH-ES (EC P-256) or RSA-OAEP-256 (RSA)")
		case k.Use != encryption && k.Algorithm != "" && k.Algorithm != string(alg), k.Use != "" && k.Use != "sig" && k.Use != encryption:
			return errors.New("a key is for another use than signatures with its algorithm, ES256 or RS256, or encryption")
		case k.KeyID == "" || len(k.KeyID) > maxKID || seen[k.KeyID]:
			return errors.New("each key needs a kid of its own")
		}
		seen[k.KeyID] = true
	}
	if len(Verifying(set)) == 0 {
		return errors.New("want one key for signatures at least")
	}
	return nil
}

// encryptsBy is how something is encrypted to a public key, "" for none.
func encryptsBy(public any) Algorithm {
	switch Of(public) {
	case jose.ES256:
		return Algorithm(jose.ECDH_ES)
	case jose.RS256:
		return Algorithm(jose.RSA_OAEP_256)
	}
	return ""
}

// Verifying gives the keys of a service that verify signatures.
func Verifying(set jose.JSONWebKeySet) []jose.JSONWebKey {
	return slices.DeleteFunc(slices.Clone(set.Keys), func(k jose.JSONWebKey) bool { return k.Use == encryption })
}

// Encrypts reports that something can be encrypted to a service.
func Encrypts(set jose.JSONWebKeySet) bool { return len(Verifying(set)) < len(set.Keys) }

// Encrypt encrypts to the first of a service's keys for that: a JWE in its compact form, ECDH-ES or
// RSA-OAEP-256 with A256GCM.
func Encrypt(set jose.JSONWebKeySet, contentType string, content []byte) (string, error) {
	i := slices.IndexFunc(set.Keys, func(k jose.JSONWebKey) bool { return k.Use == encryption })
	if i < 0 {
		return "", errors.New("signing: the service has no key of use enc")
	}
	k := set.Keys[i]
	to := jose.Recipient{Algorithm: jose.KeyAlgorithm(encryptsBy(k.Key)), Key: k.Key, KeyID: k.KeyID}
	e, err := jose.NewEncrypter(jose.A256GCM, to, (&jose.EncrypterOptions{}).WithContentType(jose.ContentType(contentType)))
	if err != nil {
		return "", err
	}
	sealed, err := e.Encrypt(content)
	if err != nil {
		return "", err
	}
	return sealed.CompactSerialize()
}

// Names gives the kid and the thumbprint (RFC 7638) of each key.
func Names(set jose.JSONWebKeySet) []string {
	names := make([]string, len(set.Keys))
	for i, k := range set.Keys {
		names[i] = k.KeyID
		if sum, err := k.Thumbprint(crypto.SHA256); err == nil {
			names[i] += " " + base64.RawURLEncoding.EncodeToString(sum)
		}
	}
	return names
}
