package web_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"testing"

	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/portal"
	"example.jp/jpkimock/portal/db"
	"example.jp/jpkimock/portal/partner"
	"example.jp/jpkimock/portal/postbox"
	"example.jp/jpkimock/portal/web"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/rptest"
)

// shop is a partner that asks back.
type shop struct{}

func (shop) Connect(context.Context, partner.Connection) error         { return nil }
func (shop) Disconnect(context.Context, string) error                  { return nil }
func (shop) SameAddress(context.Context, string, string) (bool, error) { return false, nil }
func (shop) Keys(context.Context) (json.RawMessage, error) {
	return json.RawMessage(`{"keys":[]}`), nil
}
func (shop) Receipt(_ context.Context, id string) (partner.Receipt, error)   { return asks(id) }
func (shop) Answer(_ context.Context, id, _ string) (partner.Receipt, error) { return asks(id) }
func (shop) Deliver(_ context.Context, a partner.Application) (partner.Receipt, error) {
	return asks(a.ID)
}

func asks(id string) (partner.Receipt, error) {
	return partner.Receipt{ID: id, State: partner.AskedBack, Question: "いつですか。"}, nil
}

// street is a portal at its URL, in a world with an authority and cards.
type street struct {
	*rptest.World
	t   *testing.T
	url string
}

func newStreet(t *testing.T) *street {
	t.Helper()
	s := &street{World: rptest.New(t), t: t}
	store, err := db.Open(filepath.Join(t.TempDir(), "portal.db"))
	webtest.Must(t, err)
	vault, err := postbox.NewVault(make([]byte, postbox.KeySize))
	webtest.Must(t, err)
	s.url = webtest.Serve(t, func(at string) http.Handler {
		cfg := s.Config(at)
		cfg.WantPaired = true
		verifier, err := rp.NewVerifier(cfg)
		webtest.Must(t, err)
		links, err := rp.NewLinkage(rp.LinkageConfig{AuthorityURL: cfg.AuthorityURL, Key: cfg.Key})
		webtest.Must(t, err)
		p, err := portal.New(t.Context(), portal.Config{
			Verifier: verifier, Linkage: links, Store: store, Vault: vault, Now: s.Clock.Now, URL: at,
			Partners: []portal.Partner{{ID: "gas", Name: "みほんガス", NameEN: "Mihon Gas", Line: shop{}}},
		})
		webtest.Must(t, err)
		t.Cleanup(func() {
			webtest.Must(t, p.Close())
			webtest.Must(t, store.Close())
		})
		h, err := web.New(web.Config{Portal: p, PublicURL: at, StaffKey: "staff-key-of-a-test", Now: s.Clock.Now})
		webtest.Must(t, err)
		return h
	})
	return s
}

// comes gives the browser of somebody who has signed in by a program.
func (s *street) comes(person string) *webtest.Browser {
	s.t.Helper()
	b := webtest.NewBrowser(s.t, s.url)
	var challenge struct{ Nonce, Origin string }
	b.Calls(http.MethodPost, "/signin/challenge", map[string]any{}, &challenge)
	token := json.RawMessage(s.Card(person).Authenticate(challenge.Origin, challenge.Nonce))
	b.Calls(http.MethodPost, "/signin", map[string]any{"token": token}, nil).Says(http.StatusOK)
	return b
}

// signs drafts a document and sends its signature.
func (s *street) signs(b *webtest.Browser, person, draft, to string, in map[string]any) webtest.Page {
	s.t.Helper()
	var out struct {
		Document struct{ Content []byte }
	}
	b.Calls(http.MethodPost, draft, in, &out).Says(http.StatusOK)
	return b.Calls(http.MethodPost, to, map[string]any{"cms": s.Card(person).Sign(out.Document.Content)}, nil)
}

// enrols enrols somebody, connected with the partner.
func (s *street) enrols(person string) *webtest.Browser {
	s.t.Helper()
	b := s.comes(person)
	s.signs(b, person, "/enrol/draft", "/enrol", map[string]any{"mail": person + "@example.jp"}).Says(http.StatusCreated)
	b.Calls(http.MethodPost, "/partners/gas", map[string]any{"customer": "1"}, nil).Refuses(http.StatusUnprocessableEntity, "consent")
	b.Calls(http.MethodPost, "/partners/gas", map[string]any{"customer": "1", "consent": true}, nil).Says(http.StatusCreated)
	return b
}

