package bank

import "example.jp/jpkimock/rp"

// FormKind says what a customer declares with a form (届出書).
type FormKind string

// The forms that a customer signs after the account is opened.
const (
	ChangeNotice FormKind = "change"  // 変更届
	ConsentForm  FormKind = "consent" // 利用許諾書
)

// FormDraft is a form that waits for its signature. The caller keeps it, in a
// session for instance; the bank keeps nothing of it.
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

// draftForm writes a form about an account. values is what it names beside the
// account, its number and its date.
func (b *Bank) draftForm(kind FormKind, prefix string, a Account, values map[string]any) (FormDraft, error) {
	values["Account"] = a
	document, err := b.write(string(kind), prefix, values)
	return FormDraft{Document: document, Kind: kind, Account: a.Number}, err
}

// columns is how many full-width characters stand on a line of a form.
const columns = 16

// folded breaks a value into the lines of a form, so that it can be read on a
// telephone.
func folded(s string) []string {
	var lines []string
	r := []rune(s)
	for len(r) > columns {
		lines, r = append(lines, string(r[:columns])), r[columns:]
	}
	return append(lines, string(r))
}
