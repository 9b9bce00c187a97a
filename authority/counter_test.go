package authority_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/ca"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
)

func TestACardIsIssued(t *testing.T) {
	w := open(t)
	issued := w.Settle(authoritytest.Hanako())
	if issued.Card.ID != "hanako" || len(issued.Certificates) != 2 {
		t.Fatalf("issued %+v", issued)
	}
	for kind, want := range map[jpki.Kind]jpki.SerialNumber{sign: "0705D990", auth: "0A21C3F0"} {
		c := issued.Certificates[kind]
		cert := parse(t, c.DER)
		if c.Serial != want || jpki.SerialNumberOf(cert) != want {
			t.Errorf("%v: serial %s, %s, want %s", kind, c.Serial, jpki.SerialNumberOf(cert), want)
		}
		if got, err := jpki.KindOf(cert); err != nil || got != kind {
			t.Errorf("%v: kind %v, %v", kind, got, err)
		}
		if err := cert.CheckSignatureFrom(w.CACertificate(kind)); err != nil {
			t.Errorf("%v: %v", kind, err)
		}
	}
	four, err := jpki.BasicFourOf(parse(t, issued.Certificates[sign].DER))
	if err != nil || four != authoritytest.Hanako().BasicFour {
		t.Errorf("the four data: %+v, %v", four, err)
	}
	if _, err := jpki.BasicFourOf(parse(t, issued.Certificates[auth].DER)); !errors.Is(err, jpki.ErrNoBasicFour) {
		t.Errorf("the authentication certificate carries the four data: %v", err)
	}
	written := w.Cards.Writes[0]
	if written.CardID != "hanako" || len(written.Certificates) != 2 || len(written.CACertificates) != 2 || written.PINs[sign] != "ABC123" ||
		written.Face.Name != "見本　花子" || written.Face.DateOfBirth != "昭和55年2月17日" || written.Face.Gender != "女" {
		t.Errorf("written: %+v", written)
	}
}

func TestAChildGetsNoSignatureCertificate(t *testing.T) {
	w := open(t)
	issued := w.Settle(authoritytest.Taro())
	if _, has := issued.Certificates[sign]; has || len(issued.Certificates) != 1 {
		t.Errorf("issued %+v", issued.Certificates)
	}
	_, err := w.Authority.Issue(context.Background(), authority.Application{ResidentID: "taro", CardID: "taro", Kinds: []jpki.Kind{sign}, PINs: authoritytest.PINs()})
	wantErr(t, "asked for", err, register.ErrTooYoung)
	_, err = w.Pair(context.Background(), authoritytest.Key, auth, issued.Certificates[auth].Serial)
	wantErr(t, "pair", err, authority.ErrNoPair)

	w.Clock.Set(time.Date(2033, 1, 5, 9, 0, 0, 0, jpki.JST)) // the fifteenth birthday
	if _, err := w.Authority.Issue(context.Background(), authority.Application{ResidentID: "taro", PINs: authoritytest.PINs()}); err != nil {
		t.Errorf("at 15: %v", err)
	}
}

func TestReissueOntoTheSameCard(t *testing.T) {
	ctx := context.Background()
	w := open(t)
	old := w.Settle(authoritytest.Hanako())
	w.Clock.Advance(time.Hour)
	next := w.Issue(authority.Application{ResidentID: "hanako", CardID: "hanako", Kinds: []jpki.Kind{sign}})
	if s := status(t, w, old.Certificates[sign]); s.State != register.Revoked || s.Reason != jpki.Superseded {
		t.Errorf("the old certificate stands as %+v", s)
	}
	if s := status(t, w, old.Certificates[auth]); s.State != register.Good {
		t.Errorf("the authentication certificate stands as %+v", s)
	}
	authSerial, signSerial := old.Certificates[auth].Serial, next.Certificates[sign].Serial
	for _, c := range []struct {
		kind         jpki.Kind
		serial, want jpki.SerialNumber
	}{{auth, authSerial, signSerial}, {sign, signSerial, authSerial}, {sign, old.Certificates[sign].Serial, authSerial}} {
		if got, err := w.Pair(ctx, authoritytest.Key, c.kind, c.serial); err != nil || got != c.want {
			t.Errorf("pair of %v %s: %s, %v, want %s", c.kind, c.serial, got, err, c.want)
		}
	}
}

