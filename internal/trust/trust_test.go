package trust_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"encoding/json"
	"encoding/pem"

	"example.jp/jpkimock/internal/trust"
)

// A ready file is enough to trust a server; what has no certificate is refused.
func TestAReadyFileIsEnough(t *testing.T) {
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	if _, err := http.Get(server.URL); err == nil {
		t.Fatal("the server is trusted before")
	}
	dir := t.TempDir()
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	ready, err := json.Marshal(map[string]any{"version": 1, "tls": map[string]string{"ca": string(ca)}})
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{"empty": "", "text": "no certificate", "town": `{"version":1}`} {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := trust.File(file); !errors.Is(err, trust.ErrNone) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := trust.File(filepath.Join(dir, "none")); err == nil {
		t.Error("a file that is not there")
	}
	file := filepath.Join(dir, "ready.json")
	if err := os.WriteFile(file, ready, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := trust.File(file); err != nil {
		t.Fatal(err)
	}
	answer, err := http.Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
}
