package bank

import (
	"fmt"
	"strconv"
	"strings"
)

// Share is a part of all, in hundredths of a percent.
type Share int64

// Of gives the share of a number, rounded up: half a customer is asked whole.
func (s Share) Of(n int64) int64 { return (n*int64(s) + 9_999) / 10_000 }

// String gives percent, as a form shows it: "1.37".
func (s Share) String() string {
	return strings.TrimRight(strings.TrimRight(fmt.Sprintf("%d.%02d", s/100, s%100), "0"), ".")
}

// Prices is what the comparison of the two ways to keep customers' records true
// is reckoned with (顧客情報の「異動」の契機の把握).
type Prices struct {
	Customers int64
	Times     int64 // confirmations a year
	// By post: everybody is written to. Postage is out and back, Labour is for
	// one letter and its answer; Unanswered do not answer and get a Visit
	// (現況確認できない場合、実地調査).
	Postage, Labour Yen
	Unanswered      Share
	Visit           Yen
	// With the certificate: a Fee for each answer (失効情報提供手数料), and those
	// who have Changed in a confirmation are asked, which costs Inquiry each.
	Fee     Yen
	Changed Share
	Inquiry Yen
}

// ExamplePrices are example values; everyone has their own. Postage is that of
// two standard letters (110 yen each since October 2024). The fee is that of
// the tariff for digital signature certificates, which is waived since 2023.
func ExamplePrices() Prices {
	return Prices{
		Customers: 10_000, Times: 1, Postage: 220, Labour: 150, Unanswered: 500, Visit: 3_000,
		Fee: 20, Changed: 137, Inquiry: 260,
	}
}

// Cost is one way's cost in a year, with how often each part falls due.
type Cost struct{ Parts []CostPart }

// CostPart is a part of a cost.
type CostPart struct {
	Name string // "postage", "labour", "visits", "fees", "inquiries"
	N    int64
	Each Yen
}

// Yen gives what the part comes to.
func (p CostPart) Yen() Yen { return Yen(p.N) * p.Each }

// Yen gives what the cost comes to.
func (c Cost) Yen() Yen {
	var sum Yen
	for _, p := range c.Parts {
		sum += p.Yen()
	}
	return sum
}

// ByPost gives the cost of writing to everybody.
func (p Prices) ByPost() Cost {
	n := p.Customers * p.Times
	return Cost{[]CostPart{{"postage", n, p.Postage}, {"labour", n, p.Labour}, {"visits", p.Unanswered.Of(n), p.Visit}}}
}

// ByCertificate gives the cost of asking the authority about everybody and
// then only those who have changed.
func (p Prices) ByCertificate() Cost {
	n := p.Customers * p.Times
	return Cost{[]CostPart{{"fees", n, p.Fee}, {"inquiries", p.Changed.Of(n), p.Inquiry}}}
}

// PriceField is a field of the form that changes Prices.
type PriceField struct {
	Name     string
	Min, Max int64
	// Share marks a field that is written in percent, with two decimals at
	// most; Min and Max are then hundredths of a percent.
	Share bool
	at    func(*Prices) *int64
}

// PriceFields lists the fields in the order of the form. The limits keep every
// sum within 64 bits.
func PriceFields() []PriceField {
	return []PriceField{
		{"customers", 1, 100_000_000, false, func(p *Prices) *int64 { return &p.Customers }},
		{"times", 1, 366, false, func(p *Prices) *int64 { return &p.Times }},
		{"postage", 0, 100_000, false, func(p *Prices) *int64 { return (*int64)(&p.Postage) }},
		{"labour", 0, 100_000, false, func(p *Prices) *int64 { return (*int64)(&p.Labour) }},
		{"unanswered", 0, 10_000, true, func(p *Prices) *int64 { return (*int64)(&p.Unanswered) }},
		{"visit", 0, 1_000_000, false, func(p *Prices) *int64 { return (*int64)(&p.Visit) }},
		{"fee", 0, 100_000, false, func(p *Prices) *int64 { return (*int64)(&p.Fee) }},
		{"changed", 0, 10_000, true, func(p *Prices) *int64 { return (*int64)(&p.Changed) }},
		{"inquiry", 0, 1_000_000, false, func(p *Prices) *int64 { return (*int64)(&p.Inquiry) }},
	}
}

// Value gives the field of p as the form shows it.
func (f PriceField) Value(p Prices) string {
	n := *f.at(&p)
	if f.Share {
		return Share(n).String()
	}
	return strconv.FormatInt(n, 10)
}

// Set reads what somebody has typed into the field. It reports false, and
// changes nothing, for what is no number within the limits.
func (f PriceField) Set(p *Prices, typed string) bool {
	whole, part, point := strings.Cut(typed, ".")
	if point && (!f.Share || part == "" || len(part) > 2) {
		return false
	}
	if f.Share {
		whole, part = strings.TrimRight(whole, "%％ "), strings.TrimRight(part, "%％ ")
		whole += (part + "00")[:2]
	}
	digits, ok := plainDigits(whole, ",，円¥￥人回 ")
	if !ok || digits == "" || f.Share && len(digits) < 3 {
		return false
	}
	var n int64
	for _, d := range digits {
		if n = n*10 + int64(d-'0'); n > f.Max {
			return false
		}
	}
	if n < f.Min {
		return false
	}
	*f.at(p) = n
	return true
}
