//go:build unix

package ecosystem

import (
	"bufio"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"example.jp/jpkimock/internal/stage"
	"example.jp/jpkimock/internal/stage/client"
	"example.jp/jpkimock/internal/webtest"
)

// TestATownOnPostgreSQL: the same town with databases on a server. It is kept between
// two starts, and held by one process, which is said without the password.
func TestATownOnPostgreSQL(t *testing.T) {
	t.Parallel()
	alone(t)
	server := startPostgres(t)
	cfg := Config{DataDir: t.TempDir(), Databases: map[string]string{}, KeysAhead: -1, Manage: "127.0.0.1:0"}
	for _, house := range []string{"authority", "card", "bank", "platform", "portal"} { // those that lock rows in ways of their own
		cfg.Databases[house] = server.address(house)
	}
	for _, address := range (Config{Houses: Houses(), Databases: cfg.Databases}).databases() {
		if u, err := url.Parse(address); err == nil && address != "" {
			server.runs(t, "createdb", strings.TrimPrefix(u.Path, "/"))
		}
	}
	var balance string
	for start := range 2 {
		e, err := Start(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		if start == 0 {
			second, err := Start(t.Context(), Config{Databases: cfg.Databases, Only: []string{"bank"}, Peer: map[string]string{"authority": e.Peer("authority")}})
			if err == nil {
				_ = second.Close()
				t.Fatal("two banks on one database")
			}
			if s := err.Error(); !strings.Contains(s, "in use") || !strings.Contains(s, "the database of bank") || strings.Contains(s, "secret") {
				t.Errorf("the second bank is refused with %q", s)
			}
		}
		if err := e.Save(t.Context(), "x"); !errors.Is(err, stage.ErrNoKeeper) {
			t.Errorf("a town with databases elsewhere is saved: %v", err)
		}
		seen := tarosAccount(t, e)
		if balance == "" {
			balance = seen
		}
		if seen != balance || !strings.Contains(seen, `"balance"`) {
			t.Errorf("start %d: Taro's account is %s, was %s", start, seen, balance)
		}
		if start == 1 {
			webtest.NewBrowser(t, e.Peer("card")).Calls(http.MethodPost, "/v1/cards/card-taro/apdus", map[string]any{"commands": []string{
				"00A4040C0AD3921000310001010408", "00200091", "00200094", "00A4040C0AD3921000310001010401", "0020009C",
			}}, nil).Says(http.StatusOK, "card-face text PIN (0011): 3 tries left", "number A (0014): 10 tries left", "resident register PIN (001C): 3 tries left")
			staged(t, client.New(e.Managed()))
		}
		webtest.Must(t, e.Close())
		server.runs(t, "psql", "-v", "ON_ERROR_STOP=1", "-d", "card", "-c", earlierCards)
	}
}

// staged is what the stage shows of a town, whatever its databases are.
func staged(t *testing.T, town *client.Town) {
	t.Helper()
	all, err := town.Whereabouts(t.Context(), "taro")
	webtest.Must(t, err)
	for _, h := range all.Houses {
		if h.Silent || len(h.Organisations) == 0 {
			t.Errorf("%s says nothing of what it holds", h.House)
		}
	}
	clock, err := town.MoveClock(t.Context(), stage.Move{Advance: &stage.Calendar{Years: 5}, Wait: true})
	webtest.Must(t, err)
	for _, want := range []string{"authority", "bank", "portal"} {
		if !slices.ContainsFunc(clock.Did, func(d stage.Deed) bool { return d.House == want && d.N > 0 }) {
			t.Errorf("%s does not say what it did: %+v", want, clock.Did)
		}
	}
}

// earlierCards makes of the card house's database one of the version whose cards had the JPKI
// application alone, as the next start finds it.
const earlierCards = `DELETE FROM card_slots WHERE kind NOT IN ('digital-signature', 'user-authentication');
ALTER TABLE cards DROP COLUMN number, DROP COLUMN municipality, DROP COLUMN variant, DROP COLUMN tampered, DROP COLUMN kana`

// tarosAccount signs Taro in at the bank and gives his account.
func tarosAccount(t *testing.T, e *Ecosystem) string {
	t.Helper()
	taro := webtest.NewBrowser(t, "")
	var challenge struct{ Nonce string }
	send(t, taro, e.Peer("bank")+"/signin/challenge", "", map[string]any{}, &challenge)
	var token json.RawMessage
	send(t, taro, e.Peer("card")+"/v1/authenticate", "", map[string]any{"card": "card-taro", "pin": "2345", "origin": e.URL("bank"), "nonce": challenge.Nonce}, &token)
	send(t, taro, e.Peer("bank")+"/signin", "", map[string]any{"token": token}, nil)
	var account json.RawMessage
	taro.Calls(http.MethodGet, e.Peer("bank")+"/account", nil, &account).Says(http.StatusOK)
	return string(account)
}

// postgres is a server of this test alone, reached by a socket in its folder.
type postgres struct {
	dir, programs string
	as            *syscall.SysProcAttr // the server does not run as root
}

func (p postgres) address(database string) string {
	return "postgres://mock:secret@/" + database + "?host=" + url.QueryEscape(p.dir)
}

func (p postgres) command(t *testing.T, program string, args ...string) *exec.Cmd {
	c := exec.CommandContext(t.Context(), filepath.Join(p.programs, program), args...)
	c.Dir, c.SysProcAttr = p.dir, p.as
	return c
}

func (p postgres) runs(t *testing.T, program string, args ...string) {
	t.Helper()
	if out, err := p.command(t, program, append([]string{"-h", p.dir, "-U", "mock"}, args...)...).CombinedOutput(); err != nil {
		t.Fatalf("%s %v: %v\n%s", program, args, err, out)
	}
}

// startPostgres starts a server, which ends with the test. Without the programs the
// test is skipped; in continuous integration it fails.
func startPostgres(t *testing.T) postgres {
	t.Helper()
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb") // where Debian keeps them
	if path, err := exec.LookPath("initdb"); err == nil {
		found = append(found, path)
	}
	if len(found) == 0 {
		if os.Getenv("CI") == "true" {
			t.Fatal("no PostgreSQL; see e2e/setup.sh programs")
		}
		t.Skip("no PostgreSQL; see e2e/setup.sh programs")
	}
	dir, err := os.MkdirTemp("/tmp", "pg") // where a server that is not root gets to; a socket has a short path
	webtest.Must(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	p := postgres{dir: dir, programs: filepath.Dir(found[0])}
	if os.Getuid() == 0 {
		nobody, err := user.Lookup("nobody")
		webtest.Must(t, err)
		uid, err := strconv.ParseUint(nobody.Uid, 10, 32)
		webtest.Must(t, err)
		gid, err := strconv.ParseUint(nobody.Gid, 10, 32)
		webtest.Must(t, err)
		webtest.Must(t, os.Chown(dir, int(uid), int(gid)))
		p.as = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	}
	data := filepath.Join(dir, "data")
	if out, err := p.command(t, "initdb", "-D", data, "-U", "mock", "-A", "trust", "-E", "UTF8", "--locale=C", "-N").CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	server := p.command(t, "postgres", "-D", data, "-k", dir, "-c", "listen_addresses=", "-c", "max_connections=300", "-F")
	said, err := server.StderrPipe()
	webtest.Must(t, err)
	webtest.Must(t, server.Start())
	t.Cleanup(func() {
		_ = server.Process.Signal(os.Interrupt)
		_ = server.Wait()
	})
	lines := bufio.NewScanner(said)
	for lines.Scan() {
		if strings.Contains(lines.Text(), "ready to accept connections") {
			go func() {
				for lines.Scan() { // or the server would wait for a reader
				}
			}()
			return p
		}
	}
	t.Fatal("PostgreSQL did not start")
	return p
}
