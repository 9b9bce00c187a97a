package authority_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
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
		h, err := w.FindHolder(ctx, register.HolderSearch{Name: c.name, DateOfBirth: c.birth, Address: c.address})
		switch {
		case c.found == "" && !errors.Is(err, register.ErrNoResident):
			t.Errorf("%s: %s, %v", c.what, h.Resident.ID, err)
		case c.found != "" && (err != nil || h.Resident.ID != c.found || len(h.Certificates) != 2 || len(h.Cards) != 1):
			t.Errorf("%s: %+v, %v", c.what, h, err)
		}
	}
	for _, s := range []register.HolderSearch{{}, {Name: name}, {Name: name, DateOfBirth: "1980", Address: address}, {Name: "　", DateOfBirth: birth, Address: address}, {Name: name, DateOfBirth: "1980-02-1x", Address: address}} {
		var invalid *desk.InvalidError
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
	wantErr(t, "two", err, register.ErrNoResident)
}

func asHanako() register.HolderSearch {
	return register.HolderSearch{Name: "見本花子", DateOfBirth: "1980-02-17", Address: "青葉県みほん市本町1-2-3"}
}

// TestANightCall: suspended by telephone at night, found and released at the
// counter in the morning.
func TestANightCall(t *testing.T) {
	ctx := context.Background()
	w := open(t)
	issued := w.Settle(authoritytest.Hanako())
	call := desk.By{Officer: "denwa-1 電話　三郎", Why: "財布ごと紛失"}
	done, err := w.SuspendHolder(ctx, asHanako(), call)
	if err != nil || told(done.Effects) != "digital-signature suspended certificateHold; user-authentication suspended certificateHold" || done.Card.State != register.CardLost {
		t.Fatalf("%+v, %v", done, err)
	}
	for _, c := range issued.Certificates {
		if answer := ask(t, w, about(c)); answer.Status != 1 || answer.RevocationReason != 6 {
			t.Errorf("OCSP: %d, reason %d", answer.Status, answer.RevocationReason)
		}
	}
	_, err = w.SuspendHolder(ctx, asHanako(), call)
	wantErr(t, "again", err, register.ErrAlreadySuspended)
	do(t, w, notice(register.Found))
	if answer := ask(t, w, about(issued.Certificates[auth])); answer.Status != 0 {
		t.Errorf("OCSP after the release: %d", answer.Status)
	}
	if answer := ask(t, w, about(issued.Certificates[sign])); answer.Status != 1 || answer.RevocationReason != 6 {
		t.Errorf("OCSP of the signature after the release: %d, reason %d", answer.Status, answer.RevocationReason)
	}
	again := do(t, w, notice(register.Reissue))
	if answer := ask(t, w, about(again.Issued.Certificates[sign])); answer.Status != 0 || told(again.Effects) != "digital-signature revoked superseded" {
		t.Errorf("issued anew: %d, %s", answer.Status, told(again.Effects))
	}
	do(t, w, notice(register.Death))
	_, err = w.SuspendHolder(ctx, asHanako(), call)
	wantErr(t, "nothing valid", err, register.ErrNothingToDo)
}

// twoCards gives Hanako a second card in use: it has the authentication
// certificate, and the first one keeps that for signing.
func twoCards(w *authoritytest.World) (signs, authenticates register.Certificate) {
	first := w.Settle(authoritytest.Hanako())
	second := w.Issue(authority.Application{ResidentID: "hanako", CardID: "hanako-2", Kinds: []jpki.Kind{auth}, PINs: map[jpki.Kind]string{auth: "1234"}})
	return first.Certificates[sign], second.Certificates[auth]
}

// cardsOfHanako gives the states of her cards, in the order of their issue.
func cardsOfHanako(t *testing.T, w *authoritytest.World) string {
	t.Helper()
	cards, err := w.CardsOf(context.Background(), "hanako")
	if err != nil {
		t.Fatal(err)
	}
	var states []string
	for _, k := range cards {
		states = append(states, k.ID+":"+string(k.State))
	}
	return strings.Join(states, " ")
}

