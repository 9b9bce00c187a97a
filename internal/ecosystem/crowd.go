package ecosystem

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"time"

	"example.jp/jpkimock/authority"
	authoritydb "example.jp/jpkimock/authority/db"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/rp/bank"
	bankdb "example.jp/jpkimock/rp/bank/db"
)

// maxCustomers bounds Config.Customers.
const maxCustomers = 1_000_000

// movedOf is how many of a crowd have moved: 137 of 10,000, and at least one.
func movedOf(crowd int) int { return (crowd*137 + 9999) / 10_000 }

// crowdBranch is the branch at which the crowd has its accounts.
const crowdBranch = "901"

// The crowd's names. A customer has one of each, and the pairs repeat.
var (
	surnames   = []string{"藍川", "岩清水", "卯月", "江波", "大楠", "霞", "葛西", "霧島", "桑原", "木立", "笹原", "汐見", "杉浦", "瀬川", "空知", "高嶺", "千歳", "槻木", "遠野", "波多", "仁科", "沼田", "野分", "浜名", "冬木", "星野", "真木", "水城", "室井", "夕張", "若狭"}
	givenNames = []string{"葵", "郁", "瑛太", "薫", "一花", "圭", "紗月", "翔", "澄", "大地", "千尋", "司", "直", "陽向", "誠", "岬", "結", "凜", "航"}
)

// populate writes Config.Customers certificates into the authority's database and
// as many customers into the bank's, without keys or cards. Of them, movedOf have
// moved within the last month without telling the bank. It runs before the houses
// open, on an empty data folder.
func (e *Ecosystem) populate(ctx context.Context) error {
	n := e.cfg.Customers
	switch {
	case n == 0:
		return nil
	case n < 0 || n > maxCustomers:
		return fmt.Errorf("ecosystem: %d customers: at most %d allowed", n, maxCustomers)
	case len(e.cfg.Only) > 0 || e.cfg.Databases["authority"] != "" || e.cfg.Databases["bank"] != "":
		return errors.New("ecosystem: customers need all houses in one process, with databases in the data folder")
	}
	if !e.fresh {
		return nil // the folder already holds a crowd, or a world
	}
	if err := e.writeCrowd(ctx, n); err != nil {
		return fmt.Errorf("ecosystem: %d customers: %w", n, err)
	}
	return nil
}

func (e *Ecosystem) writeCrowd(ctx context.Context, n int) (err error) {
	agency, err := authoritydb.Open(e.database("authority"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, agency.Close()) }()
	records, err := bankdb.Open(e.database("bank"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, records.Close()) }()
	branch, ok := bank.BranchByCode(crowdBranch)
	if !ok {
		return fmt.Errorf("no branch %s", crowdBranch)
	}
	now := e.clock.Now().Truncate(time.Second)
	for first := 0; first < n; first += crowdBatch {
		certificates, people := crowd(first, min(crowdBatch, n-first), n, now)
		if err := agency.Commit(ctx, authority.Change{Certificates: certificates}); err != nil {
			return err
		}
		if err := records.Import(ctx, branch, people); err != nil {
			return err
		}
	}
	return nil
}

// crowdBatch is how many customers are planted in one transaction of each house.
// Only one batch is in memory at a time. A planting that is cut off in the middle
// starts over: see plantingMark.
const crowdBatch = 4_000

// crowd makes the customers first to first+count-1 of a crowd of n, and their
// certificates, which are a year old. Those who moved are spread evenly.
func crowd(first, count, n int, now time.Time) ([]register.Certificate, []bank.Customer) {
	since, moved := now.AddDate(-1, 0, 0), movedOf(n)
	certificates, people := make([]register.Certificate, count), make([]bank.Customer, count)
	for at := range count {
		i := first + at
		status := register.Status{State: register.Good, Since: since}
		if i*moved/n != (i+1)*moved/n {
			status = register.Status{State: register.Revoked, Reason: jpki.AffiliationChanged, Since: now.AddDate(0, 0, -1-i%28)}
		}
		serial, resident := crowdSerial(i), fmt.Sprintf("crowd-%d", i)
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

// crowdSerial returns the serial number of the i-th customer's certificate, counted
// from the first that the authority assigns.
func crowdSerial(i int) jpki.SerialNumber {
	s, err := jpki.SerialNumberFrom(big.NewInt(0x0705D990 + int64(i)))
	if err != nil {
		panic(err) // a positive constant and an index
	}
	return s
}
