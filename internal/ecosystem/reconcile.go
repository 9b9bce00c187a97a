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

// found is a database as it was found at the start.
type found struct {
	house, name string
	dbopen.Condition
	town dbopen.Town
	err  error // what is wrong with a damaged one
}

// reconcile looks at the databases of this process's houses before they are opened:
// they are all new, or all of one town, the one of the configured world. A new folder
// is marked until it is planted.
func (e *Ecosystem) reconcile() (err error) {
	world, err := e.cfg.worldID()
	if err != nil {
		return err
	}
	var all []found
	for _, h := range e.cfg.Houses {
		if h.Keeps && e.cfg.opens(h.Name) {
			f := found{house: h.Name, name: e.nameOf(h.Name)}
			f.Condition, f.town, f.err = dbopen.Look(e.database(h.Name))
			all = append(all, f)
		}
	}
	if e.town, err = townOf(all, world); err != nil {
		return fmt.Errorf("ecosystem: %w: %s", err, e.advice())
	}
	if e.town.ID == "" && e.cfg.opens(clockHouse) {
		e.town.ID = rand.Text()
	}
	if e.town.World == noWorld {
		e.town.World = world
	}
	e.kept = map[string]dbopen.Town{}
	for _, f := range all {
		e.kept[f.house] = f.town
		if f.Condition == dbopen.Unsaid {
			e.cfg.Log.Info("a database of an earlier version joins the town", "house", f.house)
		}
	}
	e.fresh = !slices.ContainsFunc(all, func(f found) bool { return f.Condition > dbopen.Empty })
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

// townOf finds the town that databases belong to, or why they do not go together.
// The ID is empty where none says it yet.
func townOf(all []found, world string) (dbopen.Town, error) {
	town := dbopen.Town{World: world}
	first := "" // the database whose word counts
	for _, f := range all {
		switch {
		case f.Condition == dbopen.Damaged:
			return town, fmt.Errorf("%s cannot be read: %w", f.name, f.err)
		case f.Condition == dbopen.Known && first == "":
			town, first = f.town, f.name
		}
	}
	for _, f := range all {
		if err := f.fits(town, first); err != nil {
			return town, err
		}
		if f.Condition == dbopen.Known && !sameWorld(f.town.World, world) {
			return town, fmt.Errorf("%s was planted with another world than --seed says", f.name)
		}
	}
	return town, nil
}

// fits says why a database does not go together with the first one.
func (f found) fits(town dbopen.Town, first string) error {
	belongs := slices.Contains(town.Houses, f.house)
	switch {
	case f.Condition == dbopen.NoFile && belongs:
		return fmt.Errorf("%s is missing, and %s is of a town that had it", f.name, first)
	case f.Condition == dbopen.Empty && belongs:
		return fmt.Errorf("%s is empty, and %s is of a town in which it was not", f.name, first)
	case f.Condition == dbopen.Unsaid && belongs:
		return fmt.Errorf("%s does not say to which town it belongs, and %s does", f.name, first)
	case f.Condition == dbopen.Known && f.town.ID != town.ID:
		return fmt.Errorf("%s and %s are of different towns", first, f.name)
	}
	return nil
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
