package vpcd

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/cardtest"
)

// driver is the driver's end of a connection, played by the test.
type driver struct {
	t    testing.TB
	conn net.Conn
	done chan error
	end  context.CancelFunc
}

// insert shows Hanako's card to a driver.
func insert(t testing.TB) (*virtualcard.Cabinet, *driver) {
	t.Helper()
	cabinet := cardtest.Open(t, virtualcard.NewMemoryStore())
	cardtest.Hand(t, cabinet, "hanako")
	card, err := cabinet.Share(t.Context(), "hanako", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	ctx, end := context.WithCancel(t.Context())
	r := &driver{t: t, done: make(chan error, 1), end: end}
	conn, err := dial(ctx, listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		_, err := show(ctx, conn, card)
		r.done <- err
	}()
	if r.conn, err = listener.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { end(); _ = r.conn.Close(); _ = card.Close() })
	return cabinet, r
}

// say sends a message in two writes, as the driver does.
func (r *driver) say(text string) {
	r.t.Helper()
	body, err := hex.DecodeString(text)
	if err != nil {
		r.t.Fatal(err)
	}
	for _, part := range [][]byte{{byte(len(body) >> 8), byte(len(body))}, body} {
		if _, err := r.conn.Write(part); err != nil {
			r.t.Fatal(err)
		}
	}
}

func (r *driver) hear(want string) {
	r.t.Helper()
	got, err := read(r.conn)
	if err != nil || hex.EncodeToString(got) != want {
		r.t.Fatalf("the card said %x, %v, want %s", got, err, want)
	}
}

func TestReaderTalksToTheCard(t *testing.T) {
	_, r := insert(t)
	r.say("04")
	r.hear("3be000ff8131fe4514")
	r.say("01")
	r.say("00a4040c0ad392f000260100000001")
	r.hear("9000")
	r.say("0020009804" + "31323334")
	r.hear("9000")
	r.say("02") // reset: the application is forgotten
	r.say("00b0880003")
	r.hear("6a82")
	r.say("00a4040c0ad392f000260100000001")
	r.hear("9000")
	r.say("00b0880003")
	r.hear("8f8f009000")
	r.end()
	if err := <-r.done; err != nil {
		t.Errorf("taken out: %v", err)
	}
}

func TestReaderGoesAway(t *testing.T) {
	_, r := insert(t)
	_ = r.conn.Close()
	if err := <-r.done; !errors.Is(err, io.EOF) {
		t.Errorf("%v, want io.EOF", err)
	}
}

func TestHalfAMessage(t *testing.T) {
	for _, half := range []string{"\x00", "\x00\x05\x00\xA4"} {
		_, r := insert(t)
		if _, err := io.WriteString(r.conn, half); err != nil {
			t.Fatal(err)
		}
		_ = r.conn.Close()
		if err := <-r.done; !errors.Is(err, ErrProtocol) {
			t.Errorf("% X: %v, want ErrProtocol", half, err)
		}
	}
}

// BenchmarkCommand is one command, sent in two writes as the driver does. It keeps
// the immediate acknowledgement.
func BenchmarkCommand(b *testing.B) {
	_, r := insert(b)
	if err := r.conn.(*net.TCPConn).SetNoDelay(false); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		r.say("0084000008")
		if _, err := read(r.conn); err != nil {
			b.Fatal(err)
		}
	}
}

func TestDeadCardLeavesTheReader(t *testing.T) {
	cabinet, r := insert(t)
	if err := cabinet.Kill(t.Context(), "hanako"); err != nil {
		t.Fatal(err)
	}
	r.say("00a4040c0ad392f000260100000001")
	if err := <-r.done; !errors.Is(err, virtualcard.ErrDeadCard) {
		t.Errorf("%v, want ErrDeadCard", err)
	}
	cabinet, r = insert(t)
	if err := cabinet.Kill(t.Context(), "hanako"); err != nil {
		t.Fatal(err)
	}
	r.say("04") // the driver asks for the ATR again and again, to see whether the card is there
	if err := <-r.done; !errors.Is(err, virtualcard.ErrDeadCard) {
		t.Errorf("%v, want ErrDeadCard", err)
	}
}

func TestNotAReader(t *testing.T) {
	for _, text := range []string{"03", "ff"} {
		_, r := insert(t)
		r.say(text)
		if err := <-r.done; !errors.Is(err, ErrProtocol) {
			t.Errorf("order %s: %v, want ErrProtocol", text, err)
		}
	}
	_, r := insert(t)
	if _, err := io.WriteString(r.conn, "\x00\x00"); err != nil {
		t.Fatal(err)
	}
	if err := <-r.done; !errors.Is(err, ErrProtocol) {
		t.Errorf("an empty message: %v, want ErrProtocol", err)
	}
}

type failing struct{ Card }

func (failing) Transmit(context.Context, []byte) ([]byte, error) { return nil, errors.New("disk full") }

func TestFailureIsAStatusWord(t *testing.T) {
	if b, err := reply(t.Context(), failing{}, []byte{0, 0x20, 0, 0x80}); err != nil || !bytes.Equal(b, []byte{0x6F, 0x00}) {
		t.Errorf("% X, %v, want 6F 00", b, err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte{0, 1, 4})
	f.Add([]byte{0, 5, 0, 0x20, 0, 0x80})
	f.Fuzz(func(t *testing.T, b []byte) {
		if m, err := read(bytes.NewReader(b)); err == nil && (len(m) == 0 || len(m) > len(b)-2) {
			t.Fatalf("% X of % X", m, b)
		}
	})
}
