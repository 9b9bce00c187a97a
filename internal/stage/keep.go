package stage

import "context"

// Snapshots lists what the town can be put back to, the beginning first.
func (s *Stage) Snapshots() ([]Snapshot, error) {
	if s.cfg.Keeper == nil {
		return nil, ErrNoKeeper
	}
	return s.cfg.Keeper.Snapshots()
}

// Save keeps the town as it is now, between two changes, under a name.
func (s *Stage) Save(ctx context.Context, name string) error {
	if s.cfg.Keeper == nil {
		return ErrNoKeeper
	}
	return s.cfg.Keeper.Save(ctx, name)
}

// Restore puts the town back to a snapshot, with its time. Whoever was signed in is not any
// more, and faults are off.
func (s *Stage) Restore(ctx context.Context, name string) error {
	if s.cfg.Keeper == nil {
		return ErrNoKeeper
	}
	return s.cfg.Keeper.Restore(ctx, name)
}

// Drop forgets a snapshot.
func (s *Stage) Drop(name string) error {
	if s.cfg.Keeper == nil {
		return ErrNoKeeper
	}
	return s.cfg.Keeper.Drop(name)
}
