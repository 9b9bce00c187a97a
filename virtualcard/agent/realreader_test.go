package agent_test

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/agent"
	"example.jp/jpkimock/virtualcard/pcsc"
)

// bench is a PC/SC service with a reader in which one of the town's cards lies. It
// counts what is sent.
type bench struct {
	w    *town
	card virtualcard.CardID // empty for none
	err  error              // of the service

	mu   sync.Mutex
	sent [][]byte
}

const benchReader = "Bench 00 00"

func (b *bench) Readers() ([]pcsc.Reader, error) {
	return []pcsc.Reader{{Name: benchReader, Card: b.card != ""}, {Name: "Other 00 00"}}, b.err
}

func (b *bench) Connect(ctx context.Context, reader string) (pcsc.Session, error) {
	if b.err != nil {
		return nil, b.err
	}
	if reader != benchReader {
		return nil, pcsc.ErrNoReader
	}
	if b.card == "" {
		return nil, pcsc.ErrNoCard
	}
	conn, err := b.w.cabinet.Connect(ctx, b.card)
	return spied{conn, b}, err
}

// spied is a connection whose commands the bench sees.
type spied struct {
	*virtualcard.Connection
	b *bench
}

func (s spied) Transmit(ctx context.Context, command []byte) ([]byte, error) {
	s.b.mu.Lock()
	s.b.sent = append(s.b.sent, command)
	s.b.mu.Unlock()
	return s.Connection.Transmit(ctx, command)
}

// commands returns how many commands were sent since it was asked last, and how many of
// them had a PIN.
func (b *bench) commands() (all, pins int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range b.sent {
		all++
		if c[1] == 0x20 && len(c) > 5 {
			pins++
		}
	}
	b.sent = nil
	return all, pins
}

// withReader is the town with a PC/SC reader that the house may use.
func (w *town) withReader() *bench {
	w.t.Helper()
	b := &bench{w: w, card: hanako}
	w.url = webtest.Serve(w.t, func(string) http.Handler {
		handler, err := agent.New(agent.Config{
			Cabinet: w.cabinet, Now: w.Now, PublicURL: "http://localhost:8082", CardWait: 50 * time.Millisecond, PCSC: b, RealReaders: []string{benchReader},
		})
		w.do(err)
		return handler
	})
	return b
}

func TestNothingIsSentToARealCardBeforeItsHolderConfirms(t *testing.T) {
	w := newTown(t)
	b := w.withReader()
	p := w.browser()
	page := p.asked(`{"origin":"` + bank + `","request":{"action":"authenticate","nonce":"` + nonce + `"}}`)
	p.get(page).shows(t, benchReader, `data-testid="real-reader"`)
	if a := p.get(page); strings.Contains(a.Body, "Other 00 00") {
		t.Error("a reader that --reader does not name is offered")
	}
	p.post(page+"/reader", "card", "pcsc:"+benchReader)
	p.get(page).shows(t, `data-code="unconfirmed"`, `data-testid="confirm-real"`)
	p.post(page+"/pin", "turn", "1", "pin", "1234")
	if all, _ := b.commands(); all != 0 {
		t.Errorf("%d commands were sent to a card whose holder had not confirmed", all)
	}
	p.post(page+"/reader", "card", "pcsc:"+benchReader, "confirm", "yes")
	p.types(page, "1234")
	if _, pins := b.commands(); pins != 1 {
		t.Errorf("%d PINs were sent", pins)
	}
	p.get(page).shows(t, "本人であることを証明しました")
}

func TestTheLastTryOfARealCardTakesASecondConfirmation(t *testing.T) {
	w := newTown(t)
	b := w.withReader()
	b.card = naoko
	p := w.browser()
	page := p.asked(`{"origin":"` + bank + `","request":{"action":"authenticate","nonce":"` + nonce + `"}}`)
	p.post(page+"/reader", "card", "pcsc:"+benchReader, "confirm", "yes")
	p.types(page, "8901")
	if _, pins := b.commands(); pins != 0 || w.tries(naoko)[1] != 1 {
		t.Errorf("%d PINs were sent, tries left %v", pins, w.tries(naoko))
	}
	again := p.get(page)
	again.shows(t, `data-code="last_try"`, `name="lastTry" value="yes"`)
	p.post(page+"/pin", "turn", again.Field("turn"), "placement", again.Field("placement"), "lastTry", "yes", "pin", "8901")
	if _, pins := b.commands(); pins != 1 || w.tries(naoko)[1] != 3 {
		t.Errorf("%d PINs were sent, tries left %v", pins, w.tries(naoko))
	}
}

func TestAScriptUsesARealReader(t *testing.T) {
	w := newTown(t)
	b := w.withReader()
	real := func(changes map[string]any) answered {
		all := map[string]any{"card": "pcsc:" + benchReader}
		for k, v := range changes {
			all[k] = v
		}
		return w.script("POST", "/v1/authenticate", members(t, authentication(), all))
	}
	for _, c := range []struct {
		name    string
		prepare func()
		changes map[string]any
		status  int
		want    string
	}{
		{"without a word", func() {}, nil, 409, `"unconfirmed"`},
		{"with a word", func() {}, map[string]any{"confirm": true}, 200, `"web-eid:1.0"`},
		{"another reader", func() {}, map[string]any{"confirm": true, "card": "pcsc:Other 00 00"}, 404, `"no_reader"`},
		{"an empty reader", func() { b.card = "" }, map[string]any{"confirm": true}, 404, `"no_card"`},
		{"one try left", func() { b.card = naoko }, map[string]any{"confirm": true, "pin": "8901"}, 409, `"last_try"`},
		{"one try left, known", func() { b.card = naoko }, map[string]any{"confirm": true, "pin": "8901", "lastTry": true}, 200, `"web-eid:1.0"`},
		{"a mute card", func() { b.err = pcsc.ErrMute }, map[string]any{"confirm": true}, 409, `"dead_card"`},
		{"a busy card", func() { b.err = pcsc.ErrBusy }, map[string]any{"confirm": true}, 409, `"card_busy"`},
		{"without pcscd", func() { b.err = pcsc.ErrNoService }, map[string]any{"confirm": true}, 404, `start pcscd`},
		{"without a library", func() { b.err = pcsc.ErrNoLibrary }, map[string]any{"confirm": true}, 404, `no PC/SC library`},
	} {
		c.prepare()
		if a := real(c.changes); a.Status != c.status || !strings.Contains(a.Body, c.want) {
			t.Errorf("%s: %d %s, want %d %s", c.name, a.Status, a.Body, c.status, c.want)
		}
	}
	if strings.Contains(w.log.String(), hanakoSerial) {
		t.Error("the log has the serial number of a card")
	}
}

// hanakoSerial is the serial number of the authentication certificate of the tests.
var hanakoSerial = strconv.Itoa(0x0705D990 + int(jpki.UserAuthentication))

func TestARealReaderThatIsNotThereIsExplained(t *testing.T) {
	w := newTown(t)
	b := w.withReader()
	b.err = pcsc.ErrNoService
	w.browser().get("/reader").shows(t, "カードリーダーを使えません", "pcscd")
}
