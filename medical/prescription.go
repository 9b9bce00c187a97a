package medical

import (
	"slices"
	"time"
)

// The days of a prescription (使用期間).
const (
	ValidDays  = 4 // from the day of issue, that day included
	RefillDays = 7 // before and after the planned day of a further dispensing
)

// PrescriptionState is where a prescription is (処方箋の状態).
type PrescriptionState string

// The states. That its days are over follows from the day: see StateOn.
const (
	Waiting   PrescriptionState = "waiting"   // 未受付
	Taken     PrescriptionState = "taken"     // 調剤中: one pharmacy has it
	Dispensed PrescriptionState = "dispensed" // 調剤済
	Cancelled PrescriptionState = "cancelled" // 取消
	Expired   PrescriptionState = "expired"   // 期限切れ
)

// Prescription is one as the inquiry system (処方箋照会システム) keeps it.
type Prescription struct {
	ID     string            `json:"id"`     // 処方箋ID, a UUID
	Code   string            `json:"code"`   // 引換番号, six digits
	Issuer string            `json:"issuer"` // the institution's ID
	Doctor string            `json:"doctor"`
	At     time.Time         `json:"at"`
	State  PrescriptionState `json:"state"`
	Order  Order             `json:"order"`
	// Pharmacy is who has it, or had it last.
	Pharmacy string `json:"pharmacy,omitempty"`
	// From and Until are the days on which a pharmacy may take it.
	From        Date         `json:"from"`
	Until       Date         `json:"until"`
	Dispensings []Dispensing `json:"dispensings,omitempty"`
	CMS         []byte       `json:"cms,omitempty"` // the doctor's signature of Order.Text; DER
}

// Dispensing is what a pharmacy gave (調剤結果).
type Dispensing struct {
	Key      string    `json:"key"` // by which the pharmacy can ask again
	At       time.Time `json:"at"`
	Pharmacy string    `json:"pharmacy"`
	Lines    []int     `json:"lines"` // of the order's, from 0
}

// StateOn gives the state on a day.
func (p Prescription) StateOn(day Date) PrescriptionState {
	if p.State == Waiting && day > p.Until {
		return Expired
	}
	return p.State
}

// Round gives how often all of it was dispensed, and the lines that remain of the next
// time.
func (p Prescription) Round() (done int, left []int) {
	given := 0
	for _, d := range p.Dispensings {
		given += len(d.Lines)
	}
	done = given / len(p.Order.Lines)
	if done == p.Order.Times {
		return done, nil
	}
	part := p.Dispensings
	for seen := 0; seen < done*len(p.Order.Lines); part = part[1:] {
		seen += len(part[0].Lines)
	}
	for i := range p.Order.Lines {
		if !slices.ContainsFunc(part, func(d Dispensing) bool { return slices.Contains(d.Lines, i) }) {
			left = append(left, i)
		}
	}
	return done, left
}

// Medicines gives the codes of what a patient has by it on a day: of what may still be
// dispensed, and of what was given for days that last.
func (p Prescription) Medicines(day Date) (all []string) {
	state := p.StateOn(day)
	for i, l := range p.Order.Lines {
		has := state == Waiting || state == Taken
		for _, d := range p.Dispensings {
			lasts := DateOf(d.At.AddDate(0, 0, l.Days))
			has = has || slices.Contains(d.Lines, i) && day < lasts
		}
		if has {
			all = append(all, l.Drug)
		}
	}
	return all
}

// Accept takes it for a pharmacy on one of its days (受付), unless another one has it.
func (p *Prescription) Accept(pharmacy string, day Date) error {
	switch state := p.StateOn(day); {
	case state == Taken && p.Pharmacy == pharmacy:
		return nil
	case state != Waiting:
		return p.refusal(day)
	case day < p.From:
		return &Refused{Code: PrescriptionEarly}
	}
	p.State, p.Pharmacy = Taken, pharmacy
	return nil
}

// Release gives it back (受付取消).
func (p *Prescription) Release(pharmacy string, day Date) error {
	if p.State != Taken || p.Pharmacy != pharmacy {
		return p.refusal(day)
	}
	p.State = Waiting
	return nil
}

