package touch

import (
	"slices"

	"example.jp/jpkimock/internal/ui"
)

// Story is a picture in the seed's composition: who stands in the row from the citizen to
// the verifier, and who is given the service.
type Story struct {
	Title ui.Text
	// Row are the boxes from the left; the last one is the verifier, above which the
	// authority stands.
	Row []Party
	// Served is who is given ④.
	Served Party
	// Beyond is who is told more by the verifier: right of it. Empty for nobody.
	Beyond Party
	// Watched is what must be seen to have crossed or not, beside what is so in every story.
	Watched []Datum
}

// row is the citizen with card and reader, and who follows.
func row(follow ...Party) []Party { return append([]Party{Citizen, Card, Reader}, follow...) }

// stories are the pictures.
var stories = map[string]Story{
	BankSignIn:   {Title: ui.Text{JA: "銀行へのサインイン", EN: "Sign-in at the bank"}, Row: row(Bank), Served: Citizen},
	BankOpening:  {Title: ui.Text{JA: "銀行口座の開設", EN: "Opening a bank account"}, Row: row(Bank), Served: Citizen},
	BankChange:   {Title: ui.Text{JA: "銀行への届出", EN: "A notice to the bank"}, Row: row(Bank), Served: Citizen},
	Television:   {Title: ui.Text{JA: "テレビでのサインイン", EN: "Sign-in at the television"}, Row: row(Cable), Served: Citizen},
	Residency:    {Title: ui.Text{JA: "市民料金の登録", EN: "Registration as a resident"}, Row: row(Cable), Served: Citizen},
	Sharing:      {Title: ui.Text{JA: "共通プラットフォームでの資格確認", EN: "Check at the common platform"}, Row: row(Platform), Served: Citizen, Beyond: Cable},
	Reception:    {Title: ui.Text{JA: "医療機関の受付", EN: "Reception at a hospital"}, Row: row(Hospital, MedPlatform, Insurer), Served: Hospital, Watched: []Datum{Disease}},
	Dispensing:   {Title: ui.Text{JA: "薬局での処方箋の照会", EN: "Prescriptions at the pharmacy"}, Row: row(Pharmacy, Inquiry), Served: Pharmacy, Watched: []Datum{Disease}},
	Prescribing:  {Title: ui.Text{JA: "処方箋への署名", EN: "Signing a prescription"}, Row: row(Hospital, Inquiry), Served: Hospital, Watched: []Datum{Disease}},
	OwnMedicines: {Title: ui.Text{JA: "自分の処方箋の確認", EN: "Own prescriptions"}, Row: row(Inquiry), Served: Citizen, Watched: []Datum{Disease}},
	Payment:      {Title: ui.Text{JA: "医療費の支払い", EN: "Paying at the hospital"}, Row: row(Hospital, Gateway), Served: Hospital, Watched: []Datum{CreditCard, Disease}},
	CardHolder:   {Title: ui.Text{JA: "クレジット会員のサインイン", EN: "Sign-in of a cardholder"}, Row: row(Gateway), Served: Citizen},
	PortalSignIn: {Title: ui.Text{JA: "ポータルの利用", EN: "At the portal"}, Row: row(Portal), Served: Citizen},
	PortalMove:   {Title: ui.Text{JA: "引越しのワンストップ手続", EN: "One application for all"}, Row: row(Portal), Served: Citizen, Beyond: Partner},
}

// StoryOf returns the picture of a touch. What tells no story has the parties in the order
// in which they appear.
func (t Touch) StoryOf() Story {
	s, known := stories[t.Story]
	if !known {
		s = Story{Title: ui.Text{JA: "カードの利用", EN: "Use of a card"}, Row: row(), Served: Citizen}
		for _, step := range t.Steps {
			if to := step.To; to != Authority && !slices.Contains(s.Row, to) {
				s.Row = append(s.Row, to)
			}
		}
		return s
	}
	s.Row = slices.Clone(s.Row)
	if i := slices.Index(s.Row, Hospital); i >= 0 && t.meets(Clinic) {
		s.Row[i], s.Served = Clinic, Clinic
	}
	if s.Beyond != "" && !t.meets(s.Beyond) && s.Beyond != Partner {
		s.Beyond = ""
	}
	return s
}

// meets reports whether a party has a part in the touch.
func (t Touch) meets(p Party) bool {
	return slices.ContainsFunc(t.Steps, func(s Step) bool { return s.To == p || s.From == p })
}

// Conclusion says in a sentence how it ended, and whether the service was given.
func (t Touch) Conclusion() (text ui.Text, served bool) {
	lit := t.Numbers()
	switch {
	case lit[4]:
		return sayServed, true
	case lit[3] && t.code(3) == "revoked":
		return sayRevoked, false
	case lit[3]:
		return sayNotServed, false
	case lit[2]:
		return sayNoResult, false
	case lit[1]:
		return sayNotAsked, false
	}
	return sayUnderWay, false
}

// code is that of the last step of a number.
func (t Touch) code(no int) (code string) {
	for _, s := range t.Steps {
		if s.No == no {
			code = s.Code
		}
	}
	return code
}
