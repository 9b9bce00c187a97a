package ecosystem

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"example.jp/jpkimock/internal/webtest"
)

// TestWhatSomebodyAddsIsInTheTown: a program of one's own has a key, a name in the card's window
// and a service at the platform, and nobody else reads its key.
func TestWhatSomebodyAddsIsInTheTown(t *testing.T) {
	t.Parallel()
	alone(t)
	dir, own := t.TempDir(), filepath.Join(t.TempDir(), "own.yaml")
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "integrate.md"))
	webtest.Must(t, err)
	_, after, _ := strings.Cut(string(page), "```yaml\n")
	example, _, _ := strings.Cut(after, "```")
	webtest.Must(t, os.WriteFile(own, []byte(example), 0o600))
	e := town(t, Config{DataDir: dir, Init: own, SweepEvery: -1})
	r := e.Ready()
	v := r.Verifiers["own-shop"]
	if v.Key != "my-own-key-not-secret" || len(v.OCSP) != 2 {
		t.Fatalf("the ready file has %+v", v)
	}
	script := webtest.NewBrowser(t, "")
	for _, address := range v.CRL {
		script.Calls(http.MethodGet, address, nil, nil).Says(200)
	}
	if shown := get(t, e.URL("lobby")+"/world.json", 200); strings.Contains(shown, "my-own-key-not-secret") {
		t.Error("the lobby shows the key to everybody")
	}
	var register struct{ Providers []struct{ ClientID string } }
	script.Calls(http.MethodGet, e.URL("platform")+"/register/v1/providers", nil, &register, webtest.Bearer(e.key(platformStaffKey))...).Says(200)
	if !slices.ContainsFunc(register.Providers, func(p struct{ ClientID string }) bool { return p.ClientID == "ownService" }) {
		t.Errorf("the platform knows %+v", register)
	}
	script.Calls(http.MethodPost, e.URL("card")+"/v1/authenticate", map[string]any{
		"card": "card-noriko", "pin": "1234", "origin": "http://localhost:9000", "nonce": strings.Repeat("A", 44), "confirm": true,
	}, nil).Says(200)
	webtest.Must(t, e.Close())
	refuses(t, Config{DataDir: dir}, "another world", "--init")
	webtest.Must(t, town(t, Config{DataDir: dir, Init: own, SweepEvery: -1}).Close())
}
