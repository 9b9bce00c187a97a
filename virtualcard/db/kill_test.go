package db_test

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/apdu"
	"example.jp/jpkimock/virtualcard/cardtest"
	"example.jp/jpkimock/virtualcard/db"
	"example.jp/jpkimock/virtualcard/jpkiap"
	"example.jp/jpkimock/virtualcard/record"
)

// killedCard names the database of the process that is killed.
const killedCard = "JPKIMOCK_TEST_KILLED_CARD"

// The PINs between which the child changes the one of user authentication.
const (
	onePIN     = cardtest.AuthenticationPIN
	anotherPIN = "9876"
)

// inTurn makes each of two published keys in turn.
type inTurn struct{ again *bool }

func (k inTurn) Key(ctx context.Context, id virtualcard.CardID, kind jpki.Kind) (*rsa.PrivateKey, error) {
	*k.again = !*k.again
	return cardtest.Keys{Reissue: *k.again}.Key(ctx, id, kind)
}

// TestChildCard plays the process that is killed: it mistypes, changes a PIN, re-issues a
// certificate and at last reads a key, and says what it is about to do and what is done.
func TestChildCard(t *testing.T) {
	path := os.Getenv(killedCard)
	if path == "" {
		t.Skip("plays the process that is killed")
	}
	store, err := db.Open(path)
	webtest.Must(t, err)
	cabinet, err := virtualcard.Open(t.Context(), virtualcard.Config{Store: store, Keys: inTurn{new(bool)}, Now: cardtest.Now})
	webtest.Must(t, err)
	pin, next := onePIN, anotherPIN
	for act := 0; ; act++ {
		switch act % 3 {
		case 0:
			mistype(t, cabinet)
		case 1:
			changePIN(t, cabinet, pin, next)
			pin, next = next, pin
		case 2:
			reissue(t, cabinet)
		}
		if act > 40 {
			fmt.Println("begins tampering")
			webtest.Must(t, cabinet.Tamper(t.Context(), "hanako"))
			for { // until it is killed, however many lines are waited for
				fmt.Println("done tampering")
			}
		}
	}
}

func inReader(t *testing.T, cabinet *virtualcard.Cabinet, act func(*virtualcard.Connection)) {
	t.Helper()
	reader, err := cabinet.Connect(t.Context(), "hanako")
	webtest.Must(t, err)
	defer reader.Close()
	act(reader)
}

// mistype spends a try of 照合番号B, until it is blocked.
func mistype(t *testing.T, cabinet *virtualcard.Cabinet) {
	inReader(t, cabinet, func(reader *virtualcard.Connection) {
		for _, cmd := range []apdu.Command{{INS: 0xA4, P1: 4, P2: 0x0C, Data: record.TextAID()}, {INS: 0x20, P2: 0x95, Data: []byte("00000000000000")}} {
			b, err := reader.Transmit(t.Context(), cmd.Bytes())
			webtest.Must(t, err)
			r, err := apdu.ParseResponse(b)
			webtest.Must(t, err)
			if left, ok := r.SW.TriesLeft(); ok {
				fmt.Println("left", left)
			}
		}
	})
}

func changePIN(t *testing.T, cabinet *virtualcard.Cabinet, old, replacement string) {
	inReader(t, cabinet, func(reader *virtualcard.Connection) {
		fmt.Println("begins PIN", replacement)
		webtest.Must(t, jpkiap.New(reader).ChangePIN(t.Context(), jpki.UserAuthentication, old, replacement))
		fmt.Println("done PIN", replacement)
	})
}

func reissue(t *testing.T, cabinet *virtualcard.Cabinet) {
	public, err := cabinet.NewKey(t.Context(), "hanako", jpki.DigitalSignature)
	webtest.Must(t, err)
	der := cardtest.Certificate(t, jpki.DigitalSignature, public)
	fmt.Println("begins certificate", fingerprint(der))
	webtest.Must(t, cabinet.Personalize(t.Context(), "hanako", virtualcard.Personalization{Certificates: map[jpki.Kind][]byte{jpki.DigitalSignature: der}}))
	fmt.Println("done certificate", fingerprint(der))
}

func fingerprint(der []byte) string {
	hash := sha256.Sum256(der)
	return fmt.Sprintf("%x", hash[:8])
}

// heard is what the process said before it died: by subject the last thing it began, and the
// last one done.
type heard struct {
	begun, done map[string]string
	left        int
}

