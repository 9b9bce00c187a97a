package vpcd

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"sync"
	"time"

	"example.jp/jpkimock/virtualcard"
)

// Config configures a Reader. Address and Cabinet are required.
type Config struct {
	Address string // of the vpcd driver, "127.0.0.1:35963"
	Cabinet *virtualcard.Cabinet
	Log     *slog.Logger
	// Pause waits before the next attempt to connect, number 1 and up, no longer
	// than ctx. The default doubles from a tenth of a second up to ten seconds.
	Pause func(ctx context.Context, attempt int)
}

// Reader is a virtual reader with at most one card in it. Its methods may be called
// from any goroutine.
//
// A card whose chip is dead lies in the reader and is not noticed by the driver,
// like a contactless card that does not answer.
type Reader struct {
	cfg Config

	placing sync.Mutex // held by Place
	mu      sync.Mutex // guards the rest
	inside  *insertion
	changed chan struct{} // closed by the next change of inside
	shown   bool

	lost bool // it was logged that the driver is away; used by Run alone
}

// insertion is a card in the reader. It ends with ctx.
type insertion struct {
	id   virtualcard.CardID
	card *virtualcard.Connection // nil for a dead chip
	ctx  context.Context
	end  context.CancelFunc
}

// State is what lies in a reader.
type State struct {
	Card virtualcard.CardID `json:"card"` // empty for an empty reader
	Dead bool               `json:"dead"` // its chip does not answer
	// Connected: the driver sees the card.
	Connected bool `json:"connected"`
}

// NewReader returns an empty reader. Nothing is shown to the driver before Run.
func NewReader(cfg Config) *Reader {
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if cfg.Pause == nil {
		cfg.Pause = backOff
	}
	return &Reader{cfg: cfg, changed: make(chan struct{})}
}

const shortestPause, longestPause = 100 * time.Millisecond, 10 * time.Second

func backOff(ctx context.Context, attempt int) {
	timer := time.NewTimer(min(shortestPause<<min(attempt-1, 10), longestPause))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// Place puts a card in the reader in place of what was there; an empty id empties
// it. While a card lies there no window, script or counter can use it. Place waits,
// as long as ctx allows, until nobody else uses the card. On an error, such as
// virtualcard.ErrNoCard, the reader stays as it was.
func (r *Reader) Place(ctx context.Context, id virtualcard.CardID) error {
	r.placing.Lock()
	defer r.placing.Unlock()
	if r.State().Card == id {
		return nil
	}
	var next *insertion
	if id != "" {
		card, err := r.cfg.Cabinet.Connect(ctx, id)
		if err != nil && !errors.Is(err, virtualcard.ErrDeadCard) {
			return err
		}
		next = &insertion{id: id, card: card}
		next.ctx, next.end = context.WithCancel(context.WithoutCancel(ctx))
	}
	r.mu.Lock()
	before := r.inside
	r.change(next)
	r.mu.Unlock()
	before.takeOut()
	return nil
}

// change is called with mu held.
func (r *Reader) change(to *insertion) {
	r.inside, r.shown = to, false
	close(r.changed)
	r.changed = make(chan struct{})
}

// takeOut ends an insertion; the card can be used elsewhere then.
func (i *insertion) takeOut() {
	if i == nil {
		return
	}
	i.end()
	if i.card != nil {
		_ = i.card.Close()
	}
}

// State returns what lies in the reader.
func (r *Reader) State() State {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.inside == nil {
		return State{}
	}
	return State{Card: r.inside.id, Dead: r.inside.card == nil, Connected: r.shown}
}

func (r *Reader) look() (*insertion, <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.inside, r.changed
}

// Run shows the driver what lies in the reader until ctx ends, and empties the
// reader then. What goes wrong is logged and tried again.
func (r *Reader) Run(ctx context.Context) {
	defer func() { _ = r.Place(context.WithoutCancel(ctx), "") }()
	for attempt := 0; ctx.Err() == nil; {
		in, changed := r.look()
		if in == nil || in.card == nil {
			attempt = 0
			select {
			case <-changed:
			case <-ctx.Done():
			}
			continue
		}
		until, cancel := context.WithCancel(in.ctx)
		stop := context.AfterFunc(ctx, cancel)
		attempt = r.show(until, in, attempt)
		if attempt > 0 {
			r.cfg.Pause(until, attempt)
		}
		stop()
		cancel()
	}
}

// show shows a card once, and returns the number of the next attempt, or 0 if it
// need not wait.
func (r *Reader) show(ctx context.Context, in *insertion, attempt int) int {
	log := r.cfg.Log.With("reader", r.cfg.Address, "card", in.id)
	conn, err := dial(ctx, r.cfg.Address)
	if err != nil {
		if !r.lost && ctx.Err() == nil {
			log.Warn("no virtual reader there; trying again", "error", err)
		}
		r.lost = true
		return attempt + 1
	}
	if attempt == 0 || r.lost {
		log.Info("the card is in the virtual reader")
	}
	r.lost = false
	r.setShown(in, true)
	messages, err := show(ctx, conn, in.card)
	r.setShown(in, false)
	if messages > 0 {
		attempt, r.lost = 0, err != nil
	}
	switch {
	case err == nil, errors.Is(err, virtualcard.ErrClosed):
		return 0 // taken out
	case errors.Is(err, virtualcard.ErrDeadCard):
		log.Warn("the chip of the card in the virtual reader does not answer")
		r.died(in)
		return 0
	case attempt > 0:
	case errors.Is(err, io.EOF):
		log.Warn("the virtual reader went away; connecting again")
	default:
		log.Warn("the virtual reader failed; connecting again", "error", err)
	}
	return attempt + 1
}

func (r *Reader) setShown(in *insertion, shown bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.inside == in {
		r.shown = shown
	}
}

// died notes that a chip answers no more.
func (r *Reader) died(in *insertion) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.inside == in {
		_ = in.card.Close()
		dead := *in
		dead.card = nil
		r.change(&dead)
	}
}
