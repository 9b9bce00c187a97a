// Package medical is the words that the parties of the medical field share when they
// confirm eligibility (オンライン資格確認): who is insured where, what an insurer answers,
// what a patient consents to. Each party is a room of its own, with its own store and
// keys, and speaks to the others over HTTP alone:
//
//   - reception: a hospital or a clinic (医療機関), where the patient lays the card and
//     types the PIN, and the staff have the day's queue;
//   - platform: the common platform of the medical field (共通PF（医療分野）), which knows
//     by the certificate whom to ask, and nobody's name;
//   - insurer: an insurer (健康保険の保険者), the verifier. It is asked ① whether the
//     certificate is valid, asks ② the authority, has ③ the authority's answer, and
//     gives ④ the eligibility.
//
// The rooms db and web keep each party's rows in a database of its own, and show its
// pages. docs/decisions/0019 says why they are one house.
package medical

import (
	"strings"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// InsurerNumber is an insurer's number (保険者番号) in eight digits; that of a
// municipality's National Health Insurance has six, and two zeros in front.
type InsurerNumber string

// ParseInsurerNumber reads six or eight digits, of which the last is the check digit
// (検証番号): ErrMember for any others.
func ParseInsurerNumber(s string) (InsurerNumber, error) {
	if len(s) == 6 {
		s = "00" + s
	}
	if len(s) != 8 || !digits(s) {
		return "", ErrMember
	}
	sum := 0
	for i, r := range s[:7] {
		n := int(r-'0') * (2 - i%2)
		sum += n/10 + n%10
	}
	if int(s[7]-'0') != (10-sum%10)%10 {
		return "", ErrMember
	}
	return InsurerNumber(s), nil
}

// Printed gives the number as a notice prints it, without the zeros in front.
func (n InsurerNumber) Printed() string { return strings.TrimPrefix(string(n), "00") }

// Member says who an insured person is in the words of the notice (資格情報のお知らせ):
// symbol (記号), number (番号) and branch (枝番) at an insurer, and the day of birth. Here
// a symbol is of digits, so that ten keys are enough.
type Member struct {
	Insurer InsurerNumber `json:"insurer"`
	Symbol  string        `json:"symbol"`
	Number  string        `json:"number"`
	Branch  string        `json:"branch"`
	Birth   Date          `json:"birth"`
}

// Check gives the member with its number written in full, or ErrMember.
func (m Member) Check() (Member, error) {
	var err error
	if m.Insurer, err = ParseInsurerNumber(string(m.Insurer)); err != nil {
		return m, err
	}
	if m.Branch == "" {
		m.Branch = "00"
	}
	short := func(s string, max int) bool { return s != "" && len(s) <= max && digits(s) }
	if !short(m.Symbol, 8) || !short(m.Number, 10) || len(m.Branch) != 2 || !digits(m.Branch) || !m.Birth.Valid() {
		return m, ErrMember
	}
	return m, nil
}

func digits(s string) bool { return strings.Trim(s, "0123456789") == "" }

// Date is a day by Japanese civil time, YYYY-MM-DD; empty for none. Later days are
// greater.
type Date string

// DateOf gives the day of a moment.
func DateOf(t time.Time) Date { return Date(t.In(jpki.JST).Format(time.DateOnly)) }

// DateOfDigits reads YYYYMMDD, as ten keys write it; empty if that is no day.
func DateOfDigits(s string) Date {
	t, err := time.ParseInLocation("20060102", s, jpki.JST)
	if err != nil {
		return ""
	}
	return DateOf(t)
}

// Valid reports that d is a day.
func (d Date) Valid() bool {
	_, err := time.Parse(time.DateOnly, string(d))
	return err == nil
}

// Time gives the beginning of the day; the zero time for none.
func (d Date) Time() time.Time {
	t, err := time.ParseInLocation(time.DateOnly, string(d), jpki.JST)
	if err != nil {
		return time.Time{}
	}
	return t
}

// Digits gives YYYYMMDD.
func (d Date) Digits() string { return strings.ReplaceAll(string(d), "-", "") }

// GraceUntil gives until when eligibility is confirmed with a certificate whose
// validity ended at notAfter: to the end of the third month after, and eligibility only.
func GraceUntil(notAfter time.Time) time.Time {
	t := notAfter.In(jpki.JST)
	return time.Date(t.Year(), t.Month()+4, 1, 0, 0, 0, 0, jpki.JST).Add(-time.Second)
}