func listen(t *testing.T, said []string) heard {
	t.Helper()
	h := heard{map[string]string{}, map[string]string{}, 10}
	for _, line := range said {
		words := append(strings.Fields(line), "")
		switch words[0] {
		case "begins":
			h.begun[words[1]] = words[2]
		case "done":
			h.done[words[1]] = words[2]
			delete(h.begun, words[1])
		case "left":
			_, err := fmt.Sscan(words[1], &h.left)
			webtest.Must(t, err)
		default:
			t.Fatalf("it said %q", line)
		}
	}
	return h
}

// The process that uses a card is killed with SIGKILL at any instant. No counter is above
// what was answered, a PIN is the old one or the new one, and keys and certificates belong
// together; a card that was read by force has no key. JPKIMOCK_KILLS=200 kills more.
func TestACardSurvivesTheEndOfItsProcess(t *testing.T) {
	for range webtest.KillsOf(t, 4) {
		path := filepath.Join(t.TempDir(), "card.db")
		store := open(t, path)
		cardtest.Hand(t, cardtest.Open(t, store), "hanako")
		webtest.Must(t, store.Close())
		h := listen(t, webtest.Killed(t, "TestChildCard", killedCard, path, rand.IntN(70), 20*time.Millisecond))
		store = open(t, path)
		cabinet := cardtest.Open(t, store)
		_, begun := h.begun["tampering"]
		if _, done := h.done["tampering"]; begun || done {
			isWholeOrDestroyed(t, cabinet, store, begun)
		} else {
			isWhole(t, cabinet, h)
		}
		webtest.Must(t, store.Close())
	}
}

// isWholeOrDestroyed looks at a card that somebody read by force: if that was answered, its
// keys are gone.
func isWholeOrDestroyed(t *testing.T, cabinet *virtualcard.Cabinet, store *db.Store, inDoubt bool) {
	t.Helper()
	card, err := store.Card(t.Context(), "hanako")
	webtest.Must(t, err)
	_, err = cabinet.Connect(t.Context(), "hanako")
	switch destroyed := card.Slots[jpki.DigitalSignature].Key.IsZero() && card.Slots[jpki.UserAuthentication].Key.IsZero(); {
	case destroyed && card.Tampered && errors.Is(err, virtualcard.ErrDeadCard):
	case inDoubt && !destroyed && !card.Tampered && err == nil:
	default:
		t.Errorf("destroyed %t, tampered %t, connected: %v", destroyed, card.Tampered, err)
	}
}

// isWhole looks at a card in use.
func isWhole(t *testing.T, cabinet *virtualcard.Cabinet, h heard) {
	t.Helper()
	inReader(t, cabinet, func(reader *virtualcard.Connection) {
		for _, cmd := range []apdu.Command{{INS: 0xA4, P1: 4, P2: 0x0C, Data: record.TextAID()}, {INS: 0x20, P2: 0x95}} {
			b, err := reader.Transmit(t.Context(), cmd.Bytes())
			webtest.Must(t, err)
			if left := int(b[1] & 0x0F); cmd.P2 == 0x95 && (left > h.left || left < h.left-1) {
				t.Errorf("%d tries were answered, %d are left", h.left, left)
			}
		}
		card := jpkiap.New(reader)
		pins := []string{h.begun["PIN"], h.done["PIN"], onePIN}
		if h.begun["PIN"] == "" && h.done["PIN"] != "" {
			pins = pins[1:2] // nothing is in doubt
		}
		var err error
		for _, pin := range pins { // of three tries the dying process may have spent one
			if pin == "" {
				continue
			}
			if err = card.Verify(t.Context(), jpki.UserAuthentication, pin); err == nil {
				break
			}
		}
		webtest.Must(t, err)
		webtest.Must(t, card.Verify(t.Context(), jpki.DigitalSignature, cardtest.SignaturePIN))
		for _, k := range jpki.Kinds() {
			der, err := card.ReadCertificate(t.Context(), k)
			webtest.Must(t, err)
			if done := h.done["certificate"]; k == jpki.DigitalSignature && done != "" && fingerprint(der) != done && fingerprint(der) != h.begun["certificate"] {
				t.Errorf("the certificate is %s, neither the one written last nor the one begun", fingerprint(der))
			}
			signs(t, card, k, der)
		}
	})
}

// signs checks that the key of a kind belongs to its certificate.
func signs(t *testing.T, card *jpkiap.Card, k jpki.Kind, der []byte) {
	t.Helper()
	cert, err := x509.ParseCertificate(der)
	webtest.Must(t, err)
	hash := sha256.Sum256([]byte("x"))
	signature, err := card.Sign(t.Context(), k, hash[:])
	webtest.Must(t, err)
	if err := rsa.VerifyPKCS1v15(cert.PublicKey.(*rsa.PublicKey), crypto.SHA256, hash[:], signature); err != nil {
		t.Errorf("%v: key and certificate do not belong together: %v", k, err)
	}
}
