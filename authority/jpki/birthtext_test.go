package jpki_test

import (
	"testing"

	"example.jp/jpkimock/authority/jpki"
)

func TestADateOfBirthIsReadAsItIsWritten(t *testing.T) {
	for _, digits := range []string{"319800217", "419900515", "520190501", "420190430", "118680125", "219120730", "319800200", "319800000", "000000000", "019800217", "319261225"} {
		d, err := jpki.ParseDateOfBirth(digits)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := jpki.ParseJapaneseDateOfBirth(d.Japanese()); err != nil || got != d {
			t.Errorf("%s is written %s and read %v, %v", digits, d.Japanese(), got, err)
		}
	}
	for _, s := range []string{"", "昭和55年", "昭和65年1月1日", "令和1年5月1日", "平成31年5月1日", "仁和3年1月1日", "昭和55年02月17日", "昭和55年2月30日", "昭和５５年２月１７日", "昭和55年2月17日 "} {
		if d, err := jpki.ParseJapaneseDateOfBirth(s); err == nil {
			t.Errorf("%q was read as %v", s, d)
		}
	}
}
