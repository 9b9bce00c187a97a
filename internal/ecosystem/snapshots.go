package ecosystem

import (
	"context"
	"errors"
	"fmt"
	"time"

	"example.jp/jpkimock/internal/stage"
)

// By this machine's clock: how long a snapshot waits for what is being done, and how long
// requests have to end before the houses are closed.
const quietTime, clearTime = 5 * time.Second, 2 * time.Second

// keepBeginning saves the town as it was planted, unless that is kept already.
func (e *Ecosystem) keepBeginning(ctx context.Context) error {
	if !e.cfg.Snapshots {
		return nil
	}
	if _, err := e.folder.Find(stage.Beginning); !errors.Is(err, stage.ErrNoSnapshot) {
		return err
	}
	return e.save(ctx, stage.Beginning)
}

func (e *Ecosystem) save(ctx context.Context, name string) error {
	clock := e.clock
	return e.folder.Save(ctx, stage.Snapshot{Name: name, Now: clock.Now(), Frozen: !clock.State().Frozen.IsZero()})
}

// Snapshots lists what the town can be put back to.
func (e *Ecosystem) Snapshots() ([]stage.Snapshot, error) {
	if !e.cfg.Snapshots {
		return nil, stage.ErrNoKeeper
	}
	return e.folder.Snapshots()
}

// Save keeps the town as it is now, between two changes, under a name.
func (e *Ecosystem) Save(ctx context.Context, name string) error {
	if !e.cfg.Snapshots {
		return stage.ErrNoKeeper
	}
	if name == stage.Beginning {
		return stage.ErrName
	}
	e.changing.Lock()
	defer e.changing.Unlock()
	quiet, cancel := context.WithTimeout(ctx, quietTime)
	defer cancel()
	goOn, err := e.sweeps.Hold(quiet)
	if err != nil {
		return stage.ErrBusy
	}
	defer goOn()
	letIn, err := e.places.Gates.Stop(quiet)
	if err != nil {
		return fmt.Errorf("%w (%w)", stage.ErrBusy, err)
	}
	defer letIn()
	return e.save(ctx, name)
}

// Drop forgets a snapshot.
func (e *Ecosystem) Drop(name string) error {
	if !e.cfg.Snapshots {
		return stage.ErrNoKeeper
	}
	e.changing.Lock()
	defer e.changing.Unlock()
	return e.folder.Drop(name)
}

// Restore puts the town back to a snapshot: the houses are closed, and opened again with
// its databases and its time. Requests under way are cut off, and those that come meanwhile wait. Whoever was
// signed in is not any more. A town that does not open again ends the process.
func (e *Ecosystem) Restore(ctx context.Context, name string) error {
	if !e.cfg.Snapshots {
		return stage.ErrNoKeeper
	}
	e.changing.Lock()
	defer e.changing.Unlock()
	s, err := e.folder.Find(name)
	if err != nil {
		return err
	}
	if err := e.reopen(context.WithoutCancel(ctx), s); err != nil {
		e.failed <- err
		return err
	}
	return nil
}

func (e *Ecosystem) reopen(ctx context.Context, s stage.Snapshot) error {
	quiet, cancel := context.WithTimeout(ctx, clearTime)
	defer cancel()
	e.stop()
	if _, err := e.places.Gates.Stop(quiet); err != nil { // an act between two houses ends before either is closed
		e.cfg.Log.Warn("an act under way is cut off: the town is put back", "after", clearTime)
	}
	clearing, cancel := context.WithTimeout(ctx, clearTime)
	defer cancel()
	if left := e.places.Gates.Clear(clearing); left > 0 {
		e.cfg.Log.Warn("requests under way are cut off: the town is put back", "requests", left)
	}
	if err := e.closeHouses(); err != nil {
		e.cfg.Log.Warn("a house was not closed cleanly", "error", err)
	}
	if err := e.folder.Restore(s); err != nil {
		return err
	}
	e.mu.Lock()
	e.run = newRun(e.age + 1)
	e.mu.Unlock()
	if err := e.setClock(time.Time{}); err != nil { // the snapshot's, from the data folder
		return err
	}
	e.seen.Forget() // what is told from now on is told of this town
	background := e.background()
	if err := e.openHouses(ctx, func(h House) bool { return !h.Stays }); err != nil {
		return err
	}
	e.keepSweeping(background)
	return e.runReaders(ctx, background)
}