func TestANewCardSupersedesTheOldOne(t *testing.T) {
	w := open(t)
	old := w.Settle(authoritytest.Hanako())
	next := w.Issue(authority.Application{ResidentID: "hanako", PINs: authoritytest.PINs()})
	if next.Card.ID == "hanako" {
		t.Error("the card is the old one")
	}
	for _, kind := range jpki.Kinds() {
		if s := status(t, w, old.Certificates[kind]); s.Reason != jpki.Superseded || s.State != register.Revoked {
			t.Errorf("%v stands as %+v", kind, s)
		}
		if s := status(t, w, next.Certificates[kind]); s.State != register.Good {
			t.Errorf("new %v stands as %+v", kind, s)
		}
	}
}

func TestWhatNeverReachedItsCardIsDiscarded(t *testing.T) {
	ctx := context.Background()
	w := open(t)
	if _, err := w.RegisterResident(ctx, authoritytest.Hanako(), desk.By{}); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("the printer jams")
	w.Cards.WriteError = broken
	app := authority.Application{ResidentID: "hanako", CardID: "hanako", PINs: authoritytest.PINs()}
	_, err := w.Authority.Issue(ctx, app)
	wantErr(t, "issue", err, broken)
	all, err := w.CertificatesOf(ctx, "hanako")
	if err != nil || len(all) != 2 {
		t.Fatalf("%d certificates, %v", len(all), err)
	}
	for _, c := range all {
		if c.Status.State != register.Revoked || c.Status.Reason != jpki.Unspecified || c.Delivered {
			t.Errorf("%v stands as %+v", c.Kind, c.Status)
		}
		_, err := w.Pair(ctx, authoritytest.Key, c.Kind, c.Serial)
		wantErr(t, "pair", err, register.ErrNoCertificate)
	}
	state := func() register.CardState {
		card, err := w.Config.Store.Card(ctx, "hanako")
		if err != nil {
			t.Fatal(err)
		}
		return card.State
	}
	if s := state(); s != register.CardVoid {
		t.Errorf("a card that carries nothing is %q", s)
	}
	var invalid *desk.InvalidError
	if _, err := w.Authority.Issue(ctx, authority.Application{ResidentID: "hanako", CardID: "hanako"}); !errors.As(err, &invalid) {
		t.Errorf("a card without PINs: %v", err)
	}
	w.Issue(app) // and the officer tries again
	if s := state(); s != register.CardInUse {
		t.Errorf("the card is %q", s)
	}
}

func TestWhatWasNotHandedOverBeforeAStopIsDiscarded(t *testing.T) {
	ctx := context.Background()
	w := open(t)
	c := w.Settle(authoritytest.Hanako()).Certificates[sign]
	c.Serial, c.Delivered = "0705D999", false
	if err := w.Config.Store.Commit(ctx, authority.Change{Certificates: []register.Certificate{c}}); err != nil {
		t.Fatal(err)
	}
	w.Reopen()
	if s := status(t, w, c); s.State != register.Revoked || s.Reason != jpki.Unspecified {
		t.Errorf("stands as %+v", s)
	}
	next := w.Issue(authority.Application{ResidentID: "hanako", CardID: "hanako", Kinds: []jpki.Kind{sign}})
	if s := next.Certificates[sign].Serial; s != "0705D99A" {
		t.Errorf("the next serial number is %s", s)
	}
}

