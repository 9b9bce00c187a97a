package folder

import (
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"

	"example.jp/jpkimock/internal/dbopen"
)

// NoWorld is the world of a town without people.
const NoWorld = "none"

// Town returns the ID of the town, the same in all its processes; empty before Join where
// another process gives it.
func (f *Folder) Town() string { return f.town.ID }

// Fresh reports whether all databases of this process are new.
func (f *Folder) Fresh() bool { return f.fresh }

// URLs returns the public URLs of houses, by name, when a database of this process was
// last in use.
func (f *Folder) URLs(database string) map[string]string { return f.kept[database].URLs }

// reconcile looks at the databases of this process before they are opened.
func (f *Folder) reconcile() (err error) {
	var all []dbopen.Found
	for _, name := range f.cfg.Own {
		all = append(all, dbopen.Look(name, f.nameOf(name), f.Database(name)))
	}
	f.town, err = dbopen.Agree(all)
	if err == nil && f.town.ID != "" && !sameWorld(f.town.World, f.cfg.World) {
		err = errors.New("the town was planted with another world than --seed and --init say")
	}
	if err != nil {
		return fmt.Errorf("ecosystem: %w: %s", err, f.advice())
	}
	if f.town.ID == "" && f.cfg.Founds {
		f.town.ID = rand.Text()
	}
	if f.town.World == "" || f.town.World == NoWorld {
		f.town.World = f.cfg.World
	}
	f.kept = map[string]dbopen.Town{}
	for _, found := range all {
		f.kept[found.House] = found.Town
		if found.Condition == dbopen.Unsaid {
			f.cfg.Log.Info("a database of an earlier version joins the town", "house", found.House)
		}
	}
	f.fresh = !slices.ContainsFunc(all, func(found dbopen.Found) bool { return found.Condition > dbopen.Empty })
	if !f.fresh || !f.cfg.Whole {
		return nil
	}
	return os.WriteFile(f.Path(PlantingMark), nil, 0o600)
}

// advice says what to do about databases that do not go together.
func (f *Folder) advice() string {
	if f.cfg.Dir == "" {
		return "give these houses databases of one town, or empty ones"
	}
	return fmt.Sprintf("put a whole copy of the data folder %s back, or start with an empty one (--data)", f.dir)
}

// sameWorld reports whether a town of one world can be started with another. An
// empty town may still be planted, and a planted one started without its people.
func sameWorld(planted, configured string) bool {
	return planted == configured || planted == NoWorld || configured == NoWorld
}

// Join takes the town that the founding process at an address says. A database of
// another one is refused.
func (f *Folder) Join(id, at string) error {
	for _, name := range slices.Sorted(maps.Keys(f.kept)) {
		if t := f.kept[name]; t.ID != "" && t.ID != id {
			return fmt.Errorf("ecosystem: %s is of another town than the authority at %s: %s", f.nameOf(name), at, f.advice())
		}
	}
	if f.fresh && len(f.kept) > 0 {
		f.cfg.Log.Info("new databases join the town", "houses", strings.Join(slices.Sorted(maps.Keys(f.kept)), " "))
	}
	f.town.ID = id
	return nil
}

// Enter writes the town as it is now, with the public URLs of its houses, into each
// database that says otherwise, and takes away the mark of a new one: from here on the
// folder is whole.
func (f *Folder) Enter(urls map[string]string) error {
	t := f.town
	for name := range f.kept {
		if !slices.Contains(t.Houses, name) {
			t.Houses = append(t.Houses, name)
		}
	}
	slices.Sort(t.Houses)
	t.URLs = urls
	for _, name := range slices.Sorted(maps.Keys(f.kept)) {
		said := f.kept[name]
		if reflect.DeepEqual(said, t) {
			continue
		}
		if err := dbopen.Enter(f.Database(name), t); err != nil {
			return fmt.Errorf("ecosystem: write the town into %s: %w", f.nameOf(name), err)
		}
	}
	if !f.fresh || !f.cfg.Whole {
		return nil
	}
	return os.Remove(f.Path(PlantingMark))
}

// nameOf is what people call a database.
func (f *Folder) nameOf(database string) string {
	if f.cfg.Elsewhere[database] != "" {
		return "the database of " + database
	}
	return database + ".db"
}
