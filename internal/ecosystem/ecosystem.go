// Package ecosystem is the wiring: the only package that knows every house. It
// listens first, so that every address is known before the first certificate
// is issued; builds the houses second, one short file for each; and serves
// third. Then it plants the world, through the same doors as everybody.
package ecosystem

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/simclock"
	"example.jp/jpkimock/seed"
	"example.jp/jpkimock/virtualcard"
)

// Ecosystem is a running town, or the houses of it that this process opened.
type Ecosystem struct {
	cfg     Config
	clock   *simclock.Clock
	places  map[string]*place
	world   seed.World
	servers []*http.Server
	closers []io.Closer
	sweeps  []func(context.Context) error
	stop    context.CancelFunc
	done    sync.WaitGroup
	dir     string
	failed  chan error
	silent  atomic.Bool // see Faults
	// Of the card house, if it is open here.
	cabinet *virtualcard.Cabinet
	pool    *virtualcard.KeyPool
}

// builder builds one house: what it serves, and what is to be closed after it.
type builder func(context.Context, *Ecosystem) (http.Handler, error)

func builders() map[string]builder {
	return map[string]builder{
		"authority": openAuthority,
		"card":      openCard,
		"bank":      openBank,
		"platform":  openPlatform,
		"catv":      openCATV,
		"lobby":     openLobby,
	}
}

// Start opens the houses and plants the world if it is empty. When it returns
// without an error every house answers. ctx bounds the start alone; Close ends
// what was started.
func Start(ctx context.Context, cfg Config) (*Ecosystem, error) {
	e := &Ecosystem{cfg: cfg.withDefaults(), clock: simclock.New(), failed: make(chan error, len(Houses())+1)}
	if err := e.start(ctx); err != nil {
		return nil, errors.Join(err, e.Close())
	}
	return e, nil
}

func (c Config) withDefaults() Config {
	if c.Log == nil {
		c.Log = slog.Default()
	}
	for _, k := range []struct {
		key *string
		to  string
	}{
		{&c.Seed, "default"}, {&c.OfficerKey, seed.OfficerKey}, {&c.WriterKey, seed.WriterKey},
		{&c.BankKey, seed.BankKey}, {&c.BankStaffKey, seed.BankStaffKey},
		{&c.PlatformKey, seed.PlatformKey}, {&c.PlatformStaffKey, seed.PlatformStaffKey},
		{&c.CATVKey, seed.CATVKey}, {&c.CATVStaffKey, seed.CATVStaffKey},
	} {
		if *k.key == "" {
			*k.key = k.to
		}
	}
	return c
}

func (e *Ecosystem) start(ctx context.Context) (err error) {
	if e.world, err = e.cfg.world(); err != nil {
		return err
	}
	if err := e.prepareData(); err != nil {
		return err
	}
	if err := e.setClock(); err != nil {
		return err
	}
	if err := e.populate(ctx); err != nil {
		return err
	}
	if e.places, err = e.cfg.listen(); err != nil {
		return err
	}
	background, stop := context.WithCancel(context.Background())
	e.stop = stop
	if !e.cfg.opens("authority") {
		e.follow(background)
	}
	for _, h := range Houses() {
		if e.places[h.Name].listener == nil {
			continue
		}
		handler, err := builders()[h.Name](ctx, e)
		if err != nil {
			return fmt.Errorf("ecosystem: open %s: %w", h.Name, err)
		}
		e.serve(h.Name, handler)
	}
	if err := e.plant(ctx); err != nil {
		return err
	}
	e.keepSweeping(background)
	return e.layInReader(ctx, background)
}

// serve answers on a house's listener until Close.
func (e *Ecosystem) serve(name string, h http.Handler) {
	if name == "authority" {
		h = e.withFaults(h)
	} else {
		h = e.withClock(h)
	}
	s := door.Server(h)
	e.servers = append(e.servers, s)
	e.places[name].server = s
	l := e.places[name].listener
	e.done.Add(1)
	go func() {
		defer e.done.Done()
		if err := s.Serve(l); err != nil && !errors.Is(err, http.ErrServerClosed) {
			e.failed <- fmt.Errorf("ecosystem: %s: %w", name, err)
		}
	}()
}

// URL gives the public URL of a house, without a slash at the end.
func (e *Ecosystem) URL(house string) string { return e.places[house].public }

// Peer gives the URL by which servers call a house.
func (e *Ecosystem) Peer(house string) string { return e.places[house].peer }

// hosts gives the host names by which houses are reached.
func (e *Ecosystem) hosts() []string {
	hosts := slices.Clone(e.cfg.Hosts)
	for _, p := range e.places {
		for _, address := range []string{p.public, p.peer} {
			if u, err := url.Parse(address); err == nil {
				hosts = append(hosts, u.Hostname())
			}
		}
	}
	return hosts
}

// Clock gives the one clock.
func (e *Ecosystem) Clock() *simclock.Clock { return e.clock }

// Personas gives the people of the world.
func (e *Ecosystem) Personas() []seed.Persona { return e.world.Personas }

// Failed tells of a house that stopped serving by itself.
func (e *Ecosystem) Failed() <-chan error { return e.failed }

// closeTime is how long a request under way may take to finish at Close.
const closeTime = 5 * time.Second

// Close ends every house: open requests are answered, databases closed, and a
// temporary folder removed. It may be called more than once.
func (e *Ecosystem) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), closeTime)
	defer cancel()
	if e.stop != nil {
		e.stop()
	}
	var errs []error
	for _, s := range slices.Backward(e.servers) {
		err := s.Shutdown(ctx)
		if errors.Is(err, context.DeadlineExceeded) {
			e.cfg.Log.Warn("a request under way was cut off", "after", closeTime)
			err = s.Close()
		}
		errs = append(errs, err)
	}
	e.done.Wait()
	closeAll(e.places)
	for _, c := range slices.Backward(e.closers) {
		errs = append(errs, c.Close())
	}
	e.servers, e.closers = nil, nil
	if e.cfg.DataDir == "" && e.dir != "" {
		errs = append(errs, os.RemoveAll(e.dir))
		e.dir = ""
	}
	return errors.Join(errs...)
}

// Silence ends one house before the others: whoever asks it gets no answer any
// more.
func (e *Ecosystem) Silence(house string) error {
	p := e.places[house]
	if p == nil || p.server == nil {
		return fmt.Errorf("ecosystem: %q is not open here", house)
	}
	return p.server.Close()
}

// closing is a Close that has nothing to report.
type closing func()

// Close closes.
func (c closing) Close() error { c(); return nil }

// database gives the address of a house's database.
func (e *Ecosystem) database(house string) string {
	if a := e.cfg.Databases[house]; a != "" {
		return a
	}
	return filepath.Join(e.dir, house+".db")
}

// sweepTime is how often the houses look after what time brings, if nothing
// else is said.
const sweepTime = time.Minute

// keepSweeping runs the houses' sweeps every so often and whenever the clock is
// moved.
func (e *Ecosystem) keepSweeping(ctx context.Context) {
	sweep := func() {
		for _, s := range e.sweeps {
			if err := s(ctx); err != nil && ctx.Err() == nil {
				e.cfg.Log.Warn("sweep failed", "error", err)
			}
		}
	}
	e.clock.OnMove(func(time.Time) { sweep() })
	every := cmp.Or(e.cfg.SweepEvery, sweepTime)
	if every < 0 {
		return
	}
	e.done.Go(func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				sweep()
			}
		}
	})
}
