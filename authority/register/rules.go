package register

import (
	"cmp"
	"time"

	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
)

// lifeRule is one line of the table: what an event does to register,
// certificates and card. The certificates are those of the kinds in ends that
// are not revoked and have not expired.
type lifeRule struct {
	// entry makes the new entry of the register; nil leaves it.
	entry func(r Resident, n Notice) (Resident, error)
	// from lists the standings of an entry for which the event is possible.
	from []Standing
	// ends, act and reason say which certificates change, and how.
	ends   []jpki.Kind
	act    string
	reason jpki.Reason
	// onCard narrows that to the certificates on the card of the act.
	onCard bool
	// card is the card's new state, for an act that is about a card; cardFrom
	// lists those it may have before.
	card     CardState
	cardFrom []CardState
	kills    bool
}

var (
	signatureOnly      = []jpki.Kind{jpki.DigitalSignature}
	authenticationOnly = []jpki.Kind{jpki.UserAuthentication}
	bothKinds          = []jpki.Kind{jpki.DigitalSignature, jpki.UserAuthentication}

	residentOnly  = []Standing{StandingResident}
	stillHere     = []Standing{StandingResident, StandingMovedOut}
	stillHolding  = []Standing{StandingResident, StandingMovedOut, StandingAbroad} // of whom a card may be in use
	elsewhere     = []Standing{StandingMovedOut, StandingAbroad, StandingRemoved, StandingResident}
	anyStanding   = []Standing{StandingResident, StandingMovedOut, StandingAbroad, StandingRemoved, StandingDead}
	inUseOrLost   = []CardState{CardInUse, CardLost}
	inUseOnly     = []CardState{CardInUse}
	lostOnly      = []CardState{CardLost}
	notYetHandled = []CardState{CardInUse, CardLost, CardVoid, CardReplaced}
)

// lifeRules is the table of revocation by life event: what the signature
// certificate says of its holder must be true, so that it ends with any change
// of the four data, while the authentication certificate says nothing and
// stays; both end with the holder's being a resident, and with the card.
var lifeRules = map[LifeEvent]lifeRule{
	MoveHouse:  {entry: moveHouse, from: residentOnly, ends: signatureOnly, act: ActRevoked, reason: jpki.AffiliationChanged},
	MoveOut:    {entry: leave(StandingMovedOut), from: residentOnly, ends: signatureOnly, act: ActRevoked, reason: jpki.AffiliationChanged},
	TakeOn:     {from: residentOnly, onCard: true, card: CardInUse, cardFrom: inUseOnly},
	MoveIn:     {entry: moveIn, from: elsewhere, ends: signatureOnly, act: ActRevoked, reason: jpki.AffiliationChanged},
	NameChange: {entry: changeName, from: stillHere, ends: signatureOnly, act: ActRevoked, reason: jpki.AffiliationChanged},
	Correction: {entry: correct, from: stillHere, ends: signatureOnly, act: ActRevoked, reason: jpki.AffiliationChanged},

	Death: {entry: leave(StandingDead), from: elsewhere, ends: bothKinds, act: ActRevoked, reason: jpki.CessationOfOperation,
		card: CardVoid, cardFrom: inUseOrLost},
	MoveAbroad: {entry: leave(StandingAbroad), from: stillHere, ends: bothKinds, act: ActRevoked, reason: jpki.CessationOfOperation,
		card: CardVoid, cardFrom: inUseOrLost},
	Removal: {entry: leave(StandingRemoved), from: stillHere, ends: bothKinds, act: ActRevoked, reason: jpki.CessationOfOperation,
		card: CardVoid, cardFrom: inUseOrLost},

	Loss: {from: stillHolding, ends: bothKinds, act: ActSuspended, reason: jpki.CertificateHold,
		onCard: true, card: CardLost, cardFrom: inUseOrLost},
	// The signature certificate is not resumed but issued anew (高槻市, 葛城市:
	// docs/divergences.md).
	Found: {from: stillHolding, ends: authenticationOnly, act: ActResumed,
		onCard: true, card: CardInUse, cardFrom: lostOnly},
	LossFinal: {from: stillHolding, ends: bothKinds, act: ActRevoked, reason: jpki.KeyCompromise,
		onCard: true, card: CardVoid, cardFrom: lostOnly},
	CardReturn: {from: anyStanding, ends: bothKinds, act: ActRevoked, reason: jpki.CessationOfOperation,
		onCard: true, card: CardReturned, cardFrom: notYetHandled, kills: true},
}

// aboutCard reports whether the act is about one card, so that without a card
// there is nothing to do.
func (e LifeEvent) aboutCard() bool {
	switch e {
	case Loss, Found, LossFinal, CardReturn, PINReset, Renewal, Reissue, TakeOn:
		return true
	}
	return false
}

