package postbox_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/portal/partner"
	"example.jp/jpkimock/portal/postbox"
)

// sender is a sender with a key.
func sender(t *testing.T) (key *ecdsa.PrivateKey, set []byte, id string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	set, id, err = partner.KeySet(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	return key, set, id
}

var notice = partner.Notice{ID: "n-1", Sender: "gas", Box: "box-1", At: 1, Title: "結果", Body: "本文"}

func seal(t *testing.T, key *ecdsa.PrivateKey, id string, n partner.Notice) string {
	t.Helper()
	sealed, err := partner.Seal(key, id, n)
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

// A seal is good for what was sealed, by that sender, and for nothing else.
func TestASealIsItsSenders(t *testing.T) {
	key, set, id := sender(t)
	other, otherSet, otherID := sender(t)
	good := seal(t, key, id, notice)
	if c, err := postbox.Open(good, "gas", set); err != nil || !c.Notice.Same(notice) {
		t.Fatalf("%+v %v", c, err)
	}
	part := strings.Split(good, ".")
	payload := base64.RawURLEncoding.EncodeToString([]byte(`{"jti":"n-1","iss":"gas","sub":"box-2","iat":1,"title":"結果","body":"本文"}`))
	none := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","typ":"jpkimock-notice+jws","kid":"` + id + `"}`))
	without := func(change func(*partner.Notice)) string {
		n := notice
		change(&n)
		return seal(t, key, id, n)
	}
	for name, c := range map[string]struct {
		sealed, sender string
		set            []byte
		want           error
	}{
		"another's key":        {good, "gas", otherSet, postbox.ErrSeal},
		"another key by name":  {seal(t, other, id, notice), "gas", set, postbox.ErrSeal},
		"an unknown key":       {seal(t, other, otherID, notice), "gas", set, postbox.ErrSeal},
		"altered":              {part[0] + "." + payload + "." + part[2], "gas", set, postbox.ErrSeal},
		"without a signature":  {none + "." + part[1] + ".", "gas", set, postbox.ErrSeal},
		"no JWS":               {"x", "gas", set, postbox.ErrSeal},
		"no keys":              {good, "gas", []byte("{"), postbox.ErrSeal},
		"another's name":       {good, "suido", set, postbox.ErrNotice},
		"without a title":      {without(func(n *partner.Notice) { n.Title = "" }), "gas", set, postbox.ErrNotice},
		"a title of two lines": {without(func(n *partner.Notice) { n.Title = "a\nb" }), "gas", set, postbox.ErrNotice},
		"without an ID":        {without(func(n *partner.Notice) { n.ID = "" }), "gas", set, postbox.ErrNotice},
		"too long":             {strings.Repeat("x", 400_000), "gas", set, postbox.ErrNotice},
	} {
		if _, err := postbox.Open(c.sealed, c.sender, c.set); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// A letter is read by its owner, from the vault that closed it, as it was closed.
func TestALetterIsItsOwners(t *testing.T) {
	key, set, id := sender(t)
	content, err := postbox.Open(seal(t, key, id, notice), "gas", set)
	if err != nil {
		t.Fatal(err)
	}
	vault, err := postbox.NewVault([]byte(strings.Repeat("k", postbox.KeySize)))
	if err != nil {
		t.Fatal(err)
	}
	letter, err := vault.Close(7, content, time.Unix(0, 0))
	if err != nil {
		t.Fatal(err)
	}
	if c, err := vault.Read(7, letter); err != nil || !c.Notice.Same(notice) || strings.Contains(string(letter.Content), "本文") {
		t.Fatalf("%+v %v", c, err)
	}
	another, err := postbox.NewVault([]byte(strings.Repeat("q", postbox.KeySize)))
	if err != nil {
		t.Fatal(err)
	}
	swapped, renamed, altered := letter, letter, letter
	swapped.Owner, renamed.Notice = 8, "n-2"
	altered.Content = append([]byte{}, letter.Content...)
	altered.Content[20] ^= 1
	for name, try := range map[string]func() error{
		"another owner":      func() error { _, err := vault.Read(8, letter); return err },
		"in another's box":   func() error { _, err := vault.Read(8, swapped); return err },
		"as another notice":  func() error { _, err := vault.Read(7, renamed); return err },
		"altered":            func() error { _, err := vault.Read(7, altered); return err },
		"with another vault": func() error { _, err := another.Read(7, letter); return err },
	} {
		if err := try(); !errors.Is(err, postbox.ErrLetter) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := postbox.NewVault([]byte("short")); err == nil {
		t.Error("a short key is taken")
	}
}
