package vpcd

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/cardtest"
)

const (
	atrOfCard    = "3be000ff8131fe4514"
	atrOfTransit = "3b8f8001804f0ca0000003061100" + "3b0000000042"
	selectJPKI   = "00a4040c0ad392f000260100000001"
)

// stand is a reader, its cabinet and the port on which the driver listens or not.
type stand struct {
	t       *testing.T
	cabinet *virtualcard.Cabinet
	reader  *Reader
	address string
	log     lockedBuffer
	slow    atomic.Int32 // answers that a fault has delayed
	pauses  chan int     // each pause, which lasts until it is received
}

type lockedBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.String()
}

// newStand runs a reader in which a card lies from the start, and whose programs never
// rest.
func newStand(t *testing.T, card virtualcard.CardID, listens bool) (*stand, net.Listener) {
	t.Helper()
	return newStandWith(t, card, listens, time.Hour)
}

func newStandWith(t *testing.T, card virtualcard.CardID, listens bool, idle time.Duration) (*stand, net.Listener) {
	t.Helper()
	s := &stand{t: t, cabinet: cardtest.Open(t, virtualcard.NewMemoryStore()), pauses: make(chan int)}
	for _, id := range []virtualcard.CardID{"hanako", "taro", "minoru"} {
		cardtest.Hand(t, s.cabinet, id)
	}
	s.must(s.cabinet.Kill(t.Context(), "minoru"))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	s.must(err)
	s.address = listener.Addr().String()
	if !listens {
		s.must(listener.Close())
	}
	t.Cleanup(func() { _ = listener.Close() })
	s.reader = NewReader(Config{
		Address: s.address, Cabinet: s.cabinet, Log: slog.New(slog.NewTextHandler(&s.log, nil)),
		Gap: func(context.Context) {}, Rest: func(context.Context) { s.slow.Add(1) }, Idle: idle, Pause: func(ctx context.Context, attempt int) {
			select {
			case s.pauses <- attempt:
			case <-ctx.Done():
			}
		},
	})
	s.must(s.reader.Place(t.Context(), card))
	ctx, end := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { s.reader.Run(ctx); close(done) }()
	t.Cleanup(func() { end(); <-done })
	return s, listener
}

func (s *stand) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// sees accepts the card's connection and fails unless the card has this ATR.
func (s *stand) sees(listener net.Listener, atr string) *driver {
	s.t.Helper()
	conn, err := listener.Accept()
	s.must(err)
	s.t.Cleanup(func() { _ = conn.Close() })
	d := &driver{t: s.t, conn: conn}
	d.say("04")
	d.hear(atr)
	return d
}

// seesNone fails unless the card leaves the driver.
func (d *driver) seesNone() {
	d.t.Helper()
	if b, err := io.ReadAll(d.conn); err != nil && !errors.Is(err, net.ErrClosed) || len(b) > 0 {
		d.t.Fatalf("the card said % X, %v", b, err)
	}
}

func TestTheDriverGoesAwayAndComesBack(t *testing.T) {
	s, listener := newStand(t, "hanako", true)
	for _, last := range []string{"", "\x00", "\x00\x09\x00\xA4", "\x00\x00", "\x00\x01\x77"} {
		d := s.sees(listener, atrOfCard)
		if _, err := io.WriteString(d.conn, last); err != nil {
			t.Fatal(err)
		}
		_ = d.conn.Close()
		if attempt := <-s.pauses; attempt != 1 {
			t.Errorf("after %q attempt %d", last, attempt)
		}
	}
	d := s.sees(listener, atrOfCard)
	d.say(selectJPKI)
	d.hear("9000")
	if log := s.log.String(); !strings.Contains(log, "went away") || !strings.Contains(log, "half a message") {
		t.Errorf("the log says nothing of it: %s", log)
	}
}

func TestADriverThatTakesNoCardIsNotAskedWithoutEnd(t *testing.T) {
	s, listener := newStand(t, "hanako", true)
	for want := 1; want <= 4; want++ {
		conn, err := listener.Accept()
		s.must(err)
		_ = conn.Close()
		if attempt := <-s.pauses; attempt != want {
			t.Errorf("attempt %d, want %d", attempt, want)
		}
	}
	if n := strings.Count(s.log.String(), "\n"); n > 2 {
		t.Errorf("the log has %d lines:\n%s", n, &s.log)
	}
}

