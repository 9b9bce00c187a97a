package ecosystem

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.jp/jpkimock/internal/citizen"
	"example.jp/jpkimock/internal/webtest"
)

// TestACitizenInOneLine signs in at every relying party that asks for a card, through the
// platform at the television too, and signs a file, by the commands alone.
func TestACitizenInOneLine(t *testing.T) {
	t.Parallel()
	e := town(t, Config{SweepEvery: -1})
	run := func(args ...string) (string, error) {
		var out bytes.Buffer
		err := citizen.Run(t.Context(), append([]string{args[0], "--town", e.URL("lobby")}, args[1:]...), &out)
		return out.String(), err
	}
	seen := func(said string) (s citizen.Seen) {
		t.Helper()
		if err := json.Unmarshal([]byte(said), &s); err != nil {
			t.Fatalf("%s: %v", said, err)
		}
		return s
	}
	for _, c := range []struct {
		want string // in the address or the heading of the last page
		args []string
	}{
		{"さまの口座", []string{"--card", "card-taro", e.URL("bank") + "/signin"}},
		{"さまのページ", []string{"--card", "card-taro", e.URL("portal") + "/signin"}},
		{"情報提供の確認", []string{"--card", "card-taro", e.URL("platform") + authorize(e)}},
		{"/health/callback?", []string{"--card", "card-taro", "--press", "agree", e.URL("platform") + authorize(e)}},
		{"わたしの処方箋", []string{"--card", "card-taro", e.URL("medical") + "/rx/mine"}},
	} {
		said, err := run(append([]string{"login"}, c.args...)...)
		if c.want == "/health/callback?" {
			// The television did not ask for this login, and says so: the platform sent us there.
			if s := seen(said); !strings.Contains(s.URL, c.want) || !strings.Contains(s.URL, "code=") {
				t.Errorf("%v: %+v", c.args, s)
			}
			continue
		}
		if s := seen(said); err != nil || s.Refused || !strings.Contains(s.Heading, c.want) {
			t.Errorf("%v: %+v: %v", c.args, s, err)
		}
	}
	if said, err := run("login", "--card", "card-akira", e.URL("bank")+"/signin"); !errors.Is(err, citizen.ErrRefused) || !seen(said).Refused {
		t.Errorf("a suspended card: %s: %v", said, err)
	}
	if said, err := run("login", "--card", "card-taro", "--pin", "9999", e.URL("bank")+"/signin"); err == nil || !strings.Contains(err.Error(), "wrong_pin") || said != "" {
		t.Errorf("a wrong PIN: %s: %v", said, err)
	}
	if _, err := run("login", e.URL("bank")+"/help"); !errors.Is(err, citizen.ErrNoCardAsked) {
		t.Errorf("a page that asks for no card: %v", err)
	}
	if _, err := run("login", "--press", "no-such", e.URL("platform")+authorize(e)); !errors.Is(err, citizen.ErrNoButton) {
		t.Errorf("a button that is not there: %v", err)
	}
	if _, err := run("login", "--card", "card-nobody", e.URL("bank")+"/signin"); !errors.Is(err, citizen.ErrNoSuchCard) {
		t.Errorf("nobody's card: %v", err)
	}
	// Who has agreed before is not asked again: where that led is printed nevertheless.
	said, err := run("login", "--card", "card-taro", "--press", "agree", e.URL("platform")+authorize(e))
	if s := seen(said); !errors.Is(err, citizen.ErrNoButton) || !strings.Contains(s.URL, "code=") {
		t.Errorf("a second agreement: %s: %v", said, err)
	}
	said, err = run("login", "--card", "card-misaki", "--press", "decline", e.URL("platform")+authorize(e))
	if s := seen(said); !errors.Is(err, citizen.ErrRefused) || !strings.Contains(err.Error(), s.Reason) || !strings.HasPrefix(s.Reason, "access_denied (the person did not sign in): ") {
		t.Errorf("no agreement: %s: %v", said, err)
	}

	file := filepath.Join(t.TempDir(), "application.txt")
	if _, err := run("sign", e.URL("bank")+"/accounts/new"); !errors.Is(err, citizen.ErrNotAFile) {
		t.Errorf("a page is signed: %v", err)
	}
	webtest.Must(t, os.WriteFile(file, []byte("口座開設申込書\n"), 0o600))
	for card, want := range map[string]error{"card-nobody": citizen.ErrNoSuchCard, "card-haruto": citizen.ErrCannotSign} {
		if said, err := run("sign", "--card", card, file); !errors.Is(err, want) || said != "" {
			t.Errorf("%s: %q, %v; want %v", card, said, err, want)
		}
	}
	cms, err := run("sign", "--card", "card-hanako", file)
	webtest.Must(t, err)
	kit, err := e.kit(t.Context(), "bank", bankKey)
	webtest.Must(t, err)
	signature, err := kit.verifier.VerifySignature(t.Context(), []byte("口座開設申込書\n"), []byte(cms))
	if err != nil || signature.BasicFour.CommonName != "青葉　花子" {
		t.Errorf("%+v: %v", signature, err)
	}
}