func TestApplicationsThatAreRefused(t *testing.T) {
	w := open(t)
	w.Settle(authoritytest.Hanako())
	jiro := authoritytest.Hanako()
	jiro.ID = "jiro"
	if _, err := w.RegisterResident(context.Background(), jiro, desk.By{}); err != nil {
		t.Fatal(err)
	}
	pins := func(s, a string) map[jpki.Kind]string { return map[jpki.Kind]string{sign: s, auth: a} }
	good := authoritytest.PINs()
	for _, c := range []struct {
		name  string
		app   authority.Application
		want  error
		field string
	}{
		{"nobody", authority.Application{ResidentID: "nobody", PINs: good}, register.ErrNoResident, ""},
		{"another's card", authority.Application{ResidentID: "jiro", CardID: "hanako", PINs: good}, register.ErrCardExists, ""},
		{"a card's ID", authority.Application{ResidentID: "jiro", CardID: "../x", PINs: good}, nil, "card"},
		{"no PINs", authority.Application{ResidentID: "jiro"}, nil, "pins.digital-signature"},
		{"short password", authority.Application{ResidentID: "jiro", PINs: pins("AB123", "1234")}, nil, "pins.digital-signature"},
		{"long password", authority.Application{ResidentID: "jiro", PINs: pins("ABCDEFGH123456789", "1234")}, nil, "pins.digital-signature"},
		{"small letters", authority.Application{ResidentID: "jiro", PINs: pins("abc123", "1234")}, nil, "pins.digital-signature"},
		{"five digits", authority.Application{ResidentID: "jiro", PINs: pins("ABC123", "12345")}, nil, "pins.user-authentication"},
		{"letters in the PIN", authority.Application{ResidentID: "jiro", PINs: pins("ABC123", "12A4")}, nil, "pins.user-authentication"},
		{"full-width digits", authority.Application{ResidentID: "jiro", PINs: pins("ABC123", "１２３４")}, nil, "pins.user-authentication"},
		{"a kind twice", authority.Application{ResidentID: "jiro", PINs: good, Kinds: []jpki.Kind{auth, auth}}, nil, "kinds"},
		{"no kind", authority.Application{ResidentID: "jiro", PINs: good, Kinds: []jpki.Kind{7}}, nil, "kinds"},
		{"an expired card", authority.Application{ResidentID: "jiro", PINs: good, CardExpires: time.Date(2026, 3, 31, 0, 0, 0, 0, jpki.JST)}, register.ErrCardExpired, ""},
	} {
		_, err := w.Authority.Issue(context.Background(), c.app)
		var invalid *desk.InvalidError
		switch {
		case c.want != nil:
			wantErr(t, c.name, err, c.want)
		case !errors.As(err, &invalid) || invalid.Field != c.field:
			t.Errorf("%s: got %v, want an *InvalidError about %s", c.name, err, c.field)
		}
	}
	if n := len(w.Cards.Writes); n != 1 {
		t.Errorf("%d cards were written, want hanako's alone", n)
	}
	if w.Count(sign) != 1 || w.Count(auth) != 1 {
		t.Errorf("issued: %d, %d", w.Count(sign), w.Count(auth))
	}
}

func TestValidity(t *testing.T) {
	day := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 10, 0, 0, 0, jpki.JST) }
	birth := func(y int, m time.Month, d int) jpki.DateOfBirth { return jpki.DateOfBirthOn(y, m, d) }
	for _, c := range []struct {
		name   string
		birth  jpki.DateOfBirth
		issued time.Time
		card   time.Time // zero: the default
		want   string
	}{
		{"the observed test card", birth(1980, 2, 17), day(2025, 10, 27), time.Time{}, "2030-02-17"},
		{"the day before the birthday", birth(1980, 2, 17), day(2026, 2, 16), time.Time{}, "2030-02-17"},
		{"on the birthday", birth(1980, 2, 17), day(2026, 2, 17), time.Time{}, "2031-02-17"},
		{"the day after the birthday", birth(1980, 2, 17), day(2026, 2, 18), time.Time{}, "2031-02-17"},
		{"just before midnight UTC is another day in Japan", birth(1980, 2, 17), time.Date(2026, 2, 16, 20, 0, 0, 0, time.UTC), time.Time{}, "2031-02-17"},
		{"born on 29 February", birth(1980, 2, 29), day(2026, 4, 1), time.Time{}, "2031-02-28"},
		{"born on 29 February, leap year", birth(1980, 2, 29), day(2027, 4, 1), time.Time{}, "2032-02-29"},
		{"the card ends first", birth(1980, 2, 17), day(2026, 4, 1), day(2028, 5, 6), "2028-05-06"},
		{"the card ends later", birth(1980, 2, 17), day(2026, 4, 1), day(2036, 2, 17), "2031-02-17"},
		{"month and day unknown", jpki.DateOfBirth{Era: jpki.Showa, Year: 1980}, day(2026, 4, 1), time.Time{}, "2031-04-01"},
		{"the CA ends first", birth(1980, 2, 17), day(2046, 4, 1), time.Time{}, "2048-03-31"},
	} {
		w := open(t)
		w.Clock.Set(c.issued)
		r := authoritytest.Hanako()
		r.BasicFour.DateOfBirth = c.birth
		if _, err := w.RegisterResident(context.Background(), r, desk.By{}); err != nil {
			t.Fatal(err)
		}
		issued := w.Issue(authority.Application{ResidentID: r.ID, PINs: authoritytest.PINs(), CardExpires: c.card, Kinds: []jpki.Kind{auth}})
		cert := parse(t, issued.Certificates[auth].DER)
		if got := cert.NotAfter.In(jpki.JST).Format("2006-01-02 15:04:05"); got != c.want+" 23:59:59" {
			t.Errorf("%s: ends %s, want %s 23:59:59", c.name, got, c.want)
		}
		if !cert.NotBefore.Equal(c.issued.Truncate(time.Second)) {
			t.Errorf("%s: begins %v, want %v", c.name, cert.NotBefore, c.issued)
		}
	}
}

