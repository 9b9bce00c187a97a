package ecosystem

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"time"

	"example.jp/jpkimock/authority"
	authoritydb "example.jp/jpkimock/authority/db"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/rp/bank"
	bankdb "example.jp/jpkimock/rp/bank/db"
)

// maxCustomers bounds a crowd.
const maxCustomers = 1_000_000

// movedOf is how many of a crowd have moved: 137 of 10,000, and one at least.
func movedOf(crowd int) int { return (crowd*137 + 9999) / 10_000 }

// crowdBranch is the branch at which the crowd has its accounts.
const crowdBranch = "901"

// Of the crowd's names: every pair of them is one customer's, over and over.
var (
	surnames   = []string{"藍川", "岩清水", "卯月", "江波", "大楠", "霞", "葛西", "霧島", "桑原", "木立", "笹原", "汐見", "杉浦", "瀬川", "空知", "高嶺", "千歳", "槻木", "遠野", "波多", "仁科", "沼田", "野分", "浜名", "冬木", "星野", "真木", "水城", "室井", "夕張", "若狭"}
	givenNames = []string{"葵", "郁", "瑛太", "薫", "一花", "圭", "紗月", "翔", "澄", "大地", "千尋", "司", "直", "陽向", "誠", "岬", "結", "凜", "航"}
)

// populate gives the authority certificates and the bank as many customers,
// without a key or a card for any of them; movedOf them have moved within the
// last month, and nobody has told the bank. It is done before the houses open, to
// a folder in which nobody lives yet.
func (e *Ecosystem) populate(ctx context.Context) error {
	n := e.cfg.Customers
	switch {
	case n == 0:
		return nil
	case n < 0 || n > maxCustomers:
		return fmt.Errorf("ecosystem: %d customers: want at most %d", n, maxCustomers)
	case len(e.cfg.Only) > 0 || e.cfg.Databases["authority"] != "" || e.cfg.Databases["bank"] != "":
		return errors.New("ecosystem: customers without keys are for a town in one process with its own data folder")
	}
	if _, err := os.Stat(e.database("authority")); !errors.Is(err, fs.ErrNotExist) {
		return err // the crowd is there, or whoever lives there is left alone
	}
	mark := filepath.Join(e.dir, plantingMark)
	if err := os.WriteFile(mark, nil, 0o600); err != nil {
		return err
	}
	if err := e.writeCrowd(ctx, n); err != nil {
		return fmt.Errorf("ecosystem: %d customers: %w", n, err)
	}
	return os.Remove(mark)
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
		return fmt.Errorf("there is no branch %s", crowdBranch)
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
// A crowd is in memory one batch at a time; planting cut off in the middle is
// begun again, as plantingMark says.
const crowdBatch = 4_000

// crowd makes count certificates of a year ago and their customers, from first
// on, of a crowd of n. Those who moved are spread evenly over the crowd.
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

// crowdSerial gives the serial number of the i-th customer's certificate, counted
// from the first that the authority gives.
func crowdSerial(i int) jpki.SerialNumber {
	s, err := jpki.SerialNumberFrom(big.NewInt(0x0705D990 + int64(i)))
	if err != nil {
		panic(err) // a positive constant and an index
	}
	return s
}
