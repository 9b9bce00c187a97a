// Package authoritytest is an authority for tests: published test keys, a
// clock that stands still until it is moved, a card house in memory, and
// people with names.
package authoritytest

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/accreditation"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/memory"
	"example.jp/jpkimock/authority/register"
)

// Keys are published test keys read from a folder: ca-<kind>.pem,
// responder-<kind>.pem. Responder, if set, is used for both kinds instead.
type Keys struct {
	Folder    string
	Responder string
}

// CAKey reads the key of a CA.
func (k Keys) CAKey(_ context.Context, kind jpki.Kind) (crypto.Signer, error) {
	return readKey(filepath.Join(k.Folder, "ca-"+kind.String()+".pem"))
}

// ResponderKey reads the key of a responder.
func (k Keys) ResponderKey(_ context.Context, kind jpki.Kind) (crypto.Signer, error) {
	if k.Responder != "" {
		return readKey(filepath.Join(k.Folder, k.Responder))
	}
	return readKey(filepath.Join(k.Folder, "responder-"+kind.String()+".pem"))
}

func readKey(path string) (crypto.Signer, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, fmt.Errorf("%s: no PEM", path)
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	return key.(crypto.Signer), nil
}

// Clock shows a time until it is moved.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// start is the time at which a test's world begins: an April morning.
var start = time.Date(2026, 4, 1, 10, 0, 0, 0, jpki.JST)

// Now gives the time.
func (c *Clock) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.now }

// Set moves the clock.
func (c *Clock) Set(t time.Time) { c.mu.Lock(); defer c.mu.Unlock(); c.now = t }

// Advance moves the clock on.
func (c *Clock) Advance(d time.Duration) { c.mu.Lock(); defer c.mu.Unlock(); c.now = c.now.Add(d) }

// Cards is a card house in memory whose cards all have the same two keys.
type Cards struct {
	mu     sync.Mutex
	keys   map[jpki.Kind]*rsa.PublicKey
	known  map[string]bool
	fresh  int
	Writes []Written
	// WriteError, if set, is what the next Write fails with.
	WriteError error
}

// Written is one personalisation.
type Written struct {
	CardID string
	authority.Personalization
}

// NewCards reads the card keys from a folder.
func NewCards(folder string) (*Cards, error) {
	c := &Cards{keys: map[jpki.Kind]*rsa.PublicKey{}, known: map[string]bool{}}
	for _, kind := range jpki.Kinds() {
		key, err := readKey(filepath.Join(folder, "card-"+kind.String()+".pem"))
		if err != nil {
			return nil, err
		}
		c.keys[kind] = key.Public().(*rsa.PublicKey)
	}
	return c, nil
}

// Blank hands out a card.
func (c *Cards) Blank(_ context.Context, cardID string) (authority.BlankCard, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if cardID == "" {
		c.fresh++
		cardID = fmt.Sprintf("card-%d", c.fresh)
	}
	if c.known[cardID] {
		return authority.BlankCard{}, register.ErrCardExists
	}
	c.known[cardID] = true
	return authority.BlankCard{ID: cardID, PublicKeys: c.keys}, nil
}

// NewKey gives the same key again.
func (c *Cards) NewKey(_ context.Context, cardID string, kind jpki.Kind) (*rsa.PublicKey, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.known[cardID] {
		return nil, register.ErrNoCard
	}
	return c.keys[kind], nil
}

// Write remembers what was written.
func (c *Cards) Write(_ context.Context, cardID string, p authority.Personalization) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.WriteError; err != nil {
		c.WriteError = nil
		return err
	}
	c.Writes = append(c.Writes, Written{cardID, p})
	return nil
}

// Carried gives what was written last.
func (c *Cards) Carried(_ context.Context, cardID string) (map[jpki.Kind]jpki.SerialNumber, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.known[cardID] {
		return nil, register.ErrNoCard
	}
	carried := map[jpki.Kind]jpki.SerialNumber{}
	for _, w := range c.Writes {
		for kind, der := range w.Certificates {
			cert, err := x509.ParseCertificate(der)
			if err != nil {
				return nil, err
			}
			if w.CardID == cardID {
				carried[kind] = jpki.SerialNumberOf(cert)
			}
		}
	}
	return carried, nil
}

