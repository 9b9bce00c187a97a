package vpcd

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"sync"
	"time"

	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/apdulog"
)

// Config configures a Reader. Cabinet is required.
type Config struct {
	// Name is how scripts and pages call the reader: "reception".
	Name string
	// Address is the vpcd driver's, "127.0.0.1:35963"; empty for a reader that no
	// PC/SC program sees.
	Address string
	Cabinet *virtualcard.Cabinet
	Log     *slog.Logger
	// Idle is how long a program may rest before it has to give the card to a window
	// or script that waits for it; 0 means a second.
	Idle time.Duration
	// Pause waits before the next attempt to connect, number 1 and up, no longer
	// than ctx. The default doubles from a tenth of a second up to ten seconds.
	Pause func(ctx context.Context, attempt int)
	// Gap waits, no longer than ctx, until the driver has noticed that a card is gone,
	// before it is shown the next one. The default is a second: pcscd looks at its
	// readers 2.5 times a second.
	Gap func(ctx context.Context)
	// Rest waits before an answer of a slow reader; see virtualcard.Trouble.
	Rest func(ctx context.Context)
}

// Reader is a virtual reader with at most one card in it. Its methods may be called
// from any goroutine. Windows and scripts use the card that lies in it as long as no
// PC/SC program does.
//
// A card whose chip is dead lies in the reader and is not noticed by the driver,
// like a contactless card that does not answer.
type Reader struct {
	cfg     Config
	between *between

	mu      sync.Mutex // guards the rest
	inside  *insertion
	changed chan struct{} // closed by the next change of inside
	shown   bool
	tell    func() // of every change

	lost bool // it was logged that the driver is away; used by Run alone
}

// insertion is a card in the reader. It ends with ctx.
type insertion struct {
	id   virtualcard.CardID
	dead bool
	ctx  context.Context
	end  context.CancelFunc
	// unheard ends that what windows and scripts say to the card is noted here.
	unheard func()
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
	if cfg.Idle == 0 {
		cfg.Idle = idle
	}
	if cfg.Gap == nil {
		cfg.Gap = func(ctx context.Context) { rest(ctx, gap) }
	}
	return &Reader{cfg: cfg, changed: make(chan struct{}), tell: func() {}, between: &between{log: apdulog.New(linesKept), trouble: virtualcard.Trouble{Rest: cfg.Rest}}}
}

const shortestPause, longestPause, gap, idle = 100 * time.Millisecond, 10 * time.Second, time.Second, time.Second

// linesKept is how much of what was said at a reader is kept.
const linesKept = 1000

func backOff(ctx context.Context, attempt int) {
	rest(ctx, min(shortestPause<<min(attempt-1, 10), longestPause))
}

