package web

import (
	"strings"
	"testing"

	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/internal/door"
)

func TestDaysAsACounterWritesThem(t *testing.T) {
	for in, want := range map[string]string{
		"1990-04-12": "419900412", "1990/4/12": "419900412", "19900412": "419900412", "1990年4月12日": "419900412",
		"平成2年4月12日": "419900412", "H2.4.12": "419900412", "ｈ２．４．１２": "419900412", "Ｈ２－４－１２": "419900412",
		"昭和64年1月7日": "319890107", "平成元年1月8日": "419890108", "令和元年5月1日": "520190501", "S9.12.24": "319341224",
		"2000-02-29": "420000229", "1950-00-00": "319500000", "昭和25年不明月不明日": "319500000", " 1990 - 04 - 12 ": "419900412",
	} {
		if d, ok := ParseDay(in); !ok || d.String() != want {
			t.Errorf("%q: %s %v, want %s", in, d, ok, want)
		}
	}
	for _, in := range []string{
		"", "きのう", "1990", "1990-04", "1990-04-12-1", "1990-13-01", "2001-02-29", "1990-4-32", "0000-01-01", "1867-01-01", "9999-01-01",
		"H2", "X2.4.12", "1990--12", "-1990-4-12", "+1990-4-12", "19900412a", "1990041", "99999-1-1", "HH2.4.12", strings.Repeat("1", 100),
	} {
		if d, ok := ParseDay(in); ok {
			t.Errorf("%q is read as %s", in, d)
		}
	}
}

func FuzzParseDay(f *testing.F) {
	for _, s := range []string{"1990-04-12", "平成2年4月12日", "H2.4.12", "19900412", "令和元年5月1日", "不明", "S64.1.8", "\xff", "１９９０／４／１２"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, ok := ParseDay(s)
		if !ok {
			return
		}
		if again, ok := ParseDay(d.Gregorian()); !ok || again != d {
			t.Errorf("%q is %s, which reads as %s %v", s, d, again, ok)
		}
	})
}

func TestWhereAFormMayLead(t *testing.T) {
	first := map[desk.Role]string{desk.RoleCounter: "/office/counter", desk.RoleMinistry: "/office/verifiers"}
	for role, front := range first {
		who := desk.Officer{ID: "x", Roles: []desk.Role{role}}
		for in, want := range map[string]string{
			"/office/counter": "/office/counter", "/office/counter/residents/hanako": "/office/counter/residents/hanako", "/office/fees": front,
			"": front, "/": front, "/office": front, "/officer": front, "//evil.example/office/": front, "https://evil.example/office/counter": front,
			`/office/\evil.example`: front, "/office/../x": front, "/office/signin": front, "/office/signout": front, "/office/fees?x=1": front, "/office/a\nb": front, "javascript:/office/": front, "/office/%zz": front,
		} {
			if role == desk.RoleMinistry && strings.HasPrefix(want, "/office/counter") {
				want = front // another's desk
			}
			if role == desk.RoleMinistry && in == "/office/fees" {
				want = in
			}
			if got := firstDesk(who, door.NextPage(in, "", "/office")); got != want {
				t.Errorf("%s: %q leads to %q, want %q", role, in, got, want)
			}
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
		if got := SignedName(in); got.JA != in || got.EN != want {
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