// TestACallIsAboutAllCards: one call, two cards, nothing left that signs; each
// card is released by itself.
func TestACallIsAboutAllCards(t *testing.T) {
	ctx := context.Background()
	w := open(t)
	signs, authenticates := twoCards(w)
	const both = "digital-signature suspended certificateHold; user-authentication suspended certificateHold"
	seen, err := w.PreviewSuspension(ctx, asHanako())
	if err != nil || told(seen.Effects) != both || len(seen.Cards) != 2 || cardsOfHanako(t, w) != "hanako: hanako-2:" {
		t.Fatalf("the preview: %+v, %v; the cards are %s", seen, err, cardsOfHanako(t, w))
	}
	done, err := w.SuspendHolder(ctx, asHanako(), atCounter)
	if err != nil || told(done.Effects) != both || len(done.Cards) != 2 {
		t.Fatalf("%+v, %v", done, err)
	}
	wantDone(t, w, done)
	for _, c := range []register.Certificate{signs, authenticates} {
		if answer := ask(t, w, about(c)); answer.Status != 1 || answer.RevocationReason != 6 {
			t.Errorf("%v: OCSP says %d, reason %d", c.Kind, answer.Status, answer.RevocationReason)
		}
	}
	if got := cardsOfHanako(t, w); got != "hanako:lost hanako-2:lost" {
		t.Errorf("the cards are %s", got)
	}
	lost := map[string]int{}
	for _, l := range journalOf(t, w) {
		if l.Act == string(register.Loss) {
			lost[l.CardID]++
		}
	}
	if len(lost) != 2 || lost["hanako"] != 1 || lost["hanako-2"] != 1 {
		t.Errorf("the journal has a loss of %v", lost)
	}
	_, err = w.SuspendHolder(ctx, asHanako(), atCounter)
	wantErr(t, "again", err, register.ErrAlreadySuspended)

	found := notice(register.Found)
	found.CardID = "hanako-2"
	if done := do(t, w, found); told(done.Effects) != "user-authentication resumed" {
		t.Errorf("found: %s", told(done.Effects))
	}
	if s := status(t, w, signs); s.State != register.Held || cardsOfHanako(t, w) != "hanako:lost hanako-2:" {
		t.Errorf("the other card: %+v; the cards are %s", s, cardsOfHanako(t, w))
	}
	if done := do(t, w, notice(register.LossFinal)); told(done.Effects) != "digital-signature revoked keyCompromise" || done.Card.ID != "hanako" {
		t.Errorf("given up: %s on %s", told(done.Effects), done.Card.ID)
	}
}

// TestACardThatIsNotNamed: an act that would lose, find or end one of two cards
// asks which.
func TestACardThatIsNotNamed(t *testing.T) {
	w := open(t)
	twoCards(w)
	for _, e := range []register.LifeEvent{register.Loss, register.CardReturn} {
		_, err := w.Do(context.Background(), notice(e))
		if invalid, ok := errors.AsType[*desk.InvalidError](err); !ok || invalid.Field != "card" {
			t.Errorf("%s: %v", e, err)
		}
	}
	for _, id := range []string{"hanako", "hanako-2"} {
		n := notice(register.Loss)
		n.CardID = id
		if done := do(t, w, n); len(done.Effects) != 1 || done.Effects[0].Certificate.CardID != id || len(done.Cards) != 1 {
			t.Errorf("%s: %+v", id, done.Effects)
		}
	}
	for _, e := range []register.LifeEvent{register.Found, register.LossFinal, register.CardReturn} {
		_, err := w.Do(context.Background(), notice(e))
		if invalid, ok := errors.AsType[*desk.InvalidError](err); !ok || invalid.Field != "card" {
			t.Errorf("%s: %v", e, err)
		}
	}
	_, err := w.Do(context.Background(), notice(register.Loss))
	wantErr(t, "both are lost", err, register.ErrNothingToDo)
}
