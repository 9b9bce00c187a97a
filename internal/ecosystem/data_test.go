package ecosystem

import (
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.jp/jpkimock/internal/dbopen"
	"example.jp/jpkimock/internal/ecosystem/folder"
	"example.jp/jpkimock/internal/webtest"
)

// copyTown copies a closed data folder.
func copyTown(t *testing.T, from string) string {
	t.Helper()
	to := t.TempDir()
	webtest.Must(t, os.CopyFS(to, os.DirFS(from)))
	return to
}

// keptTown plants a town and closes it again.
func keptTown(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	webtest.Must(t, town(t, Config{DataDir: dir, SweepEvery: -1}).Close())
	return dir
}

// TestADatabaseThatDoesNotFitIsRefused: of every house, with a sentence that names
// the database and the folder and says what to do. Nothing is changed.
func TestADatabaseThatDoesNotFitIsRefused(t *testing.T) {
	t.Parallel()
	alone(t)
	planted, another := keptTown(t), keptTown(t)
	for _, database := range databases() {
		name := database + ".db"
		for what, spoil := range map[string]func(path string) error{
			"is missing":         os.Remove,
			"is empty":           func(path string) error { return os.Truncate(path, 0) },
			"cannot be read":     halve,
			"not a database":     func(path string) error { return os.WriteFile(path, []byte(strings.Repeat("no database", 999)), 0o600) },
			"of different towns": func(path string) error { return os.Rename(filepath.Join(another, name), path) },
			"is not a file":      func(path string) error { return errors.Join(os.Remove(path), os.Mkdir(path, 0o700)) },
			"without what it belongs to": func(path string) error {
				return errors.Join(os.Remove(path), os.WriteFile(path+"-wal", []byte("a log"), 0o600))
			},
		} {
			t.Run(database+" "+what, func(t *testing.T) {
				t.Parallel()
				dir := copyTown(t, planted)
				webtest.Must(t, spoil(filepath.Join(dir, name)))
				before := sizes(t, dir)
				for range 2 { // a refusal mends nothing by itself
					refuses(t, Config{DataDir: dir, SweepEvery: -1}, what, name, dir, "--data")
				}
				if after := sizes(t, dir); after != before {
					t.Errorf("the refusal changed the folder from %s to %s", before, after)
				}
			})
		}
	}
}

// halve cuts a file in half.
func halve(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	return os.Truncate(path, info.Size()/2)
}

// sizes lists the databases of a folder.
func sizes(t *testing.T, dir string) string {
	t.Helper()
	var all strings.Builder
	webtest.Must(t, fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".db") {
			all.WriteString(" " + path)
		}
		return err
	}))
	return all.String()
}

// refuses fails unless a start is refused with all of the words.
func refuses(t *testing.T, cfg Config, words ...string) {
	t.Helper()
	e, err := Start(t.Context(), cfg)
	if err == nil {
		_ = e.Close()
		t.Fatal("it started")
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("%v does not say %q", err, word)
		}
	}
}

// TestATownThatMovedIsMended: with other ports a viewer still gets from the set to
// the platform and back, and the platform's register says who changed the address.
func TestATownThatMovedIsMended(t *testing.T) {
	t.Parallel()
	alone(t)
	dir := keptTown(t)
	for range 2 {
		e := town(t, Config{DataDir: dir, SweepEvery: -1}) // on other ports each time
		var register struct {
			Providers []struct {
				ClientID     string   `json:"clientId"`
				RedirectURIs []string `json:"redirectUris"`
			} `json:"providers"`
		}
		staff := webtest.NewBrowser(t, e.URL("platform"))
		staff.Calls(http.MethodGet, "/register/v1/providers", nil, &register, webtest.Bearer(e.key(platformStaffKey))...).Says(200)
		if len(register.Providers) != 2 {
			t.Fatalf("the register has %+v", register)
		}
		for _, p := range register.Providers {
			for _, address := range p.RedirectURIs {
				if !strings.HasPrefix(address, e.URL("catv")+"/") {
					t.Errorf("%s answers to %s, and the operator is at %s", p.ClientID, address, e.URL("catv"))
				}
			}
			log := staff.Calls(http.MethodGet, "/register/v1/providers/"+p.ClientID+"/log", nil, nil, webtest.Bearer(e.key(platformStaffKey))...).Says(200)
			if !strings.Contains(log.Body, "アドレスの変更") {
				t.Errorf("the log does not say so: %s", log.Body)
			}
		}
		webtest.Must(t, e.Close())
	}
}