func TestTheCardsOwnExpiry(t *testing.T) {
	for _, c := range []struct {
		birth jpki.DateOfBirth
		want  string
	}{
		{jpki.DateOfBirthOn(1980, 2, 17), "2036-02-17"},
		{jpki.DateOfBirthOn(2018, 1, 5), "2031-01-05"},
		{jpki.DateOfBirthOn(2008, 4, 2), "2030-04-02"}, // 17 on the day
		{jpki.DateOfBirthOn(2008, 4, 1), "2036-04-01"}, // 18 on the day
	} {
		w := open(t)
		r := authoritytest.Hanako()
		r.BasicFour.DateOfBirth = c.birth
		if got := w.Settle(r).Card.Expires.In(jpki.JST).Format(time.DateOnly); got != c.want {
			t.Errorf("born %v: the card ends %s, want %s", c.birth.Gregorian(), got, c.want)
		}
	}
}

func TestOutsideTheCAsValidityNothingIsIssued(t *testing.T) {
	w := open(t)
	if _, err := w.RegisterResident(context.Background(), authoritytest.Hanako(), desk.By{}); err != nil {
		t.Fatal(err)
	}
	for _, at := range []time.Time{time.Date(2018, 3, 31, 23, 59, 59, 0, jpki.JST), time.Date(2048, 4, 1, 0, 0, 0, 0, jpki.JST)} {
		w.Clock.Set(at)
		_, err := w.Authority.Issue(context.Background(), authority.Application{ResidentID: "hanako", PINs: authoritytest.PINs()})
		wantErr(t, at.String(), err, ca.ErrOutsideValidity)
	}
}

func TestResidentsThatAreRefused(t *testing.T) {
	w := open(t)
	for name, change := range map[string]func(*register.Resident){
		"id":            func(r *register.Resident) { r.ID = "Hanako" },
		"no id":         func(r *register.Resident) { r.ID = "" },
		"code":          func(r *register.Resident) { r.Municipality.Code = "9920" },
		"romaji":        func(r *register.Resident) { r.Municipality.CityRomaji = "みほん市" },
		"nationality":   func(r *register.Resident) { r.Nationality = "jp" },
		"no name":       func(r *register.Resident) { r.BasicFour.CommonName = "" },
		"flags":         func(r *register.Resident) { r.BasicFour.SubstituteCharacterOfCommonName = "01" },
		"gender":        func(r *register.Resident) { r.BasicFour.Gender = "3" },
		"not UTF-8":     func(r *register.Resident) { r.Kana = "\xff" },
		"date of birth": func(r *register.Resident) { r.BasicFour.DateOfBirth.Month = 13 },
	} {
		r := authoritytest.Hanako()
		change(&r)
		var invalid *desk.InvalidError
		if _, err := w.RegisterResident(context.Background(), r, desk.By{}); !errors.As(err, &invalid) {
			t.Errorf("%s: got %v, want an *InvalidError", name, err)
		}
	}
	w.Settle(authoritytest.Hanako())
	_, err := w.RegisterResident(context.Background(), authoritytest.Hanako(), desk.By{})
	wantErr(t, "twice", err, register.ErrResidentExists)
}

func TestSubstituteCharactersAreCarried(t *testing.T) {
	w := open(t)
	r := authoritytest.Hanako()
	r.BasicFour.CommonName, r.BasicFour.SubstituteCharacterOfCommonName = "吉田　花子", "10000"
	issued := w.Settle(r)
	four, err := jpki.BasicFourOf(parse(t, issued.Certificates[sign].DER))
	if err != nil || four != r.BasicFour {
		t.Errorf("%+v, %v", four, err)
	}
}
