package ui

// What the layout's own code says; its templates say the rest.
var backToFront = Text{JA: "最初のページへ戻る", EN: "Back to the front page"}

// How days and amounts are written.
const (
	dayJA       = "2006年1月2日"
	dayEN       = "2 January 2006"
	noDay       = "—"
	forenoonJA  = "午前"
	afternoonJA = "午後"
	hourJA      = "時"
	minuteJA    = "分"
	timeEN      = "15:04"
	yenUnitJA   = "円"
	yenSignEN   = "¥"
)
