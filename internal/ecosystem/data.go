package ecosystem

import (
	"context"
	"fmt"

	"example.jp/jpkimock/internal/ecosystem/folder"
	"example.jp/jpkimock/internal/ecosystem/oneclock"
)

// openFolder opens the data folder with the databases of this process's houses.
func (e *Ecosystem) openFolder() error {
	world, err := folder.WorldID(e.cfg.Seed, e.cfg.Init)
	if err != nil {
		return err
	}
	cfg := folder.Config{
		Dir: e.cfg.DataDir, Elsewhere: e.cfg.Databases, Files: []string{clockFile}, Clock: clockFile, Kept: []string{receipts, boxKey}, World: world,
		Whole: len(e.cfg.Only) == 0, Founds: e.cfg.opens(clockHouse), Log: e.cfg.Log,
	}
	for _, h := range e.cfg.Houses {
		cfg.All = append(cfg.All, h.databases()...)
		if e.cfg.opens(h.Name) {
			cfg.Own = append(cfg.Own, h.databases()...)
		}
	}
	e.folder, err = folder.Open(cfg)
	return err
}

// database returns the address of a database, by its name: a house's, or a party's.
func (e *Ecosystem) database(name string) string { return e.folder.Database(name) }

// joinTown asks the authority's process for the town.
func (e *Ecosystem) joinTown(ctx context.Context) error {
	id := ""
	if err := oneclock.WaitFor(ctx, func() error {
		s, err := oneclock.Read(ctx, e.Peer(clockHouse))
		id = s.Town
		return err
	}); err != nil {
		return fmt.Errorf("ecosystem: ask the authority for its town: %w", err)
	}
	return e.folder.Join(id, e.Peer(clockHouse))
}

// urls returns the public URLs of the houses, by name.
func (e *Ecosystem) urls() map[string]string {
	public, _ := e.places.URLs()
	return public
}