func rest(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// Name returns the reader's name.
func (r *Reader) Name() string { return r.cfg.Name }

// Place puts a card in the reader in place of what was there; an empty id empties
// it. On an error, such as virtualcard.ErrNoCard, the reader stays as it was.
func (r *Reader) Place(ctx context.Context, id virtualcard.CardID) error {
	var next *insertion
	if id != "" {
		card, err := r.cfg.Cabinet.Card(ctx, id)
		if err != nil {
			return err
		}
		next = &insertion{id: id, dead: card.Dead}
		next.ctx, next.end = context.WithCancel(context.WithoutCancel(ctx))
		if next.unheard, err = r.cfg.Cabinet.Hear(ctx, id, r.between.log); err != nil {
			return err
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	before := r.inside
	if before != nil && before.id == id {
		return nil
	}
	r.change(next)
	if before != nil {
		before.unheard()
		before.end()
	}
	return nil
}

// change is called with mu held.
func (r *Reader) change(to *insertion) {
	r.inside, r.shown = to, false
	close(r.changed)
	r.changed = make(chan struct{})
	r.tell()
}

// State returns what lies in the reader.
func (r *Reader) State() State {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.inside == nil {
		return State{}
	}
	return State{Card: r.inside.id, Dead: r.inside.dead || r.cfg.Cabinet.Silent(r.inside.id), Connected: r.shown}
}

// look returns what lies in the reader, whether it is to be shown, and what is closed when
// either changes.
func (r *Reader) look() (in *insertion, shows bool, changed <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	shows = r.inside != nil && !r.inside.dead && r.cfg.Address != "" && !r.between.trouble.Faults().Mute
	return r.inside, shows, r.changed
}

// Run shows the driver what lies in the reader until ctx ends, and empties the
// reader then. What goes wrong is logged and tried again.
func (r *Reader) Run(ctx context.Context) {
	defer func() { _ = r.Place(context.WithoutCancel(ctx), "") }()
	for attempt := 0; ctx.Err() == nil; {
		in, shows, changed := r.look()
		if !shows {
			attempt = 0
			select {
			case <-changed:
			case <-ctx.Done():
			}
			continue
		}
		until, cancel := context.WithCancel(in.ctx)
		stop := context.AfterFunc(ctx, cancel)
		var gone bool
		if attempt, gone = r.show(until, in, attempt); attempt > 0 {
			r.cfg.Pause(until, attempt)
		}
		stop()
		cancel()
		if gone {
			r.cfg.Gap(ctx)
		}
	}
}

// show shows a card once, and returns the number of the next attempt, or 0 if it
// need not wait; gone says that a driver has seen the card and should see that it has
// left.
func (r *Reader) show(ctx context.Context, in *insertion, attempt int) (next int, gone bool) {
	log := r.cfg.Log.With("reader", r.cfg.Address, "card", in.id)
	card, err := r.cfg.Cabinet.Share(ctx, in.id, r.cfg.Idle)
	if err == nil {
		defer func() { _ = card.Close() }()
		var conn net.Conn
		if conn, err = dial(ctx, r.cfg.Address); err == nil {
			return r.serve(ctx, log, conn, in, card, attempt)
		}
	}
	switch {
	case ctx.Err() != nil:
		return 0, false
	case errors.Is(err, virtualcard.ErrDeadCard):
		r.died(in, err)
		return 0, false
	case !r.lost:
		log.Warn("no virtual reader there; trying again", "error", err)
	}
	r.lost = true
	return attempt + 1, false
}

// serve answers a driver that a connection leads to.
func (r *Reader) serve(ctx context.Context, log *slog.Logger, conn net.Conn, in *insertion, card *virtualcard.Shared, attempt int) (next int, gone bool) {
	if attempt == 0 || r.lost {
		log.Info("the card is in the virtual reader")
	}
	r.lost = false
	here, leave := context.WithCancel(ctx)
	defer leave()
	go func() {
		select {
		case <-card.Taken():
			leave()
		case <-here.Done():
		}
	}()
	behind := cardBehind{card, r.between}
	r.between.log.Event(apdulog.Seen)
	r.setShown(in, true)
	messages, err := show(here, conn, behind)
	r.setShown(in, false)
	if messages > 0 {
		attempt, r.lost = 0, err != nil
	}
	switch {
	case err == nil, errors.Is(err, virtualcard.ErrClosed), errors.Is(err, virtualcard.ErrTaken):
		r.lost = false
		return 0, messages > 0 // taken out, or used elsewhere
	case errors.Is(err, virtualcard.ErrDeadCard):
		log.Warn("the chip of the card in the virtual reader does not answer")
		r.died(in, err)
		return 0, messages > 0
	case attempt > 0:
	case errors.Is(err, io.EOF):
		log.Warn("the virtual reader went away; connecting again")
	default:
		log.Warn("the virtual reader failed; connecting again", "error", err)
	}
	return attempt + 1, false
}

func (r *Reader) setShown(in *insertion, shown bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.inside == in && r.shown != shown {
		r.shown = shown
		r.tell()
	}
}

// died notes that a chip answers no more, and why, unless that is over by now.
func (r *Reader) died(in *insertion, why error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	over := errors.Is(why, virtualcard.ErrMute) && !r.cfg.Cabinet.Silent(in.id)
	if r.inside == in && !over {
		dead := *in
		dead.dead = true
		r.change(&dead)
	}
}
