// Package latest is the relying party's side of the latest four data service
// (最新の利用者情報（4情報）提供サービス, since 2023-05-16): a holder consents once, by
// a signed document and for one service; when a change confirmation later says that their
// certificate was revoked, the authority gives the service the consented items as the
// register has them now, and the serial number of the new certificate.
//
//	a := latest.Application{Provider: "mihon-bank", Service: "customers", …}
//	document, err := a.Document(now)           // the holder signs it at a page, as any document
//	consent, err := client.Consent(ctx, []byte(document.Content), cms)
//	// … after a change confirmation has found the certificate revoked …
//	d, err := client.Ask(ctx, "customers", serial) // d.Data.Address.Address, d.NewSerial
//
// A consent holds from the midnight (Japan time) after the authority received it, for ten
// years, until the holder withdraws it at the authority. A delivery costs [Fee] yen, once
// for each pair of an old and a new serial number.
//
// That the consent is XML with the root 利用者同意申請情報 is of the service's guideline
// for platform operators; what stands inside was not published, and is this mock's.
package latest

import (
	"errors"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// Fee is what one delivery costs, in yen.
const Fee = 20

// Years is how long a consent holds.
const Years = 10

// Item is one of the four data, as JSON names it.
type Item string

// The items.
const (
	Name        Item = "name"
	Address     Item = "address"
	DateOfBirth Item = "dateOfBirth"
	Gender      Item = "gender"
)

// Items are all, in the order of a consent.
func Items() []Item { return []Item{Name, Address, DateOfBirth, Gender} }

// Japanese gives 氏名, 住所, 生年月日 or 性別; "" for what is no item.
func (i Item) Japanese() string {
	switch i {
	case Name:
		return "氏名"
	case Address:
		return "住所"
	case DateOfBirth:
		return "生年月日"
	case Gender:
		return "性別"
	}
	return ""
}

// Period gives the first and the last second in which a consent holds that the
// authority received at a time: one received on 2023-05-18 at 10:00 holds from
// 2023-05-19 00:00:00 to 2033-05-18 23:59:59, Japan time.
func Period(received time.Time) (from, until time.Time) {
	y, m, d := received.In(jpki.JST).Date()
	from = time.Date(y, m, d+1, 0, 0, 0, 0, jpki.JST)
	return from.UTC(), from.AddDate(Years, 0, 0).Add(-time.Second).UTC()
}

// Consent is a consent as the authority keeps it (利用者同意).
type Consent struct {
	Number      string    `json:"consent"` // of the application that was signed
	Service     string    `json:"service"`
	ServiceName string    `json:"serviceName"`
	Items       []Item    `json:"items"`
	From        time.Time `json:"from"`
	Until       time.Time `json:"until"` // the last second
	WithdrawnAt time.Time `json:"withdrawnAt,omitzero"`
}

// Delivery is what the authority gives after a change.
type Delivery struct {
	Consent   string            `json:"consent"`
	Service   string            `json:"service"`
	OldSerial jpki.SerialNumber `json:"oldSerial"`
	NewSerial jpki.SerialNumber `json:"newSerial"`
	At        time.Time         `json:"at"` // when it was first given
	// Fee is what it cost, in yen. Again says that it was given, and paid for, before.
	Fee   int64 `json:"fee"`
	Again bool  `json:"again"`
	Data  Data  `json:"data"`
}

// Data are the consented items; nil for what was not consented to.
type Data struct {
	Name        *NameData         `json:"name,omitempty"`
	Address     *AddressData      `json:"address,omitempty"`
	DateOfBirth *jpki.DateOfBirth `json:"dateOfBirth,omitempty"`
	Gender      *jpki.Gender      `json:"gender,omitempty"`
}

// NameData is the name (氏名) as the new certificate has it, which includes a former
// surname (旧氏); with the reading (フリガナ) where the register has it, since 2026-05-26.
type NameData struct {
	CommonName                      string `json:"commonName"`
	SubstituteCharacterOfCommonName string `json:"substituteCharacterOfCommonName"`
	Kana                            string `json:"kana,omitempty"`
	FormerSurname                   string `json:"formerSurname,omitempty"`
}

// AddressData is the address (住所) as the new certificate has it. MovedAbroad is when the
// holder moved out of the country (国外転出), if they have.
type AddressData struct {
	Address                      string    `json:"address"`
	SubstituteCharacterOfAddress string    `json:"substituteCharacterOfAddress"`
	MovedAbroad                  time.Time `json:"movedAbroad,omitzero"`
}

// What the authority says no to. Every one is wrapped in a *RefusedError.
var (
	// ErrNoConsent: the holder has given this service no consent.
	ErrNoConsent = errors.New("the holder has given this service no consent")
	// ErrNotYet: the consent holds from the next midnight on.
	ErrNotYet = errors.New("the consent does not hold yet")
	// ErrWithdrawn: the holder has withdrawn the consent.
	ErrWithdrawn = errors.New("the holder has withdrawn the consent")
	// ErrExpired: the ten years are over.
	ErrExpired = errors.New("the consent has expired")
	// ErrNothingNew: the holder has no newer valid certificate. It may be asked again later.
	ErrNothingNew = errors.New("the holder has no newer certificate")
	// ErrUnknown: the authority knows no certificate with this serial number.
	ErrUnknown = errors.New("no such certificate")
)

// RefusedError is the authority's refusal: the code of its answer and the sentence.
type RefusedError struct {
	Code, Detail string
	Err          error // one of the named errors, or rp's; nil where there is none
}

// Error gives one line for a log.
func (e *RefusedError) Error() string { return "rp/latest: " + e.Code + ": " + e.Detail }

// Unwrap gives the named error.
func (e *RefusedError) Unwrap() error { return e.Err }
