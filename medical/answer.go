package medical

import (
	"maps"
	"slices"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// Validity is what an answer says of a patient's eligibility (QualificationValidity).
type Validity int

// The codes, as the interface of the live system numbers them.
const (
	Valid           Validity = 1 // 有効
	Invalid         Validity = 2 // 無効: lost
	InvalidReplaced Validity = 3 // 無効（新資格あり）: lost, and valid elsewhere
	NoneFound       Validity = 4 // 該当なし
	SeveralFound    Validity = 5 // 複数該当: valid at two insurers
	ValidUnlinked   Validity = 6 // 有効（未登録）: valid, and no card is linked yet
)

// Confirms reports that the eligibility of today is confirmed.
func (v Validity) Confirms() bool { return v == Valid || v == ValidUnlinked }

// LossReason is why eligibility was lost (ReasonOfLoss).
type LossReason string

// The reasons.
const (
	LostByDeath      LossReason = "01" // 死亡
	LostByAssistance LossReason = "02" // 生活保護
	LostToOther      LossReason = "03" // 他資格: insured elsewhere
	LostOtherwise    LossReason = "99"
)

// LossReasons lists them, the commonest first.
func LossReasons() []LossReason {
	return []LossReason{LostOtherwise, LostToOther, LostByAssistance, LostByDeath}
}

// Family is whether the insured person pays the contributions (PersonalFamilyClassification).
type Family string

// The classes.
const (
	Self      Family = "1" // 本人
	Dependant Family = "2" // 家族
)

// Qualification is a person's eligibility at one insurer (資格情報).
type Qualification struct {
	Member
	InsurerName string      `json:"insurerName"`
	Name        string      `json:"name"`
	Kana        string      `json:"kana"`
	Sex         jpki.Gender `json:"sex"`
	Address     string      `json:"address"`
	Family      Family      `json:"family"`
	InsuredName string      `json:"insuredName"` // of who pays the contributions
	QualifiedOn Date        `json:"qualifiedOn"`
	LostOn      Date        `json:"lostOn,omitempty"`
	LossReason  LossReason  `json:"lossReason,omitempty"`
	IssuedOn    Date        `json:"issuedOn"`        // of the notice
	Share       int         `json:"share"`           // what the patient pays at the counter, in per cent
	Limit       string      `json:"limit,omitempty"` // 限度額適用認定証: the class of income, "A01"
}

// HoldsOn reports whether the eligibility holds on a day. It is lost from the beginning
// of the day of loss.
func (q Qualification) HoldsOn(day Date) bool {
	return q.QualifiedOn <= day && (q.LostOn == "" || day < q.LostOn)
}

// Share gives what somebody born on a day pays at the counter, in per cent (負担割合): 20
// to the 31 March after the sixth birthday; 30; and from the month after the seventieth
// birthday 20, or 30 with an income as of those at work (現役並み所得). Since 2003 an
// insured person and the family pay the same.
func Share(birth, day Date, highIncome bool) int {
	b, d := birth.Time(), day.Time()
	school := time.Date(b.AddDate(6, 0, -1).Year(), time.April, 1, 0, 0, 0, 0, jpki.JST)
	if at := b.AddDate(6, 0, -1); !at.Before(school) {
		school = school.AddDate(1, 0, 0)
	}
	seventy := b.AddDate(70, 0, -1) // who is born on the first begins with that month
	senior := time.Date(seventy.Year(), seventy.Month()+1, 1, 0, 0, 0, 0, jpki.JST)
	if d.Before(school) || !d.Before(senior) && !highIncome {
		return 20
	}
	return 30
}

// Step is one of the four steps of the question, as it was taken.
type Step struct {
	// N is 1 the insurer was asked about the certificate, 2 the authority was asked, 3
	// the authority answered, 4 the insurer gave the eligibility.
	N       int           `json:"n"`
	Insurer InsurerNumber `json:"insurer"`
	At      time.Time     `json:"at"`
	// Trouble is the code for why it failed, and no further step followed; "" if it was taken.
	Trouble string `json:"trouble,omitempty"`
}

// Answer is what the platform tells a hospital about a patient.
type Answer struct {
	Inquiry  string    `json:"inquiry"`
	At       time.Time `json:"at"`
	ByNumber bool      `json:"byNumber,omitempty"` // asked by numbers, without a card
	Validity Validity  `json:"validity"`
	// Results are the patient's eligibilities, those that hold first.
	Results []Qualification `json:"results,omitempty"`
	Steps   []Step          `json:"steps,omitempty"`
	// CertificateEnds is when the card's certificate ends, or ended: eligibility alone is
	// confirmed after that.
	CertificateEnds time.Time `json:"certificateEnds,omitzero"`
}

// Expired reports that the certificate had ended, so that nothing but the eligibility
// may be asked.
func (a Answer) Expired() bool {
	return !a.CertificateEnds.IsZero() && a.At.After(a.CertificateEnds)
}

// Item is something of a patient's history that doctors may read if the patient consents.
type Item string

// The items of the consent screen, in its order.
const (
	Surgery   Item = "surgery"   // 手術情報
	Diagnosis Item = "diagnosis" // 診療情報
	Drugs     Item = "drugs"     // 薬剤情報
	Checkups  Item = "checkups"  // 健診情報
)

// Items lists them.
func Items() []Item { return []Item{Surgery, Diagnosis, Drugs, Checkups} }

// ReadableFor is how long doctors may read what was consented to.
const ReadableFor = 24 * time.Hour

// Consents is what a patient answered at the reception.
type Consents struct {
	At  time.Time     `json:"at"`
	Yes map[Item]bool `json:"yes"`
}

// NewConsents makes consents to some items; unknown ones are left out.
func NewConsents(at time.Time, to ...Item) Consents {
	c := Consents{At: at.UTC(), Yes: map[Item]bool{}}
	for _, i := range Items() {
		c.Yes[i] = slices.Contains(to, i)
	}
	return c
}

// Any reports that there is a yes among them.
func (c Consents) Any() bool { return slices.Contains(slices.Collect(maps.Values(c.Yes)), true) }
