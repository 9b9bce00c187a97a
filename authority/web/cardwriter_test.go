package web_test

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/authority/web"
)

// cardHouse answers one request with a status and a body, and remembers it.
type cardHouse struct {
	status int
	body   string
	method string
	path   string
	key    string
	sent   string
}

func (h *cardHouse) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b, _ := io.ReadAll(r.Body)
	h.method, h.path, h.key, h.sent = r.Method, r.URL.Path, r.Header.Get("Authorization"), string(b)
	w.WriteHeader(h.status)
	_, _ = io.WriteString(w, h.body)
}

func writer(t *testing.T, status int, body string) (*cardHouse, authority.CardWriter) {
	h := &cardHouse{status: status, body: body}
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return h, web.NewCardWriter(server.URL+"/", "test-writer-key-not-secret", nil)
}

func spki(t *testing.T) []byte {
	t.Helper()
	cards, err := authoritytest.NewCards("../testdata")
	if err != nil {
		t.Fatal(err)
	}
	blank, err := cards.Blank(context.Background(), "x")
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(blank.PublicKeys[sign])
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func TestCardWriterSpeaksAsAgreed(t *testing.T) {
	ctx := context.Background()
	key := jsonOf(t, spki(t))
	h, w := writer(t, 201, `{"card":"hanako","publicKeys":{"digital-signature":`+key+`,"user-authentication":`+key+`}}`)
	blank, err := w.Blank(ctx, "hanako")
	if err != nil || blank.ID != "hanako" || blank.PublicKeys[sign].N.BitLen() != 2048 || blank.PublicKeys[auth] == nil {
		t.Errorf("%+v, %v", blank, err)
	}
	if h.method != "POST" || h.path != "/writer/v1/cards" || h.key != "Bearer test-writer-key-not-secret" || h.sent != `{"card":"hanako"}` {
		t.Errorf("%+v", h)
	}
	h, w = writer(t, 200, `{"publicKey":`+key+`}`)
	if pub, err := w.NewKey(ctx, "hanako", sign); err != nil || pub.E != 65537 || h.path != "/writer/v1/cards/hanako/keys" || h.sent != `{"kind":"digital-signature"}` {
		t.Errorf("%v, %+v", err, h)
	}
	h, w = writer(t, 204, "")
	err = w.Write(ctx, "hanako", authority.Personalization{
		Face: authority.CardFace{Name: "見本　花子"}, PINs: authoritytest.PINs(), Certificates: map[jpki.Kind][]byte{sign: {1}}, CACertificates: map[jpki.Kind][]byte{sign: {2}},
	})
	var sent struct {
		Face           authority.CardFace
		PINs           map[string]string
		Certificates   map[string][]byte
		CACertificates map[string][]byte
	}
	if jerr := json.Unmarshal([]byte(h.sent), &sent); err != nil || jerr != nil || h.method != "PUT" || h.path != "/writer/v1/cards/hanako" ||
		sent.Face.Name != "見本　花子" || sent.PINs["digital-signature"] != "ABC123" || sent.Certificates["digital-signature"][0] != 1 || sent.CACertificates["digital-signature"][0] != 2 {
		t.Errorf("%v, %v, %+v", err, jerr, h)
	}
	if err := w.Unblock(ctx, "hanako", auth, "4321"); err != nil || h.path != "/writer/v1/cards/hanako/unblock" || h.sent != `{"kind":"user-authentication","pin":"4321"}` {
		t.Errorf("%v, %+v", err, h)
	}
	if err := w.Kill(ctx, "hanako"); err != nil || h.path != "/writer/v1/cards/hanako/kill" {
		t.Errorf("%v, %+v", err, h)
	}
}

func TestCardWriterFailures(t *testing.T) {
	ctx := context.Background()
	for name, c := range map[string]struct {
		status int
		body   string
		want   error
	}{
		"card exists":       {409, `{"code":"card_exists","detail":"x"}`, register.ErrCardExists},
		"no card":           {404, `{"code":"no_card"}`, register.ErrNoCard},
		"another":           {409, `{"code":"dead_card","detail":"the chip is dead"}`, nil},
		"not JSON":          {502, `<html>`, nil},
		"no key in it":      {201, `{"card":"x","publicKeys":{"digital-signature":"AAAA"}}`, nil},
		"an unknown kind":   {201, `{"card":"x","publicKeys":{"seal":"AAAA"}}`, nil},
		"success, not JSON": {201, `ok`, nil},
	} {
		_, w := writer(t, c.status, c.body)
		_, err := w.Blank(ctx, "x")
		if err == nil || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, w := writer(t, 400, `{"code":"bad_pin_format","detail":"want 4 digits"}`)
	if err := w.Unblock(ctx, "x", auth, "98765"); err == nil || strings.Contains(err.Error(), "98765") || !strings.Contains(err.Error(), "bad_pin_format") {
		t.Errorf("%v", err)
	}
	nobody := web.NewCardWriter("http://127.0.0.1:1", "k", nil)
	if _, err := nobody.Blank(ctx, "x"); err == nil {
		t.Error("nobody answered, and no error")
	}
}

func TestAFailingCardHouseIsA502(t *testing.T) {
	tn := open(t)
	tn.want(tn.officer("POST", "/residents", jsonOf(t, authoritytest.Hanako())), 201, "")
	tn.Cards.WriteError = errors.New("the printer jams")
	tn.want(tn.officer("POST", "/residents/hanako/cards", cardBody), 502, "card_house")
	tn.want(tn.officer("POST", "/residents/hanako/cards", cardBody), 201, "")
}