// Dispense notes what the pharmacy that has it gave: some of the lines that remain, or
// all. The next time of a refill is planned for when the medicines end.
func (p *Prescription) Dispense(d Dispensing) error {
	day := DateOf(d.At)
	_, left := p.Round()
	rest := slices.DeleteFunc(slices.Clone(left), func(i int) bool { return slices.Contains(d.Lines, i) })
	switch {
	case p.State != Taken || p.Pharmacy != d.Pharmacy:
		return p.refusal(day)
	case len(d.Lines) == 0 || len(left)-len(rest) != len(d.Lines):
		return &Refused{Code: PrescriptionStuck} // not lines that remain, each once
	}
	p.Dispensings, p.State = append(p.Dispensings, d), Waiting
	if len(rest) > 0 {
		return nil
	}
	if done, _ := p.Round(); done == p.Order.Times {
		p.State = Dispensed
		return nil
	}
	longest := slices.MaxFunc(p.Order.Lines, func(a, b Line) int { return a.Days - b.Days })
	planned := day.Time().AddDate(0, 0, longest.Days)
	p.From, p.Until = DateOf(planned.AddDate(0, 0, -RefillDays)), DateOf(planned.AddDate(0, 0, RefillDays))
	return nil
}

// Cancel is the doctor's, while no pharmacy has taken it.
func (p *Prescription) Cancel(day Date) error {
	if p.StateOn(day) != Waiting || len(p.Dispensings) > 0 {
		return p.refusal(day)
	}
	p.State = Cancelled
	return nil
}

// refusal says why it is not in a state for something.
func (p *Prescription) refusal(day Date) error {
	code := map[PrescriptionState]string{Taken: PrescriptionTaken, Dispensed: PrescriptionUsed, Cancelled: PrescriptionVoid, Expired: PrescriptionOver}[p.StateOn(day)]
	if code == "" {
		code = PrescriptionStuck
	}
	return &Refused{Code: code}
}

// Questions to the inquiry system, and its answers.
type (
	// Presented is a card's answer to a challenge at a pharmacy's terminal.
	Presented struct {
		Nonce string `json:"nonce"`
		Token []byte `json:"token"`
	}
	// Copy is what stands on the patient's copy (処方内容（控え）): the numbers of insurance, but
	// for the day of birth, and the 引換番号. Who is the pharmacist.
	Copy struct {
		Member Member `json:"member"`
		Code   string `json:"code"`
		Who    string `json:"who,omitempty"`
	}
	// Opened is what a card has opened: the grant under which the pharmacy may ask, for
	// as long as the card lies there and no longer than until Until. Steps are ① asked
	// about the certificate, ② the authority asked, ③ its answer, ④ prescriptions given.
	Opened struct {
		Grant string    `json:"grant"`
		Until time.Time `json:"until"`
		Steps []Step    `json:"steps"`
	}
	// Act is what a pharmacy does with a prescription.
	Act struct {
		Do    string `json:"do"` // see the constants
		Grant string `json:"grant,omitempty"`
		// Who is the pharmacist who looks or acts; "" if a program does not say.
		Who   string `json:"who,omitempty"`
		ID    string `json:"id"`
		Key   string `json:"key,omitempty"` // of a dispensing
		Lines []int  `json:"lines,omitempty"`
	}
	// Settled says whether a dispensing was committed. If not, it never will be.
	Settled struct {
		Done bool `json:"done"`
	}
	// Visited names a visit by its inquiry.
	Visited struct {
		Inquiry string `json:"inquiry"`
	}
	// Draft asks for the findings of an order. Told: the patient has agreed that doctors
	// may see medicines.
	Draft struct {
		Order Order  `json:"order"`
		Told  bool   `json:"told"`
		CMS   []byte `json:"cms,omitempty"` // of an order that is to be issued
	}
	// Checked is the answer: findings without a reason, and what was issued if there are
	// none and the order was signed.
	Checked struct {
		Findings []Finding     `json:"findings,omitempty"`
		Issued   *Prescription `json:"issued,omitempty"`
	}
)

// What a pharmacy does. It gives back also when the card is gone.
const (
	DoAccept   = "accept"
	DoRelease  = "release"
	DoDispense = "dispense"
)
