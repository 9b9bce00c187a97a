package ui

// What the layout's own code says; its templates say the rest.
var backToFront = Text{JA: "最初のページへ戻る", EN: "Back to the front page"}

// How days and amounts are written.
const (
	monthJA   = "月"
	monthEN   = "January 2006"
	dayEN     = "2 January 2006"
	noDay     = "—"
	secondJA  = "秒"
	timeEN    = "15:04"
	yenUnitJA = "円"
	yenSignEN = "¥"
)

// The languages, each in itself. Who reads the easy one may not read kanji yet.
const (
	nameJA   = "日本語"
	nameEasy = "やさしい にほんご"
	nameEN   = "English"
)
