package virtualcard_test

import (
	"context"
	"crypto/rsa"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/apdulog"
	"example.jp/jpkimock/virtualcard/cardtest"
	"example.jp/jpkimock/virtualcard/record"
)

// TestTranscripts replays testdata/*.apdu at the emulator, each on a fresh card. Package
// apdulog says what a transcript is; package vpcd replays the same ones through a driver.
func TestTranscripts(t *testing.T) {
	cardtest.Replay(t, "testdata", func(t *testing.T) apdulog.Stage {
		return &emulator{t: t, cabinet: cardtest.Open(t, virtualcard.NewMemoryStore())}
	})
}

// emulator is the stage of the card itself.
type emulator struct {
	t       *testing.T
	cabinet *virtualcard.Cabinet
	card    *virtualcard.Connection // nil before the first command
}

func (s *emulator) Direct(ctx context.Context, words []string) error {
	if cardtest.Prepare(s.t, s.cabinet, words) {
		return s.power(ctx)
	}
	switch strings.Join(words, " ") {
	case "dead":
		answer, err := s.card.Transmit(ctx, []byte{0, 0x84, 0, 0, 8})
		if !errors.Is(err, virtualcard.ErrDeadCard) || s.card.ATR() != nil {
			return fmt.Errorf("a dead card answered % X, %w", answer, err)
		}
		return nil
	case "power on":
		if err := s.card.Close(); err != nil {
			return err
		}
		return s.power(ctx)
	case "reset":
		s.card.Reset()
		return nil
	}
	return fmt.Errorf("%q", words)
}

func (s *emulator) power(ctx context.Context) (err error) {
	s.card, err = s.cabinet.Connect(ctx, cardtest.TranscriptCard)
	return err
}

func (s *emulator) Send(ctx context.Context, commands [][]byte) (answers [][]byte, err error) {
	if s.card == nil {
		if err := s.Direct(ctx, nil); err != nil {
			return nil, err
		}
	}
	for _, command := range commands {
		answer, err := s.card.Transmit(ctx, command)
		if err != nil {
			return answers, err
		}
		answers = append(answers, answer)
	}
	return answers, nil
}

// hanakoRecord is what the issuer knows of the card of every transcript.
func hanakoRecord() record.Record { return cardtest.Record() }

// numbers writes the numbers to compare in hexadecimal.
func numbers() *strings.Replacer {
	r := hanakoRecord()
	digits := func(s string) string { return hex.EncodeToString([]byte(s)) }
	return strings.NewReplacer("{A}", digits(r.NumberA()), "{B}", digits(r.NumberB()), "{birth}", digits(r.BirthKey()))
}

func verifySignature(public *rsa.PublicKey, p1 byte, data, signature []byte) error {
	return cardtest.VerifySignature(public, p1, data, signature)
}

func publicKey(t testing.TB, k jpki.Kind) *rsa.PublicKey {
	t.Helper()
	return cardtest.PublicKey(t, k)
}
