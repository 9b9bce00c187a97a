package care

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/medical"
)

// answering is a desk that reads requests and answers them with the computer's own name.
type answering struct {
	err   error
	asked int
}

func (a *answering) Request(_ context.Context, content []byte) ([]byte, error) {
	a.asked++
	if a.err != nil {
		return nil, a.err
	}
	q, err := medical.ReadRequest(content, "9910000011")
	return []byte("answer to " + q.File), err
}

// request is a good request but for what is changed.
func requestOf(pairs ...string) string {
	return strings.NewReplacer(pairs...).Replace(`<XmlMsg><MessageHeader><MedicalInstitutionCode>9910000011</MedicalInstitutionCode>` +
		`<ArbitraryFileIdentifier>K-1</ArbitraryFileIdentifier></MessageHeader><MessageBody><QualificationConfirmSearchInfo>` +
		`<InsurerNumber>06990014</InsurerNumber><InsuredCardSymbol>21</InsuredCardSymbol>` +
		`<InsuredIdentificationNumber>1002</InsuredIdentificationNumber><Birthdate>19900412</Birthdate>` +
		`</QualificationConfirmSearchInfo></MessageBody></XmlMsg>`)
}

// A request is answered and gone; whatever else lies there is put aside with a sentence, and
// nothing outside the folder is read.
func TestRequestsOfAReceiptComputer(t *testing.T) {
	dir, at := t.TempDir(), &answering{}
	f := folder(dir)
	webtest.Must(t, f.answer(t.Context(), at)) // makes the folders
	put := func(name, content string) {
		webtest.Must(t, os.WriteFile(filepath.Join(dir, requests, name), []byte(content), 0o600))
	}
	secret := filepath.Join(t.TempDir(), "secret.xml")
	webtest.Must(t, os.WriteFile(secret, []byte(requestOf()), 0o600))
	put("OQSsiquc01req_1.xml", requestOf())
	aside := map[string]string{
		"OQSsiquc01req_2.xml": "医療機関コード", "OQSsiquc01req_3.xml": "生年月日", "OQSsiquc01req_4.xml": "読めません", "OQSsiquc01req_5.xml": "大きさ",
		"OQSsiquc01req_6.xml": "読めません", "OQSsiquc01req_7.xml": "読めません", "OQSsiquc01req_.xml": "名前", "res.xml": "名前", strings.Repeat("x", 255): "名前",
	}
	put("OQSsiquc01req_2.xml", requestOf("9910000011", "9910000029"))
	put("OQSsiquc01req_3.xml", requestOf("19900412", "19900230"))
	put("OQSsiquc01req_4.xml", requestOf("</XmlMsg>", ""))
	put("OQSsiquc01req_5.xml", requestOf("<MessageBody>", strings.Repeat(" ", 1<<20)+"<MessageBody>"))
	webtest.Must(t, os.Symlink(secret, filepath.Join(dir, requests, "OQSsiquc01req_6.xml")))
	webtest.Must(t, os.Mkdir(filepath.Join(dir, requests, "OQSsiquc01req_7.xml"), 0o700))
	put("OQSsiquc01req_.xml", requestOf())
	put("res.xml", requestOf())
	put(strings.Repeat("x", 255), requestOf())
	webtest.Must(t, f.answer(t.Context(), at))
	if answer, err := os.ReadFile(filepath.Join(dir, "OQSsiquc01res_1.xml")); err != nil || string(answer) != "answer to K-1" {
		t.Errorf("the answer is %q, %v", answer, err)
	}
	for name, why := range aside {
		said, err := os.ReadFile(filepath.Join(dir, refused, name[:min(len(name), 200)]+".txt"))
		if _, there := os.Lstat(filepath.Join(dir, refused, name)); err != nil || there != nil || !strings.Contains(string(said), why) {
			t.Errorf("%.30s: %q, %v, %v", name, said, err, there)
		}
	}
	left := func() int {
		all, err := os.ReadDir(filepath.Join(dir, requests))
		webtest.Must(t, err)
		return len(all)
	}
	if left() != 0 || at.asked != 5 {
		t.Errorf("%d requests are left, %d were asked", left(), at.asked)
	}

	put("OQSsiquc01req_8.xml", requestOf())
	at.err = &medical.Refused{Code: medical.PlatformSilent}
	if err := f.answer(t.Context(), at); !errors.Is(err, at.err) || left() != 1 {
		t.Errorf("while the platform is silent: %v, %d left", err, left())
	}
	at.err = nil
	webtest.Must(t, f.answer(t.Context(), at))
	if _, err := os.Stat(filepath.Join(dir, "OQSsiquc01res_8.xml")); err != nil || left() != 0 {
		t.Errorf("later: %v, %d left", err, left())
	}
}
