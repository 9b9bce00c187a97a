package ecosystem

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"

	"example.jp/jpkimock/internal/dbopen"
)

// reconcile looks at the databases of this process's houses before they are opened:
// they are all new, or all of one town, the one of the configured world. A new folder
// is marked until it is planted.
func (e *Ecosystem) reconcile() (err error) {
	world, err := e.cfg.worldID()
	if err != nil {
		return err
	}
	var all []dbopen.Found
	for _, h := range e.cfg.Houses {
		if !e.cfg.opens(h.Name) {
			continue
		}
		for _, name := range h.databases() {
			all = append(all, dbopen.Look(name, e.nameOf(name), e.database(name)))
		}
	}
	e.town, err = dbopen.Agree(all)
	if err == nil && e.town.ID != "" && !sameWorld(e.town.World, world) {
		err = errors.New("the town was planted with another world than --seed says")
	}
	if err != nil {
		return fmt.Errorf("ecosystem: %w: %s", err, e.advice())
	}
	if e.town.ID == "" && e.cfg.opens(clockHouse) {
		e.town.ID = rand.Text()
	}
	if e.town.World == "" || e.town.World == noWorld {
		e.town.World = world
	}
	e.kept = map[string]dbopen.Town{}
	for _, f := range all {
		e.kept[f.House] = f.Town
		if f.Condition == dbopen.Unsaid {
			e.cfg.Log.Info("a database of an earlier version joins the town", "house", f.House)
		}
	}
	e.fresh = !slices.ContainsFunc(all, func(f dbopen.Found) bool { return f.Condition > dbopen.Empty })
	if !e.fresh || len(e.cfg.Only) > 0 {
		return nil
	}
	return os.WriteFile(filepath.Join(e.dir, plantingMark), nil, 0o600)
}

// advice says what to do about databases that do not go together.
func (e *Ecosystem) advice() string {
	if e.cfg.DataDir == "" {
		return "give these houses databases of one town, or empty ones"
	}
	return fmt.Sprintf("put a whole copy of the data folder %s back, or start with an empty one (--data)", e.dir)
}

// noWorld is the world of --seed none.
const noWorld = "none"

// worldID names the configured world: a digest of a file, so that the same world at
// another path is the same.
func (c Config) worldID() (string, error) {
	if c.Seed == noWorld || c.Seed == "default" {
		return c.Seed, nil
	}
	b, err := os.ReadFile(c.Seed)
	if err != nil {
		return "", fmt.Errorf("ecosystem: read the world: %w", err)
	}
	digest := sha256.Sum256(b)
	return hex.EncodeToString(digest[:]), nil
}

// sameWorld reports whether a town of one world can be started with another. An
// empty town may still be planted, and a planted one started without its people.
func sameWorld(planted, configured string) bool {
	return planted == configured || planted == noWorld || configured == noWorld
}

// joinTown asks the authority's process for the town. A database of another one is
// refused.
func (e *Ecosystem) joinTown(ctx context.Context) error {
	client := &http.Client{Timeout: 2 * time.Second}
	id := ""
	if err := e.waitFor(ctx, func() error {
		s, err := readClock(ctx, client, e.Peer(clockHouse))
		id = s.Town
		return err
	}); err != nil {
		return fmt.Errorf("ecosystem: ask the authority for its town: %w", err)
	}
	for house, t := range e.kept {
		if t.ID != "" && t.ID != id {
			return fmt.Errorf("ecosystem: %s is of another town than the authority at %s: %s", e.nameOf(house), e.Peer(clockHouse), e.advice())
		}
	}
	if e.fresh && len(e.kept) > 0 {
		e.cfg.Log.Info("new databases join the town", "houses", strings.Join(slices.Sorted(maps.Keys(e.kept)), " "))
	}
	e.town.ID = id
	return nil
}

// enterTown writes the town as it is now into each database that says otherwise, and
// takes away the mark of a new one: from here on the folder is whole.
func (e *Ecosystem) enterTown() error {
	t := e.town
	for house := range e.kept {
		if !slices.Contains(t.Houses, house) {
			t.Houses = append(t.Houses, house)
		}
	}
	slices.Sort(t.Houses)
	t.URLs = map[string]string{}
	for name, p := range e.places {
		t.URLs[name] = p.public
	}
	for house, said := range e.kept {
		if reflect.DeepEqual(said, t) {
			continue
		}
		if err := dbopen.Enter(e.database(house), t); err != nil {
			return fmt.Errorf("ecosystem: write the town into %s: %w", e.nameOf(house), err)
		}
	}
	if !e.fresh || len(e.cfg.Only) > 0 {
		return nil
	}
	return os.Remove(filepath.Join(e.dir, plantingMark))
}

// nameOf names the database of a house.
func (e *Ecosystem) nameOf(house string) string {
	if e.cfg.Databases[house] != "" {
		return "the database of " + house
	}
	return house + ".db"
}

// moved returns where a house was when another's database was last in use, if that
// is not where it is now.
func (e *Ecosystem) moved(keeper, house string) (from string, moved bool) {
	from = e.kept[keeper].URLs[house]
	return from, from != "" && from != e.URL(house)
}

// waitFor tries until it succeeds or ctx ends, for a house that is still starting.
func (e *Ecosystem) waitFor(ctx context.Context, try func() error) error {
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		err := try()
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return errors.Join(err, context.Cause(ctx))
		case <-tick.C:
		}
	}
}
