package web_test

import (
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/portal/partner"
)

// A sender is registered by the operator, let in by the citizen, and writes by a program
// that has nothing but its key.
func TestASenderWritesOverHTTP(t *testing.T) {
	s := newStreet(t)
	key, err := partner.NewKey()
	webtest.Must(t, err)
	kenpo, err := partner.NewSealer("kenpo", key)
	webtest.Must(t, err)
	operator, hanako, taro, program := webtest.NewBrowser(t, s.url), s.enrols("hanako"), s.enrols("taro"), webtest.NewBrowser(t, s.url)
	registration := map[string]any{"id": "kenpo", "name": "みほん健康保険組合", "nameEN": "Mihon Health Insurance", "keys": string(kenpo.KeySet())}
	hanako.Calls(http.MethodPost, "/staff/senders", registration, nil).Refuses(http.StatusUnauthorized, "staff_signed_out")
	operator.Calls(http.MethodPost, "/staff/signin", map[string]string{"key": "staff-key-of-a-test"}, nil)
	operator.Calls(http.MethodPost, "/staff/senders", registration, nil).Says(http.StatusCreated)
	operator.Visits("/staff").Says(http.StatusOK, "みほん健康保険組合")
	hanako.Fills("/partners/kenpo", "customer", "", "consent", "true").Says(http.StatusOK, "この機関にお伝えください")
	box := hanako.Visits("/partners").Text("box-kenpo")

	n := partner.Notice{
		ID: "1", Box: box, At: s.Clock.Now().Unix(), Title: "医療費のお知らせ", Body: "令和8年3月の医療費",
		Attachments: []partner.Attachment{{Name: "明細.csv", MediaType: "text/csv", Content: []byte("a,b\n")}},
	}
	sealed, err := kenpo.Seal(n)
	webtest.Must(t, err)
	letter := map[string]any{"notice": sealed}
	if page := program.Calls(http.MethodPost, "/postbox/v1/letters", letter, nil).Says(http.StatusOK, `"delivered"`); strings.Contains(page.Body, "opened") {
		t.Errorf("nobody has opened it: %s", page.Body)
	}
	program.Calls(http.MethodPost, "/postbox/v1/letters", letter, nil, "Origin", s.url).Refuses(http.StatusForbidden, "browser_refused")
	program.Calls(http.MethodPost, "/postbox/v1/letters", map[string]any{"notice": sealed[:len(sealed)-8] + "AAAAAAAA"}, nil).Refuses(http.StatusUnprocessableEntity, "seal")

	path := regexp.MustCompile(`/box/\d+`).FindString(hanako.Visits("/box?q=医療費").Says(http.StatusOK, "みほん健康保険組合", "1,000通の中から").Body)
	hanako.Visits(path).Says(http.StatusOK, "明細.csv", "到達・開封の証明を保存")
	file := hanako.Visits(path + "/attachments/0")
	if file.Body != "a,b\n" || !strings.HasPrefix(file.Header.Get("Content-Disposition"), "attachment;") || file.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("the attachment: %q %v", file.Body, file.Header)
	}
	for _, part := range []string{"/attachments/0", "/proof.jws"} {
		taro.Calls(http.MethodGet, path+part, nil, nil, "Accept", "application/json").Refuses(http.StatusNotFound, "no_letter")
		program.Calls(http.MethodGet, path+part, nil, nil, "Accept", "application/json").Refuses(http.StatusUnauthorized, "signed_out")
	}
	hanako.Calls(http.MethodGet, path+"/attachments/1", nil, nil, "Accept", "application/json").Refuses(http.StatusNotFound, "no_letter")
	program.Calls(http.MethodPost, "/postbox/v1/letters", letter, nil).Says(http.StatusOK, `"opened"`)

	verifiesAnywhere(t, hanako.Visits(path+"/sealed.jws").Body, []byte(hanako.Visits(path+"/keys.json").Body))
	verifiesAnywhere(t, hanako.Visits(path+"/proof.jws").Body, []byte(program.Visits("/keys.json").Body))
}

// verifiesAnywhere verifies what was saved by a JOSE library and by openssl.
func verifiesAnywhere(t *testing.T, sealed string, keys []byte) {
	t.Helper()
	var set jose.JSONWebKeySet
	webtest.Must(t, json.Unmarshal(keys, &set))
	jws, err := jose.ParseSignedCompact(sealed, []jose.SignatureAlgorithm{jose.ES256})
	webtest.Must(t, err)
	_, err = jws.Verify(set.Keys[0])
	webtest.Must(t, err)
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		return
	}
	der, err := x509.MarshalPKIXPublicKey(set.Keys[0].Key.(*ecdsa.PublicKey))
	webtest.Must(t, err)
	dot := strings.LastIndex(sealed, ".")
	raw, err := base64.RawURLEncoding.DecodeString(sealed[dot+1:])
	webtest.Must(t, err)
	signature, err := asn1.Marshal(struct{ R, S *big.Int }{new(big.Int).SetBytes(raw[:32]), new(big.Int).SetBytes(raw[32:])})
	webtest.Must(t, err)
	dir := t.TempDir()
	for name, content := range map[string][]byte{"key.pem": pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), "signature": signature, "signed": []byte(sealed[:dot])} {
		webtest.Must(t, os.WriteFile(filepath.Join(dir, name), content, 0o600))
	}
	cmd := exec.CommandContext(t.Context(), openssl, "dgst", "-sha256", "-verify", "key.pem", "-signature", "signature", "signed")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("openssl: %s %v", out, err)
	}
}
