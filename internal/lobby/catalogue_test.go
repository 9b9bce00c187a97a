package lobby

import (
	"testing"
	"time"

	"example.jp/jpkimock/internal/ui"
)

func TestTheOffsetIsSaidInWords(t *testing.T) {
	const day = 24 * time.Hour
	for d, want := range map[time.Duration]ui.Text{
		0:                          {},
		29 * time.Second:           {},
		10 * time.Minute:           {JA: "実際の時刻より10分進んでいます", EN: "10 minutes ahead of the real time"},
		time.Hour:                  {JA: "実際の時刻より1時間進んでいます", EN: "1 hour ahead of the real time"},
		1825 * day:                 {JA: "実際の時刻より1,825日進んでいます", EN: "1,825 days ahead of the real time"},
		1825*day - 3*time.Second:   {JA: "実際の時刻より1,825日進んでいます", EN: "1,825 days ahead of the real time"},
		-(day + 90*time.Minute):    {JA: "実際の時刻より1日1時間遅れています", EN: "1 day 1 hour behind the real time"},
		30*day + 5*time.Minute:     {JA: "実際の時刻より30日進んでいます", EN: "30 days ahead of the real time"},
		2*time.Hour + time.Minute:  {JA: "実際の時刻より2時間1分進んでいます", EN: "2 hours 1 minute ahead of the real time"},
		-2*time.Hour - time.Second: {JA: "実際の時刻より2時間遅れています", EN: "2 hours behind the real time"},
	} {
		if got := offsetWords(d); got != want {
			t.Errorf("%v: %v: want %v", d, got, want)
		}
	}
}
