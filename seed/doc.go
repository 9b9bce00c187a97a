// Package seed is the world before the story begins: invented residents of
// invented towns, their cards, what happened to them, and the published test
// keys that make every certificate the same on every machine.
//
// Load reads the world; Plant plays it, in the order in which it happened,
// through the same HTTP front doors that everybody uses: the municipal
// counter, the card agent, the bank. It knows no house from the inside.
package seed
