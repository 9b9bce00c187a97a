// Package cost compares what it costs the bank to keep its customers' records up to
// date, by post and by certificate (顧客情報の「異動」の契機の把握).
package cost

import (
	"fmt"
	"strconv"
	"strings"

	"example.jp/jpkimock/rp/bank"
)

// Share is a proportion in hundredths of a percent.
type Share int64

// Of returns the share of a number, rounded up.
func (s Share) Of(n int64) int64 { return (n*int64(s) + 9_999) / 10_000 }

// String returns the percentage without the sign: "1.37".
func (s Share) String() string {
	return strings.TrimRight(strings.TrimRight(fmt.Sprintf("%d.%02d", s/100, s%100), "0"), ".")
}

// Prices is what the costs are calculated from.
type Prices struct {
	Customers int64
	Times     int64 // confirmations a year
	// By post, every customer gets a letter. Postage is out and back, Labour is for
	// one letter and its answer. The share of Unanswered letters leads to a Visit
	// each (現況確認できない場合、実地調査).
	Postage, Labour bank.Yen
	Unanswered      Share
	Visit           bank.Yen
	// By certificate, each answer costs a Fee (失効情報提供手数料). The share of
	// customers who have Changed are asked, which costs an Inquiry each.
	Fee     bank.Yen
	Changed Share
	Inquiry bank.Yen
}

// Fees are what an answer about a digital signature certificate costs.
type Fees struct {
	Today  bank.Yen // by the authority's tariff
	Of2014 bank.Yen // in the material of 2014
}

// ExampleFees are the fees where the authority's are not known: waived since 2023.
func ExampleFees() Fees { return Fees{Today: 0, Of2014: Example().Fee} }

// Example returns example values. Postage is that of two standard letters (110
// yen each since October 2024). The fee is that of
// the material of 2014 for digital signature certificates.
func Example() Prices {
	return Prices{
		Customers: 10_000, Times: 1, Postage: 220, Labour: 150, Unanswered: 500, Visit: 3_000,
		Fee: 20, Changed: 137, Inquiry: 260,
	}
}

// Cost is what one method costs in a year.
type Cost struct{ Parts []Part }

// Part is a part of a cost: N times Each.
type Part struct {
	Name string // "postage", "labour", "visits", "fees", "inquiries"
	N    int64
	Each bank.Yen
}

// Yen returns the total of the part.
func (p Part) Yen() bank.Yen { return bank.Yen(p.N) * p.Each }

// Yen returns the total of the cost.
func (c Cost) Yen() bank.Yen {
	var sum bank.Yen
	for _, p := range c.Parts {
		sum += p.Yen()
	}
	return sum
}

// ByPost returns the cost of writing to all customers.
func (p Prices) ByPost() Cost {
	n := p.Customers * p.Times
	return Cost{[]Part{{"postage", n, p.Postage}, {"labour", n, p.Labour}, {"visits", p.Unanswered.Of(n), p.Visit}}}
}

// ByCertificate returns the cost of asking the authority about all customers, and
// then only those who have changed.
func (p Prices) ByCertificate() Cost {
	n := p.Customers * p.Times
	return Cost{[]Part{{"fees", n, p.Fee}, {"inquiries", p.Changed.Of(n), p.Inquiry}}}
}

// Field is a field of the form that changes Prices.
type Field struct {
	Name     string
	Min, Max int64
	// Share marks a field that is written in percent, with two decimals at
	// most; Min and Max are then hundredths of a percent.
	Share bool
	at    func(*Prices) *int64
}

// Fields lists the fields in the order of the form. The limits keep every total
// within 64 bits.
func Fields() []Field {
	return []Field{
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

// Value returns the field of p as the form shows it.
func (f Field) Value(p Prices) string {
	n := *f.at(&p)
	if f.Share {
		return Share(n).String()
	}
	return strconv.FormatInt(n, 10)
}

// Set reads what somebody has typed into the field. It returns false, and changes
// nothing, unless that is a number within the limits.
func (f Field) Set(p *Prices, typed string) bool {
	whole, part, point := strings.Cut(typed, ".")
	if point && (!f.Share || part == "" || len(part) > 2) {
		return false
	}
	if f.Share {
		whole, part = strings.TrimRight(whole, "%％ "), strings.TrimRight(part, "%％ ")
		whole += (part + "00")[:2]
	}
	digits := bank.Digits(whole, ",，円¥￥人回 ")
	if digits == "" || f.Share && len(digits) < 3 {
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
