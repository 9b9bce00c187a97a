package bank

import (
	"strconv"
	"strings"
	"testing"
)

func TestAmountsAsPeopleWriteThem(t *testing.T) {
	for in, want := range map[string]Yen{
		"1": 1, "10,000": 10_000, "１０００": 1000, "¥2,500": 2500, "３００円": 300, " 5 ": 5, "1000000": MaxTransfer,
		"": 0, "0": 0, "-1": 0, "1.5": 0, "1000001": 0, "99999999999999999999": 0, "千円": 0, "1e3": 0, "0x10": 0, ",": 0,
	} {
		got, err := ParseYen(in)
		if got != want || (err == nil) != (want > 0) {
			t.Errorf("%q: %d, %v: want %d", in, got, err, want)
		}
	}
}

func TestAccountNumbersAsPeopleWriteThem(t *testing.T) {
	for in, want := range map[string]AccountNumber{
		"1234567": "1234567", "１２３４５６７": "1234567", "123-4567": "1234567", " 123 4567 ": "1234567",
		"": "", "123456": "", "12345678": "", "12345６a": "", "1234567\n": "", "-------": "",
	} {
		if got, err := ParseAccountNumber(in); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v: want %q", in, got, err, want)
		}
	}
}

func TestDigitsOfALongText(t *testing.T) {
	for blanks, want := range map[int]string{38: "12", 39: ""} {
		if got := Digits("1"+strings.Repeat(" ", blanks)+"2", " "); got != want {
			t.Errorf("with %d blanks: %q, want %q", blanks, got, want)
		}
	}
}

func FuzzParseYen(f *testing.F) {
	for _, s := range []string{"1", "10,000", "１０００円", "¥", "99999999999999999999", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := ParseYen(s)
		if err != nil {
			return
		}
		if n < MinTransfer || n > MaxTransfer {
			t.Fatalf("%q gives %d", s, n)
		}
		if again, err := ParseYen(strconv.FormatInt(n.Int64(), 10)); err != nil || again != n {
			t.Fatalf("%q gives %d, which gives %d, %v", s, n, again, err)
		}
	})
}

func FuzzParseAccountNumber(f *testing.F) {
	for _, s := range []string{"1234567", "１２３-４５６７", "", "\xff\xfe"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		no, err := ParseAccountNumber(s)
		if err == nil && (len(no) != 7 || strings.Trim(string(no), "0123456789") != "") {
			t.Fatalf("%q gives %q", s, no)
		}
	})
}
