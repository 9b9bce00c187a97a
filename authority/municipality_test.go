package authority_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
)

// officer gives an officer of the demonstration.
func officer(t *testing.T, id string) desk.Officer {
	t.Helper()
	for _, o := range desk.Officers() {
		if o.ID == id {
			return o
		}
	}
	t.Fatalf("no officer %s", id)
	return desk.Officer{}
}

// wantElsewhere wants an act to be refused, and the municipality to be named
// that is responsible.
func wantElsewhere(t *testing.T, what string, err error, code string) {
	t.Helper()
	if refused, ok := errors.AsType[*desk.ElsewhereError](err); !ok || refused.Responsible.Code != code {
		t.Errorf("%s: %v, want %s to be responsible", what, err, code)
	}
}

// TestAnActBelongsToTheMunicipalityOfResidence tries every act of the counter
// as an officer of another municipality.
func TestAnActBelongsToTheMunicipalityOfResidence(t *testing.T) {
	ctx := context.Background()
	for _, e := range register.LifeEvents() {
		t.Run(string(e), func(t *testing.T) {
			w := open(t)
			issued := w.Settle(authoritytest.Hanako())
			if e == register.Found || e == register.LossFinal {
				do(t, w, notice(register.Loss))
			}
			before := status(t, w, issued.Certificates[sign])
			n := notice(e)
			responsible := "99201"
			if e == register.MoveIn {
				responsible = "98201" // she goes there, and the act belongs there
				n.Person = &register.Person{Name: "見本　花子", DateOfBirth: "1980-02-17"}
			}
			for _, id := range []string{"mado-1", "mado-2", "mado-3"} {
				who := officer(t, id)
				if n.By = who.By("届出"); who.Municipality.Code == responsible {
					continue
				}
				_, err := w.Preview(ctx, n)
				wantElsewhere(t, "the preview of "+id, err, responsible)
				_, err = w.Do(ctx, n)
				wantElsewhere(t, "the act of "+id, err, responsible)
			}
			if got := status(t, w, issued.Certificates[sign]); got != before {
				t.Errorf("%+v, before %+v", got, before)
			}
			if lines, err := w.FormerEntries(ctx, "hanako"); err != nil || len(lines) != 0 {
				t.Errorf("%+v, %v", lines, err)
			}
		})
	}
}

// TestWhatAnOfficerDoesOutsideTheEvents: issuing, revoking, suspending and
// entering are bound to the municipality too.
func TestWhatAnOfficerDoesOutsideTheEvents(t *testing.T) {
	ctx := context.Background()
	w := open(t)
	c := w.Settle(authoritytest.Hanako()).Certificates[sign]
	by := officer(t, "mado-2").By("申請")
	_, err := w.Authority.Issue(ctx, authority.Application{ResidentID: "hanako", CardID: "hanako", By: by})
	wantElsewhere(t, "an issue", err, "99201")
	_, err = w.Suspend(ctx, c.Kind, c.Serial, by)
	wantElsewhere(t, "a suspension", err, "99201")
	_, err = w.Revoke(ctx, c.Kind, c.Serial, jpki.KeyCompromise, by)
	wantElsewhere(t, "a revocation", err, "99201")
	if _, err = w.Suspend(ctx, c.Kind, c.Serial, atCounter); err != nil {
		t.Fatal(err)
	}
	_, err = w.Resume(ctx, c.Kind, c.Serial, by)
	wantElsewhere(t, "a resumption", err, "99201")
	taro := authoritytest.Taro()
	_, err = w.RegisterResident(ctx, taro, by)
	wantElsewhere(t, "a first entry", err, "99201")
	if got := status(t, w, c); got.State != register.Held {
		t.Errorf("%+v", got)
	}
	if _, err := w.Resume(ctx, c.Kind, c.Serial, officer(t, "mado-1").By("発見")); err != nil {
		t.Error(err)
	}
}

// TestTheCallCentreServesTheWholeCountry suspends wherever the caller lives.
func TestTheCallCentreServesTheWholeCountry(t *testing.T) {
	w := open(t)
	w.Settle(authoritytest.Hanako())
	search := register.HolderSearch{Name: "見本　花子", DateOfBirth: "1980-02-17", Address: "青葉県みほん市本町１丁目２番３号"}
	if _, err := w.SuspendHolder(context.Background(), search, officer(t, "denwa-1").By("紛失")); err != nil {
		t.Error(err)
	}
}

// TestAMoveHandsTheResidentOver: one notice at the old town, one at the new;
// from then on the new one is responsible, with the names it writes itself.
func TestAMoveHandsTheResidentOver(t *testing.T) {
	ctx := context.Background()
	w := open(t)
	w.Settle(authoritytest.Hanako())
	mihon, iroha := officer(t, "mado-1"), officer(t, "mado-2")
	act := func(by desk.Officer, e register.LifeEvent, change func(*register.Notice)) error {
		w.Clock.Advance(time.Hour)
		n := notice(e)
		if n.By = by.By("届出"); change != nil {
			change(&n)
		}
		_, err := w.Do(ctx, n)
		return err
	}
	_, err := w.Preview(ctx, register.Notice{ResidentID: "hanako", Event: register.MoveIn, Address: "青葉県みほん市新町１番", Municipality: &mihon.Municipality, By: mihon.By("転入届")})
	wantErr(t, "into the town where she lives", err, register.ErrResidesHere)
	wantElsewhere(t, "moved out by the new town", act(iroha, register.MoveOut, nil), "99201")
	if err := act(mihon, register.MoveOut, nil); err != nil {
		t.Fatal(err)
	}
	wantElsewhere(t, "the card, between the two", act(iroha, register.PINReset, nil), "99201")
	wantElsewhere(t, "taken in by the old town", act(mihon, register.MoveIn, nil), "98201")
	wantElsewhere(t, "by an officer who does not say who comes", act(iroha, register.MoveIn, nil), "99201")
	err = act(iroha, register.MoveIn, func(n *register.Notice) {
		n.Municipality = &desk.Municipality{Code: "98201", City: "別の名の市"}
		n.Person = &register.Person{Name: "見本花子", DateOfBirth: "1980-02-17"}
	})
	if err != nil {
		t.Fatal(err)
	}
	if r, err := w.Resident(ctx, "hanako"); err != nil || r.Municipality != iroha.Municipality || r.Standing != register.StandingResident {
		t.Errorf("%+v, %v", r, err)
	}
	wantElsewhere(t, "a loss at the old town", act(mihon, register.Loss, nil), "98201")
	for _, e := range []register.LifeEvent{register.Reissue, register.Loss, register.Found} {
		if err := act(iroha, e, nil); err != nil {
			t.Errorf("%s: %v", e, err)
		}
	}
}

// TestEveryMunicipalityHasItsCounter reads the officers of the demonstration.
func TestEveryMunicipalityHasItsCounter(t *testing.T) {
	at := map[string]string{}
	for _, o := range desk.Officers() {
		if o.May(desk.RoleCounter) != (o.Municipality.Code != "") {
			t.Errorf("%s has the post %v and the municipality %q", o.ID, o.Roles, o.Municipality.City)
		}
		if o.Municipality.Code != "" {
			at[o.Municipality.Code] = o.ID
		}
	}
	for _, m := range desk.Municipalities() {
		if at[m.Code] == "" {
			t.Errorf("nobody is at the counter of %s", m.City)
		}
	}
}
