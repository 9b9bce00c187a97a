// Package crowd is a bank's many customers, an insurer's many insured persons (insured.go)
// and the portal's many citizens (enrolled.go): certificates in the authority's database and as many customers in the
// bank's, without keys or cards. They are written there, not played through the doors: a
// million of them would take days.
package crowd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/big"
	"time"

	"example.jp/jpkimock/authority"
	authoritydb "example.jp/jpkimock/authority/db"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/rp/bank"
	bankdb "example.jp/jpkimock/rp/bank/db"
)

// Max bounds a crowd.
const Max = 1_000_000

// Agency is the authority's database.
type Agency interface {
	Commit(ctx context.Context, c authority.Change) error
}

// Records is the bank's database.
type Records interface {
	Import(ctx context.Context, at bank.Branch, people []bank.Customer) error
}

// movedOf is how many of a crowd have moved: 137 of 10,000, and at least one.
func movedOf(crowd int) int { return (crowd*137 + 9999) / 10_000 }

// branchCode is the branch at which the crowd has its accounts.
const branchCode = "901"

// The crowd's names. A customer has one of each, and the pairs repeat.
var (
	surnames   = []string{"藍川", "岩清水", "卯月", "江波", "大楠", "霞", "葛西", "霧島", "桑原", "木立", "笹原", "汐見", "杉浦", "瀬川", "空知", "高嶺", "千歳", "槻木", "遠野", "波多", "仁科", "沼田", "野分", "浜名", "冬木", "星野", "真木", "水城", "室井", "夕張", "若狭"}
	givenNames = []string{"葵", "郁", "瑛太", "薫", "一花", "圭", "紗月", "翔", "澄", "大地", "千尋", "司", "直", "陽向", "誠", "岬", "結", "凜", "航"}
)

// Plant writes n customers into the databases at two addresses, which no house has open.
func Plant(ctx context.Context, authorityAt, bankAt string, n int, now time.Time) error {
	return over(authorityAt, authoritydb.Open, bankAt, bankdb.Open, func(agency *authoritydb.Store, records *bankdb.Store) error {
		return Write(ctx, agency, records, n, now)
	})
}

// over opens two databases, which no house has open, and closes them when they are written.
func over[A, B io.Closer](at string, open func(string) (A, error), secondAt string, openSecond func(string) (B, error), write func(A, B) error) (err error) {
	first, err := open(at)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, first.Close()) }()
	second, err := openSecond(secondAt)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, second.Close()) }()
	return write(first, second)
}

// Write writes n customers. Of them, 137 in 10,000 have moved within the last month
// without telling the bank.
func Write(ctx context.Context, agency Agency, records Records, n int, now time.Time) error {
	branch, ok := bank.BranchByCode(branchCode)
	if !ok {
		return fmt.Errorf("crowd: no branch %s", branchCode)
	}
	now = now.Truncate(time.Second)
	for first := 0; first < n; first += batch {
		certificates, customers := people(first, min(batch, n-first), n, movedOf(n), now)
		if err := agency.Commit(ctx, authority.Change{Certificates: certificates}); err != nil {
			return err
		}
		if err := records.Import(ctx, branch, customers); err != nil {
			return err
		}
	}
	return nil
}

// batch is how many customers are planted in one transaction of each house.
// Only one batch is in memory at a time.
const batch = 4_000

// people makes the customers first to first+count-1 of a crowd of n, and their
// certificates, which are a year old. Those who moved are spread evenly.
func people(first, count, n, moved int, now time.Time) ([]register.Certificate, []bank.Customer) {
	since := now.AddDate(-1, 0, 0)
	certificates, people := make([]register.Certificate, count), make([]bank.Customer, count)
	for at := range count {
		i := first + at
		status := register.Status{State: register.Good, Since: since}
		if i*moved/n != (i+1)*moved/n {
			status = register.Status{State: register.Revoked, Reason: jpki.AffiliationChanged, Since: now.AddDate(0, 0, -1-i%28)}
		}
		serial, resident := Serial(i), fmt.Sprintf("crowd-%d", i)
		certificates[at] = register.Certificate{
			Kind: jpki.DigitalSignature, Serial: serial, CardID: resident, ResidentID: resident,
			NotBefore: since, NotAfter: now.AddDate(4, 0, 0), Delivered: true, Status: status,
		}
		people[at] = bank.Customer{
			BasicFour: jpki.NewBasicFour(surnames[i%len(surnames)]+"　"+givenNames[i/len(surnames)%len(givenNames)],
				jpki.DateOfBirthOn(1930+i%75, time.Month(1+i%12), 1+i%28), []jpki.Gender{jpki.Female, jpki.Male}[i%2],
				fmt.Sprintf("青葉県みほん市仮町%d丁目%d番地", 1+i%9, 1+i/9)),
			Serial: serial, CertificateExpires: now.AddDate(4, 0, 0), Since: since, Consent: bank.Consent{GivenAt: since},
		}
	}
	return certificates, people
}

// Serial returns the serial number of the i-th customer's certificate, counted
// from the first that the authority assigns.
func Serial(i int) jpki.SerialNumber {
	s, err := jpki.SerialNumberFrom(big.NewInt(0x0705D990 + int64(i)))
	if err != nil {
		panic(err) // a positive constant and an index
	}
	return s
}
