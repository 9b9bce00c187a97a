package bank

import (
	"strings"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
)

// PaperKind says what a signed paper of a customer is.
type PaperKind string

// The papers that a customer signs after the account is opened.
const (
	PaperChange  PaperKind = "change"  // 変更届
	PaperConsent PaperKind = "consent" // 利用許諾書
)

// PaperDraft is a paper that waits for its signature. The caller keeps it, in a
// session for instance; the bank keeps nothing of it.
type PaperDraft struct {
	Number   ApplicationNumber
	Kind     PaperKind
	Account  AccountNumber
	At       time.Time
	Document Document
}

// SignedPaper is a draft with the signature that came back for it (detached CMS
// SignedData, DER).
type SignedPaper struct {
	Draft PaperDraft
	CMS   []byte
}

// Paper is a signed paper as it is kept, with the record of its verification.
type Paper struct {
	Draft       PaperDraft
	CMS         []byte // DER
	Certificate []byte // DER
	Serial      jpki.SerialNumber
	SignedAt    time.Time // what the customer's computer claims
	ReceivedAt  time.Time
	Record      rp.Record
}

// columns is how many full-width characters stand on a line of a paper.
const columns = 16

// draftPaper writes a paper. values is what its form names beside the number,
// the day and the account.
func (b *Bank) draftPaper(kind PaperKind, prefix string, a Account, values map[string]any) (PaperDraft, error) {
	d := PaperDraft{Number: newNumber(prefix), Kind: kind, Account: a.Number, At: b.now().UTC().Truncate(time.Second)}
	t := d.At.In(jpki.JST)
	values["Number"], values["Account"] = d.Number, a
	values["Date"] = jpki.DateOfBirthOn(t.Year(), t.Month(), t.Day()).Japanese()
	values["Time"] = timeOfDay(t)
	var text strings.Builder
	if err := b.forms.ExecuteTemplate(&text, string(kind), values); err != nil {
		return PaperDraft{}, err
	}
	d.Document = Document{Name: string(d.Number) + ".txt", MediaType: "text/plain", Content: text.String()}
	return d, nil
}

// paper is a signed paper with its verification.
func paper(p SignedPaper, s *rp.Signature, now time.Time) *Paper {
	return &Paper{Draft: p.Draft, CMS: p.CMS, Certificate: s.Certificate.Raw, Serial: s.Serial, SignedAt: s.SignedAt, ReceivedAt: now, Record: s.Record}
}

// folded breaks a value into the lines of a paper, so that it can be read on a
// telephone.
func folded(s string) []string {
	var lines []string
	r := []rune(s)
	for len(r) > columns {
		lines, r = append(lines, string(r[:columns])), r[columns:]
	}
	return append(lines, string(r))
}