// Every page of a citizen is tried by another one and by nobody.
func TestPagesAreTheirCitizens(t *testing.T) {
	s := newStreet(t)
	taro, nobody := s.enrols("taro"), webtest.NewBrowser(t, s.url)
	s.enrols("hanako")
	s.Move("hanako", "青葉県みほん市三番町３番３号")
	hanako := s.comes("hanako")
	hanako.Visits("/me").Says(http.StatusOK, "変更手続のご案内")
	hanako.Visits("/partners").Says(http.StatusOK, "登録の住所と違います") // and not what the partner has
	letter := regexp.MustCompile(`/box/\d+`).FindString(hanako.Visits("/box").Body)
	made := s.signs(hanako, "hanako", "/apply/draft", "/apply", map[string]any{"changedOn": "2026-03-30", "partners": []string{"gas"}})
	made.Says(http.StatusCreated)
	application := made.Header.Get("Location")
	if letter == "" || application == "" {
		t.Fatalf("letter %q, application %q", letter, application)
	}
	for _, path := range []string{letter, letter + "/sealed.jws", letter + "/keys.json", application} {
		hanako.Visits(path).Says(http.StatusOK)
		taro.Calls(http.MethodGet, path, nil, nil, "Accept", "application/json").Refuses(http.StatusNotFound, "")
		nobody.Calls(http.MethodGet, path, nil, nil, "Accept", "application/json").Refuses(http.StatusUnauthorized, "signed_out")
	}
	for path, in := range map[string]any{
		application + "/reply": map[string]any{"partner": "gas", "answer": "x"}, "/partners/gas/withdraw": map[string]any{},
		"/apply/draft": map[string]any{"changedOn": "2026-03-30", "partners": []string{"gas"}}, "/apply": map[string]any{"cms": []byte("x")},
		"/enrol/draft": map[string]any{"mail": "a@example.jp"}, "/partners/gas": map[string]any{"customer": "1", "consent": true},
	} {
		if page := nobody.Calls(http.MethodPost, path, in, nil); page.Status/100 != 4 {
			t.Errorf("nobody may %s: %d", path, page.Status)
		}
	}
	taro.Calls(http.MethodPost, application+"/reply", map[string]any{"partner": "gas", "answer": "x"}, nil).Refuses(http.StatusNotFound, "no_application")
	for _, path := range []string{"/me", "/partners", "/apply", "/apply/draft", "/box"} {
		if page := nobody.Visits(path); page.Path() != "/signin?next="+url.QueryEscape(path) {
			t.Errorf("%s leads nobody to %s", path, page.Path())
		}
	}
	for _, path := range []string{"/staff", "/staff/mails"} {
		hanako.Calls(http.MethodGet, path, nil, nil, "Accept", "application/json").Refuses(http.StatusUnauthorized, "staff_signed_out")
	}
	hanako.Calls(http.MethodPost, "/staff/watch", map[string]any{}, nil).Refuses(http.StatusUnauthorized, "staff_signed_out")
}

// What cannot be applied for is refused with a code of its own.
func TestWhatCannotBeAppliedFor(t *testing.T) {
	s := newStreet(t)
	taro := s.enrols("taro")
	for want, c := range map[string]struct {
		status int
		in     map[string]any
	}{
		"day":           {http.StatusUnprocessableEntity, map[string]any{"changedOn": "2030-01-01", "partners": []string{"gas"}}},
		"none_chosen":   {http.StatusUnprocessableEntity, map[string]any{"changedOn": "2026-03-30"}},
		"not_connected": {http.StatusConflict, map[string]any{"changedOn": "2026-03-30", "partners": []string{"suido"}}},
	} {
		taro.Calls(http.MethodPost, "/apply/draft", c.in, nil).Refuses(c.status, want)
	}
	s.signs(taro, "taro", "/apply/draft", "/apply", map[string]any{"changedOn": "2026-03-30", "partners": []string{"gas"}}).
		Refuses(http.StatusConflict, "nothing_changed")
	taro.Calls(http.MethodPost, "/partners/none", map[string]any{"customer": "1", "consent": true}, nil).Refuses(http.StatusNotFound, "no_partner")
}
