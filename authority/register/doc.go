// Package register is what the authority has entered: residents, their cards
// and certificates, and the journal of every act. It also holds the rules of
// the municipal counter (窓口): which entry, card and certificates a life event
// changes, and how. It plans and checks; the authority does and keeps.
package register
