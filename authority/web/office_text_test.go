package web

import (
	"strings"
	"testing"

	"example.jp/jpkimock/authority/desk"
)

func TestDaysAsACounterWritesThem(t *testing.T) {
	for in, want := range map[string]string{
		"1990-04-12": "419900412", "1990/4/12": "419900412", "19900412": "419900412", "1990年4月12日": "419900412",
		"平成2年4月12日": "419900412", "H2.4.12": "419900412", "ｈ２．４．１２": "419900412", "Ｈ２－４－１２": "419900412",
		"昭和64年1月7日": "319890107", "平成元年1月8日": "419890108", "令和元年5月1日": "520190501", "S9.12.24": "319341224",
		"2000-02-29": "420000229", "1950-00-00": "319500000", "昭和25年不明月不明日": "319500000", " 1990 - 04 - 12 ": "419900412",
	} {
		if d, ok := parseDay(in); !ok || d.String() != want {
			t.Errorf("%q: %s %v, want %s", in, d, ok, want)
		}
	}
	for _, in := range []string{
		"", "きのう", "1990", "1990-04", "1990-04-12-1", "1990-13-01", "2001-02-29", "1990-4-32", "0000-01-01", "1867-01-01", "9999-01-01",
		"H2", "X2.4.12", "1990--12", "-1990-4-12", "+1990-4-12", "19900412a", "1990041", "99999-1-1", "HH2.4.12", strings.Repeat("1", 100),
	} {
		if d, ok := parseDay(in); ok {
			t.Errorf("%q is read as %s", in, d)
		}
	}
}

func FuzzParseDay(f *testing.F) {
	for _, s := range []string{"1990-04-12", "平成2年4月12日", "H2.4.12", "19900412", "令和元年5月1日", "不明", "S64.1.8", "\xff", "１９９０／４／１２"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, ok := parseDay(s)
		if !ok {
			return
		}
		if again, ok := parseDay(d.Gregorian()); !ok || again != d {
			t.Errorf("%q is %s, which reads as %s %v", s, d, again, ok)
		}
	})
}

func TestWhereAFormMayLead(t *testing.T) {
	for in, want := range map[string]string{
		"/office/counter": "/office/counter", "/office/counter/residents/hanako": "/office/counter/residents/hanako",
		"": "/office", "/": "/office", "/office": "/office", "/officer": "/office", "//evil.example/office/": "/office", "https://evil.example/office/counter": "/office",
		`/office/\evil.example`: "/office", "/office/../x": "/office", "/office/signin": "/office", "/office/signout": "/office", "/office/fees?x=1": "/office", "/office/a\nb": "/office", "javascript:/office/": "/office", "/office/%zz": "/office",
	} {
		if got := inside(in); got != want {
			t.Errorf("%q leads to %q, want %q", in, got, want)
		}
	}
}

func TestAnAddressWithinItsMunicipality(t *testing.T) {
	town := desk.Municipalities()[0]
	for in, want := range map[string]string{
		"": "", "桜町１番": "青葉県みほん市桜町１番", "みほん市桜町１番": "青葉県みほん市桜町１番", "青葉県みほん市桜町１番": "青葉県みほん市桜町１番",
	} {
		if got := within(town, in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestPlacesAndOfficersInLatinLetters(t *testing.T) {
	for in, want := range map[string]string{
		"Mihon-shi": "Mihon City", "Hinata-machi": "Hinata Town", "Aoba-ken": "Aoba Prefecture", "Tokyo-to": "Tokyo Metropolis", "Minato-ku": "Minato Ward", "Elsewhere": "Elsewhere",
	} {
		if got := latinPlace(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{"mado-1 窓口　一郎": "mado-1 Ichiro Madoguchi", "mado-9 知らない　人": "mado-9 知らない　人", "script": "script", "": ""} {
		if got := signedName(in); got.JA != in || got.EN != want {
			t.Errorf("%q: %q", in, got)
		}
	}
	for in, want := range map[string]string{"出生届": "Notification of birth", "紛失の申出（電話）": "Lost, by telephone", "戸籍届出の通知による": "Notice from the family register", "なにか": "なにか", "": ""} {
		if got := whyText(in); got.JA != in || got.EN != want {
			t.Errorf("%q: %q", in, got)
		}
	}
	for _, o := range desk.Officers() {
		for _, text := range []string{officerName(o).EN, OfficeName(o).EN} {
			for _, r := range text {
				if r > 0x2fff {
					t.Errorf("%s is %q in English", o.ID, text)
					break
				}
			}
		}
	}
}

func TestDaysAndNumbersOfTheFees(t *testing.T) {
	for days, want := range map[[2]string]string{
		{"2026-11-23", "2026-11-23"}: "11月23日 / 23 November", {"2026-11-01", "2026-11-23"}: "11月1日 〜 11月23日 / 1 – 23 November", {"x", "y"}: "x / x",
	} {
		if got := daySpan(days[0], days[1]); got.JA+" / "+got.EN != want {
			t.Errorf("%v: %q, want %q", days, got, want)
		}
	}
	if got := dayName("2023-01-01"); got.JA != "2023年1月1日" || got.EN != "1 January 2023" {
		t.Errorf("a day is %q", got)
	}
	for n, want := range map[int64]string{0: "0件 / 0 answers", 1: "1件 / 1 answer", 999: "999件 / 999 answers", 10000: "10,000件 / 10,000 answers", 1234567: "1,234,567件 / 1,234,567 answers"} {
		if got := answers(n); got.JA+" / "+got.EN != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}
