// Package ecosystem is the wiring: the only package that knows every house. It
// listens first, so that every address is known before the first certificate
// is issued; builds the houses second, one short file for each; and serves
// third. Then it plants the world, through the same doors that everyone uses.
package ecosystem

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/ecosystem/folder"
	"example.jp/jpkimock/internal/fault"
	"example.jp/jpkimock/internal/ready"
	"example.jp/jpkimock/internal/simclock"
	"example.jp/jpkimock/internal/sweeps"
	"example.jp/jpkimock/seed"
	"example.jp/jpkimock/virtualcard/vpcd"
)

// Ecosystem is a running town, or the houses of it that this process opened.
type Ecosystem struct {
	cfg     Config
	clock   *simclock.Clock
	places  map[string]*place
	world   seed.World
	servers []*http.Server
	closers []func() error
	sweeps  *sweeps.Rounds
	stop    context.CancelFunc
	done    sync.WaitGroup
	folder  *folder.Folder
	failed  chan error
	// Of the card house and of the authority, if they are open here.
	readers     *vpcd.Readers
	authorities map[string]ready.Authority
}

// Start opens the houses and plants the world if it is empty. When it returns
// without an error, every house answers. ctx bounds the start only; Close ends
// what was started.
func Start(ctx context.Context, cfg Config) (*Ecosystem, error) {
	e := &Ecosystem{cfg: cfg.withDefaults(), clock: simclock.New(), sweeps: sweeps.New()}
	e.failed = make(chan error, 2*len(e.cfg.Houses))
	if err := e.start(ctx); err != nil {
		return nil, errors.Join(err, e.Close())
	}
	return e, nil
}

func (e *Ecosystem) start(ctx context.Context) (err error) {
	if err := e.cfg.checkKeys(); err != nil {
		return err
	}
	if e.world, err = e.cfg.world(); err != nil {
		return err
	}
	if err := e.openFolder(); err != nil {
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
	e.warnOfPublishedKeys()
	background, stop := context.WithCancel(context.Background())
	e.stop = stop
	if !e.cfg.opens(clockHouse) {
		if err := e.joinTown(ctx); err != nil {
			return err
		}
		e.follow(background)
	}
	for _, h := range e.cfg.Houses {
		if len(e.places[h.Name].listeners) == 0 {
			continue
		}
		handler, err := h.Open(ctx, e)
		if err != nil {
			return fmt.Errorf("ecosystem: open %s: %w", h.Name, err)
		}
		e.serve(h, handler)
	}
	if err := e.plant(ctx); err != nil {
		return err
	}
	if err := e.folder.Enter(e.urls()); err != nil {
		return err
	}
	e.keepSweeping(background)
	return e.runReaders(ctx, background)
}

// serve answers on a house's listeners until Close.
func (e *Ecosystem) serve(h House, handler http.Handler) {
	s := door.Server(fault.Before(e.withClock(handler), fault.Config{House: h.Name, Faults: h.Faults, Hosts: e.hosts(), Log: e.cfg.Log}))
	e.servers = append(e.servers, s)
	e.places[h.Name].server = s
	for _, l := range e.places[h.Name].listeners {
		e.done.Go(func() {
			if err := s.Serve(l); err != nil && !errors.Is(err, http.ErrServerClosed) {
				e.failed <- fmt.Errorf("ecosystem: %s: %w", h.Name, err)
			}
		})
	}
}

// URL returns the public URL of a house, without a slash at the end.
func (e *Ecosystem) URL(house string) string { return e.places[house].public }

// Peer returns the URL by which servers call a house.
func (e *Ecosystem) Peer(house string) string { return e.places[house].peer }

// hosts returns the host names by which houses are reached.
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

// Clock returns the clock of the town.
func (e *Ecosystem) Clock() *simclock.Clock { return e.clock }

// Personas returns the people of the world.
func (e *Ecosystem) Personas() []seed.Persona { return e.world.Personas }

// Failed reports a house that stopped serving by itself.
func (e *Ecosystem) Failed() <-chan error { return e.failed }

// closeTime is how long a request in progress may take to finish at Close.
const closeTime = 5 * time.Second

// Close ends every house: it lets open requests finish, closes the databases and
// removes a temporary folder. It may be called more than once.
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
			e.cfg.Log.Warn("a request in progress was cut off", "after", closeTime)
			err = s.Close()
		}
		errs = append(errs, err)
	}
	e.done.Wait()
	closeAll(e.places)
	for _, c := range slices.Backward(e.closers) {
		errs = append(errs, c())
	}
	e.servers, e.closers = nil, nil
	return errors.Join(errs...)
}

// Silence ends one house before the others: it answers no more requests.
func (e *Ecosystem) Silence(house string) error {
	p := e.places[house]
	if p == nil || p.server == nil {
		return fmt.Errorf("ecosystem: %q is not open here", house)
	}
	return p.server.Close()
}

// atClose registers f to be called when the town closes, last registered first.
func (e *Ecosystem) atClose(f func() error) { e.closers = append(e.closers, f) }

// key returns the key of an interface, by Key.Name.
func (e *Ecosystem) key(name string) string { return e.cfg.Keys[name] }
