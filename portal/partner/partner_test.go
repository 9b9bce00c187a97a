package partner_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/portal/partner"
	"example.jp/jpkimock/rp"
)

// nobody is a business without customers, whose authority is silent.
type nobody struct{}

func (nobody) Connect(context.Context, partner.Connection) error { return partner.ErrNoCustomer }
func (nobody) Disconnect(context.Context, string) error          { return nil }
func (nobody) Connected(context.Context, string) (partner.Connection, error) {
	return partner.Connection{}, partner.ErrNoCustomer
}
func (nobody) SameAddress(context.Context, string, string) (bool, error) { return false, nil }
func (nobody) Receive(context.Context, partner.Change) (partner.Receipt, error) {
	return partner.Receipt{}, nil
}
func (nobody) Receipt(context.Context, string) (partner.Receipt, string, error) {
	return partner.Receipt{}, "", partner.ErrNoApplication
}
func (nobody) Answer(context.Context, string, string) (partner.Receipt, error) {
	return partner.Receipt{}, partner.ErrNoApplication
}

func (nobody) VerifySignature(context.Context, []byte, []byte) (*rp.Signature, error) {
	return nil, rp.ErrStatusUnavailable
}

func (nobody) Pair(context.Context, jpki.Kind, jpki.SerialNumber) (jpki.SerialNumber, error) {
	return "", rp.ErrStatusUnavailable
}

func (nobody) Successor(context.Context, jpki.Kind, jpki.SerialNumber) (jpki.SerialNumber, error) {
	return "", rp.ErrStatusUnavailable
}

func (nobody) Predecessors(context.Context, jpki.Kind, jpki.SerialNumber) ([]jpki.SerialNumber, error) {
	return nil, rp.ErrStatusUnavailable
}

// send sends a request with the portal's key, and gives status, media type and body.
func send(t *testing.T, h http.Handler, method, path, key, body string) (int, string, string) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+key)
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code, w.Header().Get("Content-Type"), w.Body.String()
}

func server(t *testing.T) http.Handler {
	t.Helper()
	s, err := partner.NewServer(partner.ServerConfig{ID: "gas", Key: "right", Verifier: nobody{}, Links: nobody{}, Business: nobody{}, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// The server has each operation of openapi.yaml, behind the key.
func TestTheServerHasWhatTheFileSays(t *testing.T) {
	text, err := os.ReadFile("openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	line := regexp.MustCompile(`(?m)^  (/v1/[^:\n]+):$|^    (get|post|delete):$`)
	s, path, operations := server(t), "", 0
	for _, m := range line.FindAllStringSubmatch(string(text), -1) {
		if m[1] != "" {
			path = regexp.MustCompile(`\{\w+\}`).ReplaceAllString(m[1], "x")
			continue
		}
		operations++
		method := strings.ToUpper(m[2])
		if status, _, _ := send(t, s, method, path, "wrong", "{}"); status != http.StatusUnauthorized {
			t.Errorf("%s %s without the key: %d", method, path, status)
		}
		status, media, body := send(t, s, method, path, "right", "{}")
		if status != http.StatusNoContent && !strings.HasPrefix(media, "application/") {
			t.Errorf("%s %s: %d %s %s", method, path, status, media, body)
		}
	}
	if operations != 7 {
		t.Errorf("%d operations", operations)
	}
}

// What cannot be read is refused with a code.
func TestWhatCannotBeReadIsRefused(t *testing.T) {
	s := server(t)
	for _, body := range []string{
		"", "{", "[]", `{"id":"a"} x`, `{"id":"a","more":1}`, `{"id":"","sheet":"{}","document":"d"}`, `{"id":"a/b","sheet":"{}","document":"d"}`,
		`{"id":"` + strings.Repeat("x", 65) + `","document":"d"}`, `{"id":"a","document":"` + strings.Repeat("x", 70_000) + `"}`,
		`{"id":"a","document":"` + strings.Repeat("x", 300_000) + `"}`,
	} {
		status, _, answer := send(t, s, http.MethodPost, "/v1/applications", "right", body)
		if status != http.StatusBadRequest || !strings.Contains(answer, `"malformed"`) {
			t.Errorf("%.60s: %d %s", body, status, answer)
		}
	}
	for _, sheet := range []string{"", "{}", "x", `{"application":"a","partner":"gas","customer":"1","changedOn":"2026-04-01","salt":"short"}`} {
		status, _, answer := send(t, s, http.MethodPost, "/v1/applications", "right", `{"id":"a","document":"d","sheet":"`+strings.ReplaceAll(sheet, `"`, `\"`)+`"}`)
		if status != http.StatusUnprocessableEntity || !strings.Contains(answer, `"sheet"`) {
			t.Errorf("the sheet %s: %d %s", sheet, status, answer)
		}
	}
}

// A receipt that does not keep the contract is not taken.
func TestReceiptsAreChecked(t *testing.T) {
	for name, r := range map[string]partner.Receipt{
		"of another": {ID: "b", State: partner.Done}, "without a state": {ID: "a"}, "rejected without a reason": {ID: "a", State: partner.Rejected},
		"without its question": {ID: "a", State: partner.AskedBack}, "too long": {ID: "a", State: partner.Rejected, Reason: strings.Repeat("x", 3000)},
	} {
		if r.Check("a") == nil {
			t.Errorf("a receipt %s is taken", name)
		}
	}
	if err := (partner.Receipt{ID: "a", State: partner.Accepted}).Check("a"); err != nil {
		t.Error(err)
	}
}
