package authority_test

import (
	"context"
	"errors"
	"testing"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/authoritytest"
)

// TestTheDeskFindsACaller is what a caller may say, and what not.
func TestTheDeskFindsACaller(t *testing.T) {
	ctx := context.Background()
	w := open(t)
	hanako := authoritytest.Hanako()
	w.Settle(hanako)
	w.Settle(authoritytest.Taro())
	rare := authoritytest.Hanako()
	rare.ID, rare.BasicFour.CommonName, rare.RegisterName = "yoshida", "吉田　花子", "𠮷田　花子"
	rare.BasicFour.SubstituteCharacterOfCommonName = ""
	w.Settle(rare)
	const name, birth, address = "見本　花子", "1980-02-17", "青葉県みほん市本町１丁目２番３号"
	for _, c := range []struct{ what, name, birth, address, found string }{
		{"as written", name, birth, address, "hanako"},
		{"without the space", "見本花子", birth, address, "hanako"},
		{"another space", "見本 花子", birth, address, "hanako"},
		{"narrow digits", name, birth, "青葉県みほん市本町1丁目2番3号", "hanako"},
		{"hyphens", name, birth, "青葉県 みほん市 本町1-2-3", "hanako"},
		{"wide hyphens", name, birth, "青葉県みほん市本町１－２－３", "hanako"},
		{"kanji", name, birth, "青葉県みほん市本町一丁目２番３号", "hanako"},
		{"the certificate's character", "吉田　花子", birth, address, "yoshida"},
		{"the register's character", "𠮷田　花子", birth, address, "yoshida"},
		{"another name", "見本　太郎", birth, address, ""},
		{"half a name", "見本", birth, address, ""},
		{"another birth", name, "1980-02-18", address, ""},
		{"another number", name, birth, "青葉県みほん市本町1-2-4", ""},
		{"half an address", name, birth, "青葉県みほん市", ""},
		{"numbers run together", name, birth, "青葉県みほん市本町12-3", ""},
	} {
		h, err := w.FindHolder(ctx, authority.HolderSearch{Name: c.name, DateOfBirth: c.birth, Address: c.address})
		switch {
		case c.found == "" && !errors.Is(err, authority.ErrNoResident):
			t.Errorf("%s: %s, %v", c.what, h.Resident.ID, err)
		case c.found != "" && (err != nil || h.Resident.ID != c.found || len(h.Certificates) != 2 || len(h.Cards) != 1):
			t.Errorf("%s: %+v, %v", c.what, h, err)
		}
	}
	for _, s := range []authority.HolderSearch{{}, {Name: name}, {Name: name, DateOfBirth: "1980", Address: address}, {Name: "　", DateOfBirth: birth, Address: address}, {Name: name, DateOfBirth: "1980-02-1x", Address: address}} {
		var invalid *authority.InvalidError
		if _, err := w.FindHolder(ctx, s); !errors.As(err, &invalid) {
			t.Errorf("%+v: %v", s, err)
		}
	}
}

func TestTwoOfOneNameAreNobody(t *testing.T) {
	w := open(t)
	w.Settle(authoritytest.Hanako())
	twin := authoritytest.Hanako()
	twin.ID = "hanako-too"
	w.Settle(twin)
	_, err := w.FindHolder(context.Background(), asHanako())
	wantErr(t, "two", err, authority.ErrNoResident)
}

func asHanako() authority.HolderSearch {
	return authority.HolderSearch{Name: "見本花子", DateOfBirth: "1980-02-17", Address: "青葉県みほん市本町1-2-3"}
}

// TestANightCall: suspended by telephone at night, found and released at the
// counter in the morning.
func TestANightCall(t *testing.T) {
	ctx := context.Background()
	w := open(t)
	issued := w.Settle(authoritytest.Hanako())
	call := authority.By{Officer: "denwa-1 電話　三郎", Why: "財布ごと紛失"}
	done, err := w.SuspendHolder(ctx, asHanako(), call)
	if err != nil || told(done.Effects) != "digital-signature suspended certificateHold; user-authentication suspended certificateHold" || done.Card.State != authority.CardLost {
		t.Fatalf("%+v, %v", done, err)
	}
	for _, c := range issued.Certificates {
		if answer := ask(t, w, about(c)); answer.Status != 1 || answer.RevocationReason != 6 {
			t.Errorf("OCSP: %d, reason %d", answer.Status, answer.RevocationReason)
		}
	}
	_, err = w.SuspendHolder(ctx, asHanako(), call)
	wantErr(t, "again", err, authority.ErrAlreadySuspended)
	do(t, w, notice(authority.Found))
	for _, c := range issued.Certificates {
		if answer := ask(t, w, about(c)); answer.Status != 0 {
			t.Errorf("OCSP after the release: %d", answer.Status)
		}
	}
	do(t, w, notice(authority.Death))
	_, err = w.SuspendHolder(ctx, asHanako(), call)
	wantErr(t, "nothing valid", err, authority.ErrNothingToDo)
}
