package ecosystem

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/platform"
	"example.jp/jpkimock/rp/platform/db"
	"example.jp/jpkimock/rp/platform/web"
	"example.jp/jpkimock/seed"
)

func TestZZLook(t *testing.T) {
	file := os.Getenv("PLATFORM_LOOK")
	if file == "" {
		t.Skip()
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ctx := context.Background()
	e, err := Start(ctx, Config{Houses: []string{"authority", "card"}, DataDir: t.TempDir()})
	must(err)
	defer e.Close()
	store, err := db.Open(filepath.Join(t.TempDir(), "p.db"))
	must(err)
	srv := httptest.NewUnstartedServer(nil)
	at := strings.Replace("http://"+srv.Listener.Addr().String(), "127.0.0.1", "localhost", 1)
	anchors, err := rp.FetchAnchors(ctx, nil, e.Peer("authority"))
	must(err)
	v, err := rp.NewVerifier(rp.Config{Anchors: anchors, Origin: at, Key: seed.BankKey, AuthorityURL: e.Peer("authority"), Now: e.clock.Now})
	must(err)
	l, err := rp.NewLinkage(rp.LinkageConfig{AuthorityURL: e.Peer("authority"), Key: seed.BankKey})
	must(err)
	p, err := platform.New(ctx, platform.Config{Verifier: v, Linkage: l, Store: store, Now: e.clock.Now, PublicURL: at})
	must(err)
	h, err := web.New(web.Config{Platform: p, Now: e.clock.Now, AgentURL: e.URL("card"), PublicURL: at})
	must(err)
	srv.Config.Handler = h
	srv.Start()
	sp := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, "<p id=got>%s</p>", r.URL.Query().Encode())
	}))
	key, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	_, err = p.Register(ctx, platform.ServiceProvider{ID: "RP1", Name: "ヘルスケア", RedirectURIs: []string{sp.URL + "/cb"}, Faces: platform.Faces(),
		Keys: jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "1"}}}})
	must(err)
	ask := at + platform.IssuerPath + platform.AuthPath + "?client_id=RP1&response_type=code&scope=openid&state=s&nonce=n&code_challenge_method=S256&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&redirect_uri=" + sp.URL + "/cb"
	must(os.WriteFile(file, []byte(ask+"\n"+sp.URL), 0o600))
	for range time.NewTicker(100 * time.Millisecond).C {
		if _, err := os.Stat(file); err != nil {
			return
		}
	}
}