// address gives r at another address.
func (r Resident) address(n Notice) Resident {
	r.BasicFour.Address, r.BasicFour.SubstituteCharacterOfAddress, r.RegisterAddress = n.Address, "", n.RegisterAddress
	return r
}

func moveHouse(r Resident, n Notice) (Resident, error) {
	switch {
	case n.Address == "":
		return r, desk.Invalid("address", "the new address is missing")
	case n.Municipality != nil:
		return r, desk.Invalid("municipality", "must not change: that is a move out and a move in")
	}
	if r = r.address(n); !r.livesThere() {
		return r, desk.Invalid("address", "is in another municipality: a move there is a move out (転出, move-out) here and a move in (転入, move-in) there")
	}
	return r, nil
}

func moveIn(r Resident, n Notice) (Resident, error) {
	switch {
	case n.Municipality != nil && r.Standing == StandingResident && r.Municipality.Code == n.Municipality.Code:
		return r, ErrResidesHere
	case r.Standing == StandingResident:
		return r, ErrNotMovedOut
	case n.Address == "" || n.Municipality == nil:
		return r, desk.Invalid("address", "the new address or its municipality is missing")
	}
	r.Municipality, r.Standing, r.StandingSince = *n.Municipality, StandingResident, time.Time{}
	return r.address(n), nil
}

// leave ends an entry. The time is filled in by the act.
func leave(s Standing) func(Resident, Notice) (Resident, error) {
	return func(r Resident, _ Notice) (Resident, error) {
		r.Standing = s
		return r, nil
	}
}

// rename changes whichever of the names are given. A new name drops the
// register's form of the old one, and vice versa.
func (r Resident) rename(n Notice) Resident {
	if n.Name != "" {
		r.BasicFour.CommonName, r.RegisterName = n.Name, n.RegisterName
	} else if n.RegisterName != "" {
		r.RegisterName = n.RegisterName
	}
	r.BasicFour.SubstituteCharacterOfCommonName = ""
	r.Kana, r.Romaji = cmp.Or(n.Kana, r.Kana), cmp.Or(n.Romaji, r.Romaji)
	r.FormerSurname = cmp.Or(n.FormerSurname, r.FormerSurname)
	return r
}

func changeName(r Resident, n Notice) (Resident, error) {
	if n.Name == "" {
		return r, desk.Invalid("name", "the new name is missing")
	}
	return r.rename(n), nil
}

func correct(r Resident, n Notice) (Resident, error) {
	if n.Municipality != nil {
		return r, desk.Invalid("municipality", "must not change: that is a move out and a move in")
	}
	r = r.rename(n)
	if n.Address != "" {
		r = r.address(n)
	} else if n.RegisterAddress != "" {
		r.RegisterAddress, r.BasicFour.SubstituteCharacterOfAddress = n.RegisterAddress, ""
	}
	if n.DateOfBirth != nil {
		r.BasicFour.DateOfBirth = *n.DateOfBirth
	}
	if n.Gender != "" {
		r.BasicFour.Gender = n.Gender
	}
	return r, nil
}

// stray names the members of the notice that the event has no use for, so that a
// mistake at the counter is noticed and not overlooked.
func (n Notice) stray() (fields []string) {
	named := n.Event == NameChange || n.Event == Correction
	moved := n.Event == MoveHouse || n.Event == MoveIn || n.Event == Correction
	written := n.Event == CardIssue || n.Event == PINReset || n.Event == Renewal || n.Event == Reissue
	for _, m := range []struct {
		field        string
		given, meant bool
	}{
		{"name", n.Name != "", named}, {"registerName", n.RegisterName != "", named},
		{"kana", n.Kana != "", named}, {"romaji", n.Romaji != "", named}, {"formerSurname", n.FormerSurname != "", named},
		{"address", n.Address != "", moved}, {"registerAddress", n.RegisterAddress != "", moved}, {"municipality", n.Municipality != nil, moved},
		{"day", n.Day != "", n.Event.moves()}, {"keepCard", n.KeepCard, n.Event == MoveAbroad}, {"person", n.Person != nil, n.Event == MoveIn},
		{"dateOfBirth", n.DateOfBirth != nil, n.Event == Correction}, {"gender", n.Gender != "", n.Event == Correction},
		{"pins", len(n.PINs) > 0, written}, {"kinds", len(n.Kinds) > 0, n.Event == CardIssue || n.Event == Reissue},
		{"cardExpires", !n.CardExpires.IsZero(), n.Event == CardIssue},
	} {
		if m.given && !m.meant {
			fields = append(fields, m.field)
		}
	}
	return fields
}
