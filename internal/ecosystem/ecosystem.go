// Package ecosystem is the wiring: the only package that knows every house. It
// listens first, so that every address is known before the first certificate
// is issued; builds the houses second, one short file for each; and serves
// third. Then it plants the world, through the same doors that everyone uses.
package ecosystem

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"example.jp/jpkimock/internal/ecosystem/folder"
	"example.jp/jpkimock/internal/ecosystem/places"
	"example.jp/jpkimock/internal/ecosystem/recording"
	"example.jp/jpkimock/internal/fault"
	"example.jp/jpkimock/internal/ready"
	"example.jp/jpkimock/internal/simclock"
	"example.jp/jpkimock/internal/stage"
	"example.jp/jpkimock/internal/sweeps"
	"example.jp/jpkimock/internal/whereabouts"
	"example.jp/jpkimock/seed"
	"example.jp/jpkimock/virtualcard/vpcd"
)

// Ecosystem is a running town, or the houses of it that this process opened.
type Ecosystem struct {
	cfg      Config
	places   *places.Town
	world    seed.World
	folder   *folder.Folder
	failed   chan error
	seen     *recording.Recording // what the houses here say to one another
	stage    *stage.Stage
	changing sync.Mutex // held while the houses are opened, closed, or copied
	mu       sync.RWMutex
	*run     // written under mu; read without it only under changing, or while the town starts
}

// run is the houses of this process from when they are opened until they are closed:
// once, or anew each time the town is put back.
type run struct {
	clock   *simclock.Clock
	sweeps  *sweeps.Rounds
	board   *fault.Board // what fails on purpose
	faults  map[string]*fault.Switch
	age     int // grows each time the town is put back; 0 where it never is
	closers []func() error
	stop    context.CancelFunc
	done    sync.WaitGroup
	// Of the card house and of the authority, if they are open here.
	readers     *vpcd.Readers
	authorities map[string]ready.Authority
	asks        map[string][]whereabouts.Ask // what its organisations hold, by house
}

// now returns the houses as they are open.
func (e *Ecosystem) now() *run {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return e.run
}

// Start opens the houses and plants the world if it is empty. When it returns
// without an error, every house answers. ctx bounds the start only; Close ends
// what was started.
func Start(ctx context.Context, cfg Config) (*Ecosystem, error) {
	e := &Ecosystem{cfg: cfg.withDefaults(), run: newRun(0)}
	if e.cfg.Snapshots {
		e.age = 1
	}
	e.failed = make(chan error, 2*len(e.cfg.Houses))
	e.seen = recording.New(e.cfg.unrecorded, func() time.Time { return e.now().clock.Now() }, func(server string) string { return e.places.HouseAt(server) })
	if err := e.start(ctx); err != nil {
		return nil, errors.Join(err, e.Close())
	}
	return e, nil
}

func newRun(age int) *run {
	return &run{
		age: age, clock: simclock.New(), sweeps: sweeps.New(), board: fault.NewBoard(), faults: map[string]*fault.Switch{},
		asks: map[string][]whereabouts.Ask{}, stop: func() {},
	}
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
	if err := e.setClock(e.cfg.At); err != nil {
		return err
	}
	if err := e.populate(ctx); err != nil {
		return err
	}
	if e.places, err = e.cfg.listen(); err != nil {
		return err
	}
	if err := e.places.Reserve(e.cfg.Manage, e.cfg.Log); err != nil {
		return err
	}
	e.warnOfPublishedKeys()
	e.stage = e.newStage(e.key, true)
	e.places.Serve(func(err error) { e.failed <- err })
	background := e.background()
	if !e.cfg.opens(clockHouse) {
		if err := e.joinTown(ctx); err != nil {
			return err
		}
		e.follow(background)
	}
	if err := e.openHouses(ctx, func(h House) bool { return true }); err != nil {
		return err
	}
	if err := e.plant(ctx); err != nil {
		return err
	}
	e.seen.Begin(recording.Config{Here: e.cfg.opens("lobby"), Lobby: e.Peer("lobby"), Key: e.key(recording.Key), Collector: e.cfg.OTLP})
	if err := e.folder.Enter(e.urls()); err != nil {
		return err
	}
	if err := e.keepBeginning(ctx); err != nil {
		return err
	}
	e.keepSweeping(background)
	return errors.Join(e.runReaders(ctx, background), e.manage())
}

// background returns what ends when the houses are closed.
func (e *Ecosystem) background() context.Context {
	ctx, stop := context.WithCancel(context.Background())
	e.stop = stop
	return ctx
}

// openHouses opens those of this process's houses that are wanted, one after the other:
// each answers before the next is opened.
func (e *Ecosystem) openHouses(ctx context.Context, wanted func(House) bool) error {
	for _, h := range e.cfg.Houses {
		e.board.Announce(h.Name, h.Title, h.Faults)
	}
	for _, h := range e.cfg.Houses {
		if !e.places.Of(h.Name).Here() || !wanted(h) {
			continue
		}
		e.faults[h.Name] = fault.NewSwitch(fault.Config{
			House: h.Name, Title: h.Title, Board: e.board, Faults: h.Faults, Now: e.clock.Now, Hosts: e.hosts(), Log: e.cfg.Log,
		})
		handler, err := h.Open(ctx, e)
		if err != nil {
			return fmt.Errorf("ecosystem: open %s: %w", h.Name, err)
		}
		failing := e.faults[h.Name].Before(e.withClock(e.withHoldings(h, handler)))
		e.places.Let(h.Name, e.seen.Before(h.Name, fault.OnPages(failing, e.onPages(h))))
	}
	return nil
}

// URL returns the public URL of a house, without a slash at the end.
func (e *Ecosystem) URL(house string) string { return e.places.Of(house).Public }

// Peer returns the URL by which servers call a house.
func (e *Ecosystem) Peer(house string) string { return e.places.Of(house).Peer }

// hosts returns the host names by which houses are reached.
func (e *Ecosystem) hosts() []string { return append(slices.Clone(e.cfg.Hosts), e.places.Hosts()...) }

// Clock returns the clock of the town.
func (e *Ecosystem) Clock() *simclock.Clock { return e.now().clock }

// Personas returns the people of the world.
func (e *Ecosystem) Personas() []seed.Persona { return e.world.Personas }

// Failed reports a house that stopped serving by itself.
func (e *Ecosystem) Failed() <-chan error { return e.failed }

// Close ends every house: it lets open requests finish, closes the databases and
// removes a temporary folder. It may be called more than once.
func (e *Ecosystem) Close() error {
	e.changing.Lock()
	defer e.changing.Unlock()
	e.stop()
	errs := []error{e.places.Close(e.cfg.Log), e.closeHouses(), e.seen.Close()}
	if e.folder != nil {
		errs = append(errs, e.folder.Close())
	}
	return errors.Join(errs...)
}

// closeHouses ends what the houses do by themselves, and closes what they opened.
func (e *Ecosystem) closeHouses() error {
	e.stop()
	e.done.Wait()
	var errs []error
	for _, c := range slices.Backward(e.closers) {
		errs = append(errs, c())
	}
	e.closers = nil
	return errors.Join(errs...)
}

// Silence ends one house before the others: it answers no more requests.
func (e *Ecosystem) Silence(house string) error { return e.places.Silence(house) }

// atClose registers f to be called when the town closes, last registered first.
func (e *Ecosystem) atClose(f func() error) { e.closers = append(e.closers, f) }

// key returns the key of an interface, by Key.Name.
func (e *Ecosystem) key(name string) string { return e.cfg.Keys[name] }
