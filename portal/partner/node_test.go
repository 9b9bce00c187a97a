package partner_test

import (
	"bufio"
	"context"
	"encoding/json"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/portal/partner"
	"example.jp/jpkimock/rp/rptest"
)

const nodeKey = "portal-key-of-a-test"

// abroad is a partner that is not ours: a Node process with its standard library.
type abroad struct {
	*rptest.World
	t      *testing.T
	client partner.Client
	file   string // of its register
}

// node finds Node. With CI=true it must be there.
func node(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("node")
	if err == nil {
		return path
	}
	if os.Getenv("CI") == "true" {
		t.Fatal(err)
	}
	t.Skip("node is not installed")
	return ""
}

func newAbroad(t *testing.T) *abroad {
	t.Helper()
	path := node(t)
	a := &abroad{World: rptest.New(t), t: t, file: filepath.Join(t.TempDir(), "register.json")}
	var customers []map[string]any
	for _, person := range []string{"hanako", "taro"} {
		four := a.four(person)
		customers = append(customers, map[string]any{"no": "no-" + person, "name": four.CommonName, "dateOfBirth": four.DateOfBirth, "address": four.Address})
	}
	register, err := json.Marshal(map[string]any{"customers": customers})
	a.must(err)
	a.must(os.WriteFile(a.file, register, 0o600))
	ca := filepath.Join(t.TempDir(), "ca.pem")
	for _, c := range a.Anchors() {
		if a.Card("hanako").Certificate(jpki.DigitalSignature).CheckSignatureFrom(c) == nil {
			a.must(os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}), 0o600))
		}
	}
	ctx, end := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, path, "../../examples/partner-node/partner.mjs")
	cmd.Env = append(os.Environ(), "PORT=0", "PARTNER_ID=node", "PORTAL_KEY="+nodeKey, "AUTHORITY="+a.URL(), "ACCREDITATION="+rptest.VerifierKey, "CA="+ca, "DATA="+a.file)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	a.must(err)
	a.must(cmd.Start())
	t.Cleanup(func() {
		end()
		_ = cmd.Wait() // it was killed
	})
	url, err := bufio.NewReader(out).ReadString('\n')
	a.must(err)
	a.client = partner.NewClient(strings.TrimSpace(url), nodeKey)
	return a
}

func (a *abroad) must(err error) {
	a.t.Helper()
	if err != nil {
		a.t.Fatal(err)
	}
}

func (a *abroad) four(person string) jpki.BasicFour {
	four, err := jpki.BasicFourOf(a.Card(person).Certificate(jpki.DigitalSignature))
	a.must(err)
	return four
}

func (a *abroad) connection(person string) partner.Connection {
	four := a.four(person)
	return partner.Connection{
		Customer: "no-" + person, Name: four.CommonName, DateOfBirth: four.DateOfBirth, Certificate: a.Card(person).Serial(jpki.DigitalSignature), Box: "box-" + person,
	}
}

func (a *abroad) application(id string) partner.Application {
	sheet, digest, err := partner.Sheet{Application: id, Partner: "node", Customer: "no-hanako", ChangedOn: "2026-04-01"}.Write()
	a.must(err)
	text := "申請書 " + id + "\n　　" + digest + "\n"
	return partner.Application{ID: id, Sheet: sheet, Document: text, Signature: a.Card("hanako").Sign([]byte(text))}
}

// refused says with which code an application is refused.
func (a *abroad) refused(app partner.Application) string {
	a.t.Helper()
	_, err := a.client.Deliver(a.t.Context(), app)
	if r, ok := err.(*partner.Refused); ok {
		return r.Code
	}
	return "not refused"
}

// A partner in another language, written from openapi.yaml alone, keeps the contract.
func TestAnOutsidePartnerConforms(t *testing.T) {
	a := newAbroad(t)
	sign := func(person string) func([]byte) ([]byte, error) {
		return func(document []byte) ([]byte, error) { return a.Card(person).SignWith(rptest.SignaturePIN, document) }
	}
	if err := partner.Conform(t.Context(), partner.Candidate{
		Client: a.client, ID: "node", Connection: a.connection("hanako"), Address: a.four("hanako").Address, Sign: sign("hanako"), Stranger: sign("taro"),
	}); err != nil {
		t.Error(err)
	}
}

// It follows its customer to the new certificate, and believes the authority alone about
// certificates.
func TestAnOutsidePartnerAsksTheAuthority(t *testing.T) {
	a := newAbroad(t)
	a.must(a.client.Connect(t.Context(), a.connection("hanako")))
	a.Move("hanako", "青葉県みほん市三番町３番３号")
	r, err := a.client.Deliver(t.Context(), a.application("PT-1"))
	if err != nil || r.State != partner.Done {
		t.Fatalf("%+v %v", r, err)
	}
	if same, err := a.client.SameAddress(t.Context(), "no-hanako", "青葉県みほん市三番町3番3号"); err != nil || !same {
		t.Errorf("the new address: %v %v", same, err)
	}
	if kept, err := os.ReadFile(a.file); err != nil || !strings.Contains(string(kept), "三番町３番３号") {
		t.Errorf("its register: %s %v", kept, err)
	}
	a.TamperOCSP(func(_, honest []byte) []byte {
		return append(honest[:len(honest)-1:len(honest)-1], honest[len(honest)-1]^1)
	})
	_, err = a.client.Deliver(t.Context(), a.application("PT-2"))
	if refused, ok := err.(*partner.Refused); err == nil || ok {
		t.Errorf("an altered answer of the authority must be silence: %v", refused)
	}
	a.TamperOCSP(nil)
	a.Suspend("hanako", jpki.DigitalSignature)
	if code := a.refused(a.application("PT-3")); code != "suspended" {
		t.Errorf("while the certificate is suspended: %s", code)
	}
	a.Revoke("hanako", jpki.DigitalSignature, jpki.KeyCompromise)
	if code := a.refused(a.application("PT-4")); code != "revoked" {
		t.Errorf("with a revoked certificate: %s", code)
	}
}
