package catv_test

import (
	"testing"
	"unicode/utf8"

	"example.jp/jpkimock/catv"
)

func FuzzParseDay(f *testing.F) {
	for _, s := range []string{"2026-04-01", "1969-12-31", "2026-02-30", "", "9999-12-31", "2026-4-1", "２０２６-04-01"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, ok := catv.ParseDay(s)
		if ok && d.String() != s {
			t.Errorf("%q is read as %s", s, d)
		}
		if ok && catv.DayOf(d.Time()) != d {
			t.Errorf("%s begins on %s", d, catv.DayOf(d.Time()))
		}
	})
}

func FuzzNickname(f *testing.F) {
	for _, s := range []string{"はなちゃん", "O'Neill", "<b>", "a\x00", "がが", "\u202eabc", "一二三四五六七八九十一", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if catv.Nickname(s).Check() == nil && (s == "" || utf8.RuneCountInString(s) > catv.MaxNickname || !utf8.ValidString(s)) {
			t.Errorf("%q is a nickname", s)
		}
	})
}