// Unblock does nothing.
func (c *Cards) Unblock(context.Context, string, jpki.Kind, string) error { return nil }

// Kill does nothing.
func (c *Cards) Kill(context.Context, string) error { return nil }

// World is an authority with what it stands on.
type World struct {
	*authority.Authority
	Clock  *Clock
	Cards  *Cards
	Config authority.Config // what the authority was made of, to open it again
	tb     testing.TB
}

// Key is the key of the verifier that Open registers, accredited for both
// kinds.
const Key = "test-verifier-key-not-secret"

// Open opens a world on the keys in a folder. change, which may be nil, may
// alter the configuration.
func Open(tb testing.TB, folder string, change func(*authority.Config)) *World {
	tb.Helper()
	cards, err := NewCards(folder)
	if err != nil {
		tb.Fatal(err)
	}
	w := &World{Clock: &Clock{now: start}, Cards: cards, tb: tb}
	w.Config = authority.Config{
		Now: w.Clock.Now, Store: memory.New(), Keys: Keys{Folder: folder}, Writer: cards, PublicURL: "http://authority.test",
	}
	if change != nil {
		change(&w.Config)
	}
	w.Reopen()
	if _, err := w.Ministry.Register(context.Background(), accreditation.Registration{ID: "test-bank", Name: "試験銀行", Key: Key, Kinds: jpki.Kinds()}); err != nil {
		tb.Fatal(err)
	}
	return w
}

// Reopen opens the authority again on the same store, as after a restart.
func (w *World) Reopen() {
	w.tb.Helper()
	a, err := authority.New(context.Background(), w.Config)
	if err != nil {
		w.tb.Fatal(err)
	}
	w.tb.Cleanup(a.Close)
	w.Authority = a
	if err := a.Settle(context.Background()); err != nil {
		w.tb.Fatal(err)
	}
}

// Hanako is a resident of みほん市, born on 17 February 1980.
func Hanako() register.Resident {
	return register.Resident{
		ID: "hanako", Kana: "ミホン ハナコ", Romaji: "MIHON HANAKO",
		BasicFour: jpki.NewBasicFour("見本　花子", jpki.DateOfBirthOn(1980, 2, 17), jpki.Female, "青葉県みほん市本町１丁目２番３号"),
		Municipality: desk.Municipality{
			Code: "99201", Prefecture: "青葉県", City: "みほん市", PrefectureRomaji: "Aoba-ken", CityRomaji: "Mihon-shi",
		},
	}
}

// Taro is a child, 8 years old when the world begins.
func Taro() register.Resident {
	r := Hanako()
	r.ID, r.Kana, r.Romaji = "taro", "ミホン タロウ", "MIHON TARO"
	r.BasicFour = jpki.NewBasicFour("見本　太郎", jpki.DateOfBirthOn(2018, 1, 5), jpki.Male, r.BasicFour.Address)
	return r
}

// PINs are the PINs of every test card.
func PINs() map[jpki.Kind]string {
	return map[jpki.Kind]string{jpki.DigitalSignature: "ABC123", jpki.UserAuthentication: "1234"}
}

// Settle registers a resident and issues a card of the same ID.
func (w *World) Settle(r register.Resident) authority.Issued {
	w.tb.Helper()
	if _, err := w.RegisterResident(context.Background(), r, desk.By{}); err != nil {
		w.tb.Fatal(err)
	}
	return w.Issue(authority.Application{ResidentID: r.ID, CardID: r.ID, PINs: PINs()})
}

// Issue issues, or fails the test.
func (w *World) Issue(app authority.Application) authority.Issued {
	w.tb.Helper()
	issued, err := w.Authority.Issue(context.Background(), app)
	if err != nil {
		w.tb.Fatal(err)
	}
	return issued
}
