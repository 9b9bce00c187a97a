// Package town is the town as the cases of a conformance run use it: one person with a card, what
// happens to that person, and what fails at the authority. Afterwards the town is as it was.
package town

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/citizen"
	"example.jp/jpkimock/internal/peer"
	"example.jp/jpkimock/internal/ready"
	"example.jp/jpkimock/internal/stage"
	"example.jp/jpkimock/internal/stage/client"
	"example.jp/jpkimock/seed"
)

// Town is a running town, and one person of it.
type Town struct {
	ready.Town
	Person ready.Persona
	// Former is the user authentication certificate of the person's card at Open.
	Former *x509.Certificate
	stage  *client.Town
}

// snapshot is how the town was when the run began.
const snapshot = "conform-before"

// Errors of Open.
var (
	ErrNoPerson = errors.New("the town has nobody with this card and both PINs")
	ErrNoManage = errors.New("the town has no management interface, by which cases let things happen")
)

// Open takes a running town for a run. Close puts it back.
func Open(ctx context.Context, r ready.Town, card string) (*Town, error) {
	i := slices.IndexFunc(r.Personas, func(p ready.Persona) bool { return p.Card == card && p.AuthenticationPIN != "" && p.SignaturePIN != "" })
	if i < 0 {
		return nil, fmt.Errorf("%w: %s", ErrNoPerson, card)
	}
	if r.Manage == "" {
		return nil, ErrNoManage
	}
	t := &Town{Town: r, Person: r.Personas[i], stage: client.New(r.Manage)}
	former, err := t.Holder(ctx, jpki.UserAuthentication)
	if err != nil {
		return nil, err
	}
	t.Former = former
	return t, t.stage.Save(ctx, snapshot)
}

// Close puts the town back to how it was at Open.
func (t *Town) Close(ctx context.Context) error {
	return errors.Join(t.Reset(ctx), t.stage.Drop(ctx, snapshot))
}

// Reset puts the town back to how it was at Open, within a run.
func (t *Town) Reset(ctx context.Context) error {
	_, err := t.stage.Restore(ctx, snapshot)
	return err
}

// longestReady bounds a ready file, in octets.
const longestReady = 4 << 20

// Read reads a town's ready file.
func Read(path string) (r ready.Town, err error) {
	f, err := os.Open(path)
	if err != nil {
		return r, err
	}
	defer f.Close()
	if err := json.NewDecoder(io.LimitReader(f, longestReady)).Decode(&r); err != nil {
		return r, fmt.Errorf("%s is no ready file: %w", path, err)
	}
	return r, nil
}

// Card is the person's card, with the PIN of a kind.
func (t *Town) Card(kind jpki.Kind) citizen.Card {
	pin := t.Person.AuthenticationPIN
	if kind == jpki.DigitalSignature {
		pin = t.Person.SignaturePIN
	}
	return citizen.Card{Agent: t.URLs["card"], ID: t.Person.Card, PIN: pin}
}

// Now is the town's time.
func (t *Town) Now(ctx context.Context) (time.Time, error) {
	c, err := t.stage.Clock(ctx)
	return c.Now, err
}

// MoveClock moves the town's clock.
func (t *Town) MoveClock(ctx context.Context, to time.Time) error {
	_, err := t.stage.MoveClock(ctx, stage.Move{Now: &to})
	return err
}

// Happens lets something happen to the person: "lose", "move", "die".
func (t *Town) Happens(ctx context.Context, event string) error {
	_, err := t.stage.Happens(ctx, t.Person.ID, event, stage.Details{})
	return err
}

// Renews gives the person's card new certificates of both kinds, with new keys.
func (t *Town) Renews(ctx context.Context) error {
	return peer.New(t.URLs["authority"], t.Keys["officer"]).Post(ctx, "/counter/v1/residents/"+t.Person.ID+"/events", map[string]any{
		"event": "reissue", "why": "conformance run", "kinds": jpki.Kinds(),
		"pins": map[jpki.Kind]string{jpki.UserAuthentication: t.Person.AuthenticationPIN, jpki.DigitalSignature: t.Person.SignaturePIN},
	}, nil)
}

// Fails switches a fault of the authority on, until Mended.
func (t *Town) Fails(ctx context.Context, name string) error {
	_, err := t.stage.SwitchFaults(ctx, "authority", []string{name}, nil)
	return err
}

// Mended ends every fault.
func (t *Town) Mended(ctx context.Context) error {
	_, err := t.stage.EndFaults(ctx)
	return err
}

// ErrOwnKeys says that the town's keys are not the published test keys: what needs them cannot be
// tried.
var ErrOwnKeys = errors.New("the town's keys are not the published ones: certificates with a fault cannot be made")

// Authority gives the certificate and the key of a certification authority. The key is the
// published test key.
func (t *Town) Authority(kind jpki.Kind) (*x509.Certificate, *rsa.PrivateKey, error) {
	return published(t.Authorities[kind.String()].CA, "ca", kind)
}

// Responder is Authority for its OCSP responder.
func (t *Town) Responder(kind jpki.Kind) (*x509.Certificate, *rsa.PrivateKey, error) {
	return published(t.Authorities[kind.String()].Responder, "responder", kind)
}

// published reads a certificate, and gives its published test key.
func published(text, owner string, kind jpki.Kind) (*x509.Certificate, *rsa.PrivateKey, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, nil, fmt.Errorf("the ready file has no %s for %s", owner, kind)
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, nil, err
	}
	key, err := seed.Key(owner, kind)
	if err == nil && !key.PublicKey.Equal(cert.PublicKey) {
		err = ErrOwnKeys
	}
	return cert, key, err
}

// Somebody is another person with a card.
func (t *Town) Somebody() (ready.Persona, error) {
	i := slices.IndexFunc(t.Personas, func(p ready.Persona) bool {
		return p.ID != t.Person.ID && p.State == seed.StateNormal && p.AuthenticationPIN != "" && p.SignaturePIN != ""
	})
	if i < 0 {
		return ready.Persona{}, ErrNoPerson
	}
	return t.Personas[i], nil
}