func TestNobodyListensAtFirst(t *testing.T) {
	s, _ := newStand(t, "hanako", false)
	for want := 1; want <= 3; want++ {
		if attempt := <-s.pauses; attempt != want {
			t.Errorf("attempt %d, want %d", attempt, want)
		}
	}
	if state := s.reader.State(); state != (State{Card: "hanako"}) {
		t.Errorf("%+v", state)
	}
	listener, err := net.Listen("tcp", s.address)
	s.must(err)
	defer listener.Close()
	go func() { <-s.pauses }()
	s.sees(listener, atrOfCard)
	if state := s.reader.State(); state != (State{Card: "hanako", Connected: true}) {
		t.Errorf("%+v", state)
	}
	if log := s.log.String(); strings.Count(log, "no virtual reader there") != 1 || !strings.Contains(log, "the card is in the virtual reader") {
		t.Errorf("the log says %s", log)
	}
}

func TestACardIsSwappedAndTakenOut(t *testing.T) {
	s, listener := newStand(t, "hanako", true)
	first := s.sees(listener, atrOfCard)
	busy, cancel := context.WithCancel(t.Context())
	cancel()
	free, err := s.cabinet.Connect(busy, "hanako")
	s.must(err) // no program uses it yet
	s.must(free.Close())
	first.say(selectJPKI)
	first.hear("9000")
	if _, err := s.cabinet.Connect(busy, "hanako"); !errors.Is(err, context.Canceled) {
		t.Errorf("a card that a program uses is used elsewhere: %v", err)
	}
	s.must(s.reader.Place(t.Context(), "hanako")) // it lies there
	first.say("00a4020c020018")
	first.hear("9000")
	s.must(s.reader.Place(t.Context(), "taro"))
	if state := s.reader.State(); state.Card != "taro" {
		t.Errorf("%+v", state)
	}
	first.seesNone()
	hanako, err := s.cabinet.Connect(t.Context(), "hanako")
	s.must(err)
	second := s.sees(listener, atrOfCard)
	second.say("00b0880003")
	second.hear("6a82") // nothing is selected on the other card
	if err := s.reader.Place(t.Context(), "nobody"); !errors.Is(err, virtualcard.ErrNoCard) {
		t.Errorf("a card that there is not was placed: %v", err)
	}
	second.say(selectJPKI)
	second.hear("9000") // the reader stays as it was
	s.must(s.reader.Place(t.Context(), ""))
	second.seesNone()
	if state := s.reader.State(); state != (State{}) {
		t.Errorf("%+v", state)
	}
	s.must(s.reader.Place(t.Context(), "hanako"))
	if state := s.reader.State(); state != (State{Card: "hanako"}) {
		t.Errorf("a card that a window uses is shown to programs: %+v", state)
	}
	s.must(hanako.Close())
	s.sees(listener, atrOfCard)
}

// A window takes the card that a program has left connected; the driver is told, and
// sees the card again afterwards.
func TestAWindowUsesTheCardInTheReader(t *testing.T) {
	s, listener := newStandWith(t, "hanako", true, time.Millisecond)
	program := s.sees(listener, atrOfCard)
	program.say(selectJPKI)
	program.hear("9000")
	window, err := s.cabinet.Connect(t.Context(), "hanako")
	s.must(err)
	program.seesNone()
	s.must(window.Close())
	program = s.sees(listener, atrOfCard)
	program.say("00a4020c020018")
	program.hear("6a82") // it has to begin anew
}

func TestADeadAndAForeignCard(t *testing.T) {
	s, listener := newStand(t, "minoru", true)
	if state := s.reader.State(); state != (State{Card: "minoru", Dead: true}) {
		t.Errorf("%+v", state)
	}
	s.must(s.reader.Place(t.Context(), virtualcard.TransitCard))
	transit := s.sees(listener, atrOfTransit)
	defer func() {
		s.must(s.reader.Place(t.Context(), "minoru"))
		if state := s.reader.State(); state != (State{Card: "minoru", Dead: true}) {
			t.Errorf("after another card: %+v", state)
		}
	}()
	transit.say("01")
	transit.say(selectJPKI)
	transit.hear("6a82")
	s.must(s.reader.Place(t.Context(), "hanako"))
	d := s.sees(listener, atrOfCard)
	s.must(s.cabinet.Kill(t.Context(), "hanako"))
	d.say("04")
	d.seesNone()
	s.must(s.reader.Place(t.Context(), "taro"))
	s.sees(listener, atrOfCard)
}

func TestACardThatDiesInTheReaderStaysThere(t *testing.T) {
	s, listener := newStand(t, "hanako", true)
	d := s.sees(listener, atrOfCard)
	_, _, changed := s.reader.look()
	s.must(s.cabinet.Kill(t.Context(), "hanako"))
	d.say(selectJPKI)
	d.seesNone()
	<-changed
	if state := s.reader.State(); state != (State{Card: "hanako", Dead: true}) {
		t.Errorf("%+v", state)
	}
}
