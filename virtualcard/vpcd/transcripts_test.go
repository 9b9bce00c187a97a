package vpcd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"testing"

	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/apdulog"
	"example.jp/jpkimock/virtualcard/cardtest"
)

// TestTranscripts replays the transcripts of the emulator through the driver's protocol.
func TestTranscripts(t *testing.T) {
	cardtest.Replay(t, "../testdata", func(t *testing.T) apdulog.Stage {
		return &throughDriver{t: t, cabinet: cardtest.Open(t, virtualcard.NewMemoryStore())}
	})
}

// throughDriver is the stage of a card that a driver sees.
type throughDriver struct {
	t       *testing.T
	cabinet *virtualcard.Cabinet
	driver  net.Conn // nil before the first command
}

func (s *throughDriver) Direct(ctx context.Context, words []string) error {
	if cardtest.Prepare(s.t, s.cabinet, words) {
		return s.lay(ctx)
	}
	switch strings.Join(words, " ") {
	case "dead":
		if err := write(s.driver, []byte{0, 0x84, 0, 0, 8}); err != nil {
			return err
		}
		if answer, err := io.ReadAll(s.driver); err != nil || len(answer) > 0 {
			return fmt.Errorf("a dead card answered % X, %w", answer, err)
		}
		return nil
	case "power on":
		return errors.Join(write(s.driver, []byte{powerOff}), write(s.driver, []byte{powerOn}))
	case "reset":
		return write(s.driver, []byte{reset})
	}
	return fmt.Errorf("%q", words)
}

// lay lays the card in a reader that a driver listens for.
func (s *throughDriver) lay(ctx context.Context) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer func() { _ = listener.Close() }()
	r := NewReader(Config{Address: listener.Addr().String(), Cabinet: s.cabinet, Log: slog.New(slog.DiscardHandler), Gap: func(context.Context) {}})
	if err := r.Place(ctx, cardtest.TranscriptCard); err != nil {
		return err
	}
	ctx, end := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() { r.Run(ctx); close(done) }()
	s.t.Cleanup(func() { end(); <-done })
	s.driver, err = listener.Accept()
	if err == nil {
		s.t.Cleanup(func() { _ = s.driver.Close() })
	}
	return err
}

func (s *throughDriver) Send(ctx context.Context, commands [][]byte) (answers [][]byte, err error) {
	if s.driver == nil {
		if err := s.Direct(ctx, nil); err != nil {
			return nil, err
		}
	}
	for _, command := range commands {
		if err := write(s.driver, command); err != nil {
			return answers, err
		}
		answer, err := read(s.driver)
		if err != nil {
			return answers, err
		}
		answers = append(answers, answer)
	}
	return answers, nil
}
