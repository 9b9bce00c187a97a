package bank

import (
	"embed"
	"strings"
	"text/template"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
)

// Prefixes of the numbers of the bank's documents, such as MB-7K2QX-M4TNA.
const (
	applicationPrefix = "MB" // 口座開設申込書
	changePrefix      = "MC" // 変更届
	consentPrefix     = "MK" // 利用許諾書
)

// FormKind says which form (届出書) a customer signs after the account is opened.
type FormKind string

// The forms.
const (
	ChangeForm  FormKind = "change"  // 変更届
	ConsentForm FormKind = "consent" // 利用許諾書
	PortalForm  FormKind = "portal"  // ワンストップ申請書
)

// FormDraft is a form that waits for its signature. The caller keeps it, in a
// session for instance; the bank does not keep it.
type FormDraft struct {
	Document rp.Document
	Kind     FormKind
	Account  AccountNumber
}

// SignedForm is a signed form as the bank keeps it.
type SignedForm struct {
	rp.SignedDocument
	Kind    FormKind
	Account AccountNumber
}

// formFiles are the wordings of what customers sign. Their lines are short enough
// for a telephone.
//
//go:embed forms/*.txt
var formFiles embed.FS

// parseForms reads the wordings: application, change and consent.
func parseForms() (*template.Template, error) { return template.ParseFS(formFiles, "forms/*.txt") }

// draftForm fills in a form about an account. values is what the form names
// besides the account, its number and its date.
func (b *Bank) draftForm(kind FormKind, prefix string, a Account, values map[string]any) (FormDraft, error) {
	values["Account"] = a
	document, err := b.fillIn(string(kind), prefix, values)
	return FormDraft{Document: document, Kind: kind, Account: a.Number}, err
}

// fillIn writes a document with a number of its own, which starts with prefix.
func (b *Bank) fillIn(form, prefix string, values map[string]any) (rp.Document, error) {
	return rp.WriteDocument(prefix, b.now(), func(d rp.Document) (string, error) {
		values["Number"] = d.Number
		values["Date"], values["Time"] = jpki.JapaneseDay(d.WrittenAt), jpki.JapaneseTime(d.WrittenAt)
		var text strings.Builder
		err := b.forms.ExecuteTemplate(&text, form+".txt", values)
		return text.String(), err
	})
}

// lineWidth is how many full-width characters fit on a line of a form.
const lineWidth = 16

// wrap breaks a value into lines of a form.
func wrap(s string) []string {
	var lines []string
	r := []rune(s)
	for len(r) > lineWidth {
		lines, r = append(lines, string(r[:lineWidth])), r[lineWidth:]
	}
	return append(lines, string(r))
}
