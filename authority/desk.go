package authority

import "context"

// HolderSearch is what a caller says of himself: all three, exactly.
type HolderSearch struct {
	Name        string `json:"name"`
	DateOfBirth string `json:"dateOfBirth"` // YYYY-MM-DD; 00 for an unknown part
	Address     string `json:"address"`
}

// Holder is the one person that a search found.
type Holder struct {
	Resident     Resident
	Cards        []Card
	Certificates []Certificate // those a card has taken, by kind and serial number
}

// FindHolder finds the one resident of that name, birth date and address. The
// comparison overlooks spaces, the width of letters and digits, and the two
// ways to write a house number. None, or more than one, is ErrNoResident: the
// desk never learns who else is in the register.
func (a *Authority) FindHolder(ctx context.Context, s HolderSearch) (Holder, error) {
	return Holder{}, errNotYet
}

// SuspendHolder suspends both certificates of whom the search finds and marks
// the card lost (24時間365日の一時停止). It can be released at the counter only.
func (a *Authority) SuspendHolder(ctx context.Context, s HolderSearch, by By) (Done, error) {
	return Done{}, errNotYet
}
