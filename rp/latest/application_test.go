package latest

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
)

func application() Application {
	return Application{
		Number: "LK-ABCDE-FGHIJ", WrittenAt: time.Date(2026, 12, 1, 1, 0, 0, 0, time.UTC), Provider: "mihon-bank", Service: "customers",
		ServiceName: "お客さま情報の更新", Purpose: "住所 & 氏名が変わったときの <届出> に代えるため", Items: []Item{Name, Address},
	}
}

func TestAnApplicationIsReadAsItWasWritten(t *testing.T) {
	want := application()
	text, err := want.XML()
	if err != nil {
		t.Fatal(err)
	}
	got, err := Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	again, err := got.XML()
	if err != nil || again != text {
		t.Errorf("written again, %v:\n%s\nwant\n%s", err, again, text)
	}
	for _, s := range []string{"<利用者同意申請情報>", "<申請日時>2026-12-01T10:00:00+09:00</申請日時>", "<項目>氏名</項目>\n    <項目>住所</項目>", "住所 &amp; 氏名"} {
		if !strings.Contains(text, s) {
			t.Errorf("%q is not in\n%s", s, text)
		}
	}
	// As another program writes it: without a declaration, and on one line.
	flat := strings.ReplaceAll(text[strings.Index(text, "\n")+1:], "\n", "")
	if got, err := Parse([]byte(flat)); err != nil || got.Purpose != want.Purpose || !slices.Equal(got.Items, want.Items) {
		t.Errorf("on one line: %+v, %v", got, err)
	}
}

