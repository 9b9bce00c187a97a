// Package ready is the ready file: what a script needs to know of a running town. Its
// form is in docs/interfaces.md.
package ready

import (
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/seed"
)

// Version is the version of the file's form. Within one, members are only added.
const Version = 1

// Town is the content of the ready file.
type Town struct {
	Version int `json:"version"`
	// URLs are the public URLs of the houses.
	URLs map[string]string `json:"urls"`
	// Manage is the URL of the management interface; empty without one.
	Manage string `json:"manage,omitempty"`
	// Issuer is the common platform's, for discovery; empty without a platform.
	Issuer string `json:"issuer,omitempty"`
	// Keys open the houses' interfaces: "officer", "writer", "bank-staff", …
	Keys map[string]string `json:"keys"`
	// Verifiers are the houses that verify cards, by name.
	Verifiers map[string]Verifier `json:"verifiers"`
	// Authorities are the two certification authorities, by kind of certificate; empty
	// where the authority runs in another process.
	Authorities map[string]Authority `json:"authorities,omitempty"`
	// TLS is the certificate that clients of a town with TLS trust; nil without it.
	TLS *TLS `json:"tls,omitempty"`
	// Clients are the services that the world registers at the common platform.
	Clients []Client `json:"clients,omitempty"`
	// Desks are where staff sign in.
	Desks    []Desk    `json:"desks,omitempty"`
	Personas []Persona `json:"personas"`
}

// Verifier is an entry of the register of verifiers. OCSP and CRL are addresses that
// present its key in the path, by kind of certificate.
type Verifier struct {
	ID   string            `json:"id"`
	Key  string            `json:"key"`
	OCSP map[string]string `json:"ocsp"`
	CRL  map[string]string `json:"crl"`
}

// Authority is a certification authority: its certificates in PEM, and its addresses
// for a client that sends a verifier's key in a header.
type Authority struct {
	CA        string `json:"ca"`
	Responder string `json:"responder"`
	OCSP      string `json:"ocsp"`
	CRL       string `json:"crl"`
}

// Persona is somebody with a card. The PINs are published: no real person has them.
type Persona struct {
	ID                string     `json:"id"`
	Name              string     `json:"name"`
	State             seed.State `json:"state"`
	Card              string     `json:"card"`
	AuthenticationPIN string     `json:"authenticationPIN"`
	SignaturePIN      string     `json:"signaturePIN"`
	// Account at the bank, and the certificates on the card, as they are when the file is
	// written; empty where the houses do not say.
	Account      string        `json:"account,omitempty"`
	Certificates []Certificate `json:"certificates,omitempty"`
}

// Certificate is a certificate of a persona: the newest of its kind.
type Certificate struct {
	Kind     jpki.Kind         `json:"kind"`
	Serial   jpki.SerialNumber `json:"serial"`
	State    string            `json:"state"` // good, suspended, revoked
	NotAfter time.Time         `json:"notAfter"`
}

// People are the personas of a world, without what only the houses know.
func People(world seed.World) []Persona {
	all := []Persona{}
	for _, p := range world.Personas {
		all = append(all, Persona{
			ID: p.ID, Name: p.Name, State: p.State, Card: p.CardID(), AuthenticationPIN: p.Card.AuthenticationPIN, SignaturePIN: p.Card.SignaturePIN,
		})
	}
	return all
}

// NewVerifier returns a verifier with its addresses at the authority.
func NewVerifier(authority, id, key string, kinds []string) Verifier {
	v := Verifier{ID: id, Key: key, OCSP: map[string]string{}, CRL: map[string]string{}}
	for _, kind := range kinds {
		v.OCSP[kind] = authority + "/ocsp/" + kind + "/key/" + key
		v.CRL[kind] = authority + "/crl/" + kind + ".crl/key/" + key
	}
	return v
}

// AddOwn adds the verifiers that somebody added to the world, under their identifiers.
func (t *Town) AddOwn(authority string, w seed.World) {
	for _, v := range w.Own() {
		t.Verifiers[v.ID] = NewVerifier(authority, v.ID, v.Key, w.KindsOf(v.ID))
	}
}

// NewAuthority returns a certification authority of a kind.
func NewAuthority(authority, kind string, ca, responder *x509.Certificate) Authority {
	text := func(c *x509.Certificate) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}))
	}
	return Authority{
		CA: text(ca), Responder: text(responder),
		OCSP: authority + "/ocsp/" + kind, CRL: authority + "/crl/" + kind + ".crl",
	}
}

// Write writes the ready file, for its owner alone, whole or not at all; none without a path.
func (t Town) Write(path string) error {
	if path == "" {
		return nil
	}
	b, err := json.MarshalIndent(t, "", "  ")
	if err != nil {
		return err
	}
	return WriteWhole(path, append(b, '\n'))
}

// WriteWhole writes a file under another name and renames it, so that a reader never
// sees half of it.
func WriteWhole(path string, b []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}
