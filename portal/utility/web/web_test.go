package web_test

import (
	"net/http"
	"path/filepath"
	"testing"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/portal/partner"
	"example.jp/jpkimock/portal/utility"
	"example.jp/jpkimock/portal/utility/db"
	"example.jp/jpkimock/portal/utility/web"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/rptest"
)

// street is the businesses at their URL, each with keys of its own.
type street struct {
	*rptest.World
	t   *testing.T
	url string
}

func newStreet(t *testing.T) *street {
	t.Helper()
	s := &street{World: rptest.New(t), t: t}
	s.url = webtest.Serve(t, func(at string) http.Handler {
		cfg := s.Config(at)
		links, err := rp.NewLinkage(rp.LinkageConfig{AuthorityURL: cfg.AuthorityURL, Key: cfg.Key})
		webtest.Must(t, err)
		house := web.Config{PublicURL: at, Now: s.Clock.Now}
		for _, trade := range utility.Trades() {
			store, err := db.Open(filepath.Join(t.TempDir(), trade.ID+".db"))
			webtest.Must(t, err)
			t.Cleanup(func() { webtest.Must(t, store.Close()) })
			office, err := utility.Open(t.Context(), trade, store, s.Clock.Now)
			webtest.Must(t, err)
			house.Businesses = append(house.Businesses, web.Business{
				Office: office, Verifier: s.Verifier(at), Links: links, Key: portalKey, StaffKey: "staff-key-of-" + trade.ID,
			})
		}
		h, err := web.New(house)
		webtest.Must(t, err)
		return h
	})
	return s
}

const portalKey = "portal-key-of-a-test"

// works gives the browser of somebody of a business's staff.
func (s *street) works(trade string) *webtest.Browser {
	s.t.Helper()
	b := webtest.NewBrowser(s.t, s.url)
	b.Fills("/"+trade+"/desk/signin", "key", "staff-key-of-"+trade).Says(http.StatusOK, "お客さま")
	return b
}

// enters enters 花子 as a customer of a business and connects her.
func (s *street) enters(trade string) partner.Client {
	s.t.Helper()
	four, err := jpki.BasicFourOf(s.Card("hanako").Certificate(jpki.DigitalSignature))
	webtest.Must(s.t, err)
	customer := map[string]any{"no": "100", "name": four.CommonName, "address": four.Address, "dateOfBirth": four.DateOfBirth}
	program := webtest.NewBrowser(s.t, s.url)
	program.Calls(http.MethodPost, "/"+trade+"/v1/customers", customer, nil, "Authorization", "Bearer staff-key-of-"+trade).Says(http.StatusCreated)
	c := partner.NewClient(s.url+"/"+trade+"/partner", portalKey)
	webtest.Must(s.t, c.Connect(s.t.Context(), partner.Connection{
		Customer: "100", Name: four.CommonName, DateOfBirth: four.DateOfBirth, Certificate: s.Card("hanako").Serial(jpki.DigitalSignature), Box: "box",
	}))
	return c
}

// delivers delivers 花子's application to a business.
func (s *street) delivers(c partner.Client, trade string) {
	s.t.Helper()
	sheet, digest, err := partner.Sheet{Application: "PT-1", Partner: trade, Customer: "100", ChangedOn: "2026-03-30"}.Write()
	webtest.Must(s.t, err)
	text := "申請書\n" + digest + "\n"
	_, err = c.Deliver(s.t.Context(), partner.Application{ID: "PT-1", Sheet: sheet, Document: text, Signature: s.Card("hanako").Sign([]byte(text))})
	webtest.Must(s.t, err)
}

// A clerk asks back, is answered, and rejects with a reason; what is decided stays.
func TestAClerkDecides(t *testing.T) {
	s := newStreet(t)
	c := s.enters("songai")
	s.delivers(c, "songai")
	clerk := s.works("songai")
	at := "/songai/desk/applications/PT-1"
	clerk.Visits(at).Says(http.StatusOK, "PT-1")
	clerk.Calls(http.MethodPost, at+"/reject", map[string]string{"why": ""}, nil).Refuses(http.StatusUnprocessableEntity, "")
	clerk.Fills(at+"/ask", "why", "証券番号をお知らせください。").Says(http.StatusOK, "証券番号")
	if r, err := c.Receipt(t.Context(), "PT-1"); err != nil || r.State != partner.AskedBack || r.Question == "" {
		t.Errorf("%+v %v", r, err)
	}
	_, err := c.Answer(t.Context(), "PT-1", "A-1")
	webtest.Must(t, err)
	clerk.Fills(at+"/reject", "why", "ご契約が満期を過ぎています。").Says(http.StatusOK, "満期を過ぎています")
	clerk.Calls(http.MethodPost, at+"/finish", map[string]string{}, nil).Refuses(http.StatusConflict, "")
	clerk.Calls(http.MethodPost, at+"/burn", map[string]string{}, nil).Refuses(http.StatusNotFound, "")
	if r, err := c.Receipt(t.Context(), "PT-1"); err != nil || r.State != partner.Rejected || r.Reason == "" || r.Notice == "" {
		t.Errorf("%+v %v", r, err)
	}
}

// No business's staff and no key opens another's desk, programs or interface.
func TestEachDeskIsItsBusinesss(t *testing.T) {
	s := newStreet(t)
	s.delivers(s.enters("songai"), "songai")
	gas, nobody := s.works("gas"), webtest.NewBrowser(t, s.url)
	for name, b := range map[string]*webtest.Browser{"the gas company": gas, "nobody": nobody} {
		for _, path := range []string{"/songai/desk", "/songai/desk/applications/PT-1"} {
			if page := b.Calls(http.MethodGet, path, nil, nil, "Accept", "application/json"); page.Status != http.StatusUnauthorized {
				t.Errorf("%s sees %s: %d", name, path, page.Status)
			}
		}
		b.Calls(http.MethodPost, "/songai/desk/applications/PT-1/finish", map[string]string{}, nil).Refuses(http.StatusUnauthorized, "")
	}
	gas.Calls(http.MethodGet, "/gas/desk/applications/PT-1", nil, nil, "Accept", "application/json").Refuses(http.StatusNotFound, "")
	for path, key := range map[string]string{"/songai/v1/customers": "staff-key-of-gas", "/songai/partner/v1/keys": "staff-key-of-songai"} {
		if page := nobody.Calls(http.MethodGet, path, nil, nil, "Authorization", "Bearer "+key); page.Status/100 != 4 {
			t.Errorf("%s opens %s: %d", key, path, page.Status)
		}
	}
	nobody.Calls(http.MethodGet, "/songai/partner/v1/keys", nil, nil, "Authorization", "Bearer "+portalKey).Says(http.StatusOK, `"P-256"`)
	nobody.Calls(http.MethodGet, "/songai/partner/v1/keys", nil, nil, "Authorization", "Bearer "+portalKey, "Origin", s.url).Refuses(http.StatusForbidden, "browser_refused")
}