func TestAnApplicationIsReadStrictly(t *testing.T) {
	text, err := application().XML()
	if err != nil {
		t.Fatal(err)
	}
	change := func(old, new string) string {
		if !strings.Contains(text, old) {
			t.Fatalf("%q is not in the text", old)
		}
		return strings.Replace(text, old, new, 1)
	}
	for name, text := range map[string]string{
		"nothing":              "",
		"no XML":               "申請します",
		"another root":         strings.ReplaceAll(text, "利用者同意申請情報", "申請情報"),
		"an attribute":         change("<検証者>", `<検証者 id="x">`),
		"a namespace":          change("<検証者>", `<検証者 xmlns="urn:x">`),
		"a comment":            change("<検証者>", "<!-- x --><検証者>"),
		"an instruction":       change("<検証者>", "<?x y?><検証者>"),
		"a second declaration": change("<検証者>", `<?xml version="1.0"?><検証者>`),
		"a document type":      change("<利用者同意申請情報>", `<!DOCTYPE x [<!ENTITY e "v">]><利用者同意申請情報>`),
		"another encoding":     change("UTF-8", "Shift_JIS"),
		"text between":         change("<検証者>", "x<検証者>"),
		"an element in text":   change("mihon-bank", "<b>mihon-bank</b>"),
		"another order":        change("  <検証者>mihon-bank</検証者>\n  <サービス識別子>customers</サービス識別子>", "  <サービス識別子>customers</サービス識別子>\n  <検証者>mihon-bank</検証者>"),
		"one twice":            change("<検証者>mihon-bank</検証者>", "<検証者>mihon-bank</検証者><検証者>mihon-bank</検証者>"),
		"one missing":          change("  <検証者>mihon-bank</検証者>\n", ""),
		"one unknown":          change("<提供項目>", "<備考>x</備考><提供項目>"),
		"one after the items":  change("</提供項目>", "</提供項目><備考>x</備考>"),
		"a second root":        text + text[strings.Index(text, "\n")+1:],
		"cut off":              text[:len(text)-20],
		"no item":              change("    <項目>氏名</項目>\n    <項目>住所</項目>\n", ""),
		"an item twice":        change("<項目>住所</項目>", "<項目>氏名</項目>"),
		"items turned round":   change("    <項目>氏名</項目>\n    <項目>住所</項目>\n", "    <項目>住所</項目>\n    <項目>氏名</項目>\n"),
		"an unknown item":      change("<項目>住所</項目>", "<項目>電話番号</項目>"),
		"a thousand items":     change("<項目>住所</項目>", strings.Repeat("<項目>住所</項目>", 100)),
		"no time":              change("2026-12-01T10:00:00+09:00", "きのう"),
		"half a second":        change("10:00:00+", "10:00:00.5+"),
		"a number of signs":    change("LK-ABCDE-FGHIJ", "LK/../X"),
		"no name":              change("お客さま情報の更新", ""),
		"no purpose":           change("住所 &amp; 氏名が変わったときの &lt;届出&gt; に代えるため", ""),
		"a name with spaces":   change("お客さま情報の更新", " お客さま情報の更新"),
		"another end":          change("</提供項目>\n</利用者同意申請情報>", "</提供項目>\n"),
		"no provider":          change("mihon-bank", ""),
		"a loud service":       change("customers", "CUSTOMERS"),
		"a long name":          change("お客さま情報の更新", strings.Repeat("長", 101)),
		"a name of two lines":  change("お客さま情報の更新", "お客さま\n情報"),
		"a long purpose":       change("住所 &amp; 氏名", strings.Repeat("長", 201)),
	} {
		if got, err := Parse([]byte(text)); !errors.Is(err, rp.ErrMalformed) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	if _, err := Parse([]byte(text + strings.Repeat(" ", MaxApplication))); !errors.Is(err, rp.ErrTooLarge) {
		t.Errorf("too large: %v", err)
	}
	if _, err := (Application{}).XML(); !errors.Is(err, rp.ErrMalformed) {
		t.Errorf("an empty one is written: %v", err)
	}
	for name, a := range map[string]func(*Application){
		"octets that are no UTF-8": func(a *Application) { a.ServiceName = "\xff" },
		"no time":                  func(a *Application) { a.WrittenAt = time.Time{} },
		"part of a second":         func(a *Application) { a.WrittenAt = a.WrittenAt.Add(1) },
		"an unknown item":          func(a *Application) { a.Items = []Item{Name, "telephone"} },
	} {
		bad := application()
		a(&bad)
		if text, err := bad.XML(); !errors.Is(err, rp.ErrMalformed) {
			t.Errorf("%s is written: %s, %v", name, text, err)
		}
	}
	longest := application()
	longest.Number, longest.Service = strings.Repeat("N", 40), strings.Repeat("s", 63)
	longest.ServiceName, longest.Purpose = strings.Repeat("長", 100), strings.Repeat("長", 200)
	longest.Items = Items()
	if text, err := longest.XML(); err != nil {
		t.Error(err)
	} else if got, err := Parse([]byte(text)); err != nil || len(got.Items) != 4 || got.Purpose != longest.Purpose {
		t.Errorf("the longest: %+v, %v", got, err)
	}
}

func TestADocumentHasItsOwnNumber(t *testing.T) {
	now := time.Date(2026, 12, 1, 1, 2, 3, 4, time.UTC)
	a := application()
	a.Number = ""
	d, err := a.Document(now)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Parse([]byte(d.Content))
	if err != nil || got.Number != d.Number || !got.WrittenAt.Equal(now.Truncate(time.Second)) || d.Name != d.Number+".xml" || d.MediaType != "text/plain" {
		t.Errorf("%+v of %+v, %v", got, d, err)
	}
	a.Items = nil
	if _, err := a.Document(now); err == nil {
		t.Error("a consent to nothing")
	}
}

// The example of the service's guideline, and the last second of a day.
func TestAConsentHoldsFromTheNextMidnightForTenYears(t *testing.T) {
	for received, want := range map[string][2]string{
		"2023-05-18T10:00:00+09:00": {"2023-05-19T00:00:00+09:00", "2033-05-18T23:59:59+09:00"},
		"2023-05-18T23:59:59+09:00": {"2023-05-19T00:00:00+09:00", "2033-05-18T23:59:59+09:00"},
		"2023-05-19T00:00:00+09:00": {"2023-05-20T00:00:00+09:00", "2033-05-19T23:59:59+09:00"},
		"2024-02-28T12:00:00+09:00": {"2024-02-29T00:00:00+09:00", "2034-02-28T23:59:59+09:00"}, // ten years on, no 29 February
	} {
		at, err := time.Parse(time.RFC3339, received)
		if err != nil {
			t.Fatal(err)
		}
		from, until := Period(at)
		if from.Nanosecond() != 0 || until.Nanosecond() != 0 {
			t.Errorf("%s: %s to %s", received, from, until)
		}
		if got := [2]string{from.In(jpki.JST).Format(time.RFC3339), until.In(jpki.JST).Format(time.RFC3339)}; got != want {
			t.Errorf("%s: %v, want %v", received, got, want)
		}
	}
}

func TestItemsHaveNames(t *testing.T) {
	for _, i := range Items() {
		if i.Japanese() == "" {
			t.Errorf("%s has no name", i)
		}
	}
	if Item("x").Japanese() != "" {
		t.Error("what is no item has a name")
	}
}

func FuzzParse(f *testing.F) {
	text, err := application().XML()
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(text))
	f.Add([]byte("<利用者同意申請情報><申請番号>"))
	f.Fuzz(func(t *testing.T, b []byte) {
		a, err := Parse(b)
		if err != nil {
			return
		}
		text, err := a.XML()
		if err != nil {
			t.Fatalf("%+v was read, and cannot be written: %v", a, err)
		}
		again, err := Parse([]byte(text))
		if err != nil || again.Number != a.Number || !again.WrittenAt.Equal(a.WrittenAt) || again.Purpose != a.Purpose || again.ServiceName != a.ServiceName || !slices.Equal(again.Items, a.Items) {
			t.Fatalf("%+v came back as %+v, %v", a, again, err)
		}
	})
}
