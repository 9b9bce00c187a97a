// Package seed is the world before the story begins: fictional residents of
// fictional towns, their cards and their past, and the published test keys that
// make every certificate the same on every machine.
//
// Load reads the world. Plant replays its past in order, through the same HTTP
// interfaces that everyone uses: the municipal counter, the card agent, the bank.
// It imports no house.
package seed