// TestAnotherWorldIsRefused: the people in the lobby would not be those of the town.
func TestAnotherWorldIsRefused(t *testing.T) {
	t.Parallel()
	alone(t)
	dir, path := keptTown(t), filepath.Join(t.TempDir(), "world.yaml")
	world, err := os.ReadFile(filepath.Join("..", "..", "seed", "world.yaml"))
	webtest.Must(t, err)
	webtest.Must(t, os.WriteFile(path, world, 0o600))
	refuses(t, Config{DataDir: dir, Seed: path}, "another world", "--seed")
	webtest.Must(t, town(t, Config{DataDir: dir, Seed: folder.NoWorld, SweepEvery: -1}).Close())
	town(t, Config{DataDir: dir, SweepEvery: -1})
}

// TestAFolderOfAnEarlierVersionIsTakenOver: its databases say nothing of a town.
func TestAFolderOfAnEarlierVersionIsTakenOver(t *testing.T) {
	t.Parallel()
	alone(t)
	dir := keptTown(t)
	for _, name := range databases() {
		forget(t, filepath.Join(dir, name+".db"))
	}
	webtest.Must(t, town(t, Config{DataDir: dir, SweepEvery: -1}).Close())
	forget(t, filepath.Join(dir, "bank.db")) // from now on they do
	refuses(t, Config{DataDir: dir}, "bank.db does not say")
}

// TestAHouseOfAnotherTownIsRefused by itself too, where it can ask the authority
// alone.
func TestAHouseOfAnotherTownIsRefused(t *testing.T) {
	t.Parallel()
	alone(t)
	dir := keptTown(t)
	other := town(t, Config{SweepEvery: -1, Seed: folder.NoWorld})
	refuses(t, Config{DataDir: dir, Only: []string{"bank"}, Peer: map[string]string{"authority": other.Peer("authority")}},
		"bank.db is of another town", other.Peer("authority"))
}

// databases names those of all houses.
func databases() (all []string) {
	for _, h := range Houses() {
		all = append(all, h.databases()...)
	}
	return all
}

// forget takes from a database what it says of its town.
func forget(t *testing.T, path string) {
	t.Helper()
	db, err := dbopen.Open(path)
	webtest.Must(t, err)
	webtest.Must(t, errors.Join(db.Write.Exec("DROP TABLE town").Error, db.Close()))
}

// TestAHouseOverADamagedDatabaseIsNotHealthy, and the others are.
func TestAHouseOverADamagedDatabaseIsNotHealthy(t *testing.T) {
	t.Parallel()
	alone(t)
	dir := keptTown(t)
	for _, h := range Houses() {
		kept := h.databases()
		if len(kept) == 0 {
			continue
		}
		damaged := copyTown(t, dir)
		e, err := Start(t.Context(), Config{DataDir: damaged, SweepEvery: -1, KeysAhead: -1})
		webtest.Must(t, err)
		scribble(t, filepath.Join(damaged, kept[0]+".db"))
		for _, other := range Houses() {
			status := 200
			if other.Name == h.Name {
				status = 503
			}
			get(t, e.URL(other.Name)+"/healthz", status)
		}
		_ = e.Close() // it cannot be closed in order
	}
}

// scribble overwrites the second half of a file.
func scribble(t *testing.T, path string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	webtest.Must(t, err)
	info, err := f.Stat()
	webtest.Must(t, err)
	half := info.Size() / 2
	_, err = f.WriteAt([]byte(strings.Repeat("x", int(half))), half)
	webtest.Must(t, errors.Join(err, f.Close()))
}
