package web_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/coreos/go-oidc/v3/oidc"

	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/rp/platform"
)

// keysOf is what a script is told of the keys.
type keysOf struct {
	Keys []string         `json:"keys"`
	Next platform.KeyStep `json:"next"`
}

// A library that fetches keys when it meets one that it does not know verifies each sign-in of a
// rotation by scripts and by the register's page.
func TestARotationOfKeys(t *testing.T) {
	w := newTown(t)
	staff := w.browser()
	var first, now keysOf
	staff.Calls(http.MethodGet, "/register/v1/keys", nil, &first, webtest.Bearer(staffKey)...).Says(200)
	if len(first.Keys) != 2 || first.Next != platform.AnnounceKeys {
		t.Fatalf("%+v", first)
	}
	step := func(name string) map[string]string {
		return map[string]string{"step": name, "staff": "kiban-1", "why": "鍵の定期更新"}
	}
	staff.Calls(http.MethodPost, "/register/v1/keys", step("use"), nil, webtest.Bearer(staffKey)...).Says(409, "key_step")
	staff.Calls(http.MethodPost, "/register/v1/keys", step("none"), nil, webtest.Bearer(staffKey)...).Says(422, "step")
	w.browser().Calls(http.MethodPost, "/register/v1/keys", step("announce"), nil).Says(401)
	w.health.signsIn("hanako")
	staff.Calls(http.MethodPost, "/register/v1/keys", step("announce"), &now, webtest.Bearer(staffKey)...).Says(200)
	if len(now.Keys) != 4 || !slices.Equal(now.Keys[:2], first.Keys) || now.Next != platform.UseKeys {
		t.Errorf("announced %+v", now)
	}
	w.health.signsIn("hanako")
	clerk := w.browser()
	clerk.Fills("/register/signin", "key", staffKey, "staff", "kiban-2")
	page := clerk.Visits("/register").Says(200, "新しい鍵での署名に切り替える", "新しい署名鍵の公開", "鍵の定期更新")
	if strings.Count(page.Body, `<code class="uri" translate="no">`) < 4 {
		t.Error("the page does not list the keys")
	}
	clerk.Fills("/register/keys", "step", "use", "why", "切替え").Says(200, "古い鍵の公開を終える")
	w.health.signsIn("hanako")
	staff.Calls(http.MethodPost, "/register/v1/keys", step("retire"), &now, webtest.Bearer(staffKey)...).Says(200)
	if len(now.Keys) != 2 || slices.Contains(now.Keys, first.Keys[0]) {
		t.Errorf("retired %+v", now)
	}
	w.health.signsIn("taro")
	fresh, err := oidc.NewProvider(t.Context(), w.url+"/api/realms/main")
	webtest.Must(t, err)
	w.health.verifier = fresh.Verifier(&oidc.Config{ClientID: w.health.id, Now: w.Clock.Now})
	w.health.signsIn("taro")
	w.browser().Fills("/register/keys", "step", "announce", "why", "x").Says(401)
	if n := len(w.platform.Keys().Keys); n != 2 {
		t.Errorf("somebody who did not sign in has rotated: %d keys", n)
	}
}
