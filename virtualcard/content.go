package virtualcard

import (
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/virtualcard/chip"
	"example.jp/jpkimock/virtualcard/internal/secret"
	"example.jp/jpkimock/virtualcard/record"
)

// content is the card as its chip sees it.
func (card Card) content() chip.Content {
	return chip.Content{
		Variant: card.Variant, Record: card.record(), Blank: card.Face == (Face{}), Slots: card.Slots, References: card.References,
	}
}

// record is what the card holds of its holder, read from its face. A card that was made
// before faces had a number gets the one that belongs to the card.
func (card Card) record() record.Record {
	r := record.Record{
		Number: card.Face.Number, Name: card.Face.Name, Address: card.Face.Address, Municipality: card.Face.Municipality,
		Gender: genderOf(card.Face.Gender), Made: card.Made.Round(0), Expires: card.Face.Expires.Round(0), Card: string(card.ID),
		LongLengths: card.Variant.LongLengths(),
	}
	r.DateOfBirth, _ = jpki.ParseJapaneseDateOfBirth(card.Face.DateOfBirth) // unknown, if it cannot be read
	if r.Number == "" {
		r.Number = jpki.InventIndividualNumber(string(card.ID))
	}
	if r.Municipality == "" {
		r.Municipality = "00000"
	}
	return r
}

func genderOf(word string) jpki.Gender {
	for _, g := range []jpki.Gender{jpki.Male, jpki.Female} {
		if g.Japanese() == word {
			return g
		}
	}
	return jpki.NotApplicable
}

// setPIN sets a PIN and gives it all its tries.
func (card *Card) setPIN(r chip.Ref, pin []byte) {
	card.References[r] = chip.Reference{PIN: secret.New(pin), TriesLeft: r.Tries()}
}

// setTries sets how many tries a reference has.
func (card *Card) setTries(r chip.Ref, tries int) {
	kept := card.References[r]
	kept.TriesLeft = tries
	card.References[r] = kept
}

// printNumbers gives the numbers printed on a card all their tries.
func (card *Card) printNumbers() {
	for _, r := range chip.Printed() {
		card.setTries(r, r.Tries())
	}
}
