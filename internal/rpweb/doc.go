// Package rpweb is what the pages of every relying party share: the way back
// from the card (CardReturn), whether the card is still there (Presence), and
// how a refusal by the kit is told, to people and to programs (Table).
//
// It knows the kit, rp, and the look and the door of the houses, and no house.
package rpweb
