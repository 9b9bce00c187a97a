package authority_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"example.jp/jpkimock/authority/accreditation"
	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
)

var ministry = desk.By{Officer: "mic-1 認定　四郎", Why: "審査済み"}

func clinic() accreditation.Application {
	return accreditation.Application{Name: "みほん診療所", Contact: "受付", Use: "資格確認", Kinds: jpki.Kinds()}
}

// TestTheWayToAnAccreditation: applied for with both kinds, approved for one.
func TestTheWayToAnAccreditation(t *testing.T) {
	ctx := context.Background()
	w := open(t)
	forged := clinic()
	forged.State, forged.Verifier, forged.ID = accreditation.ApplicationApproved, "test-bank", "mine"
	app, err := w.Ministry.Apply(ctx, forged)
	if err != nil || app.State != accreditation.ApplicationOpen || app.Verifier != "" || app.ID == "mine" {
		t.Fatalf("%+v, %v", app, err)
	}
	v, key, err := w.Ministry.Approve(ctx, app.ID, accreditation.Approval{VerifierID: "clinic", Kinds: []jpki.Kind{auth}, Conditions: "窓口での資格確認に限る", By: ministry})
	if err != nil || v.State != accreditation.VerifierAccredited || len(key) < 20 || v.Conditions == "" || strings.Contains(fmt.Sprintf("%+v %s", v, v.KeyHash), key) {
		t.Fatalf("%+v, %v", v, err)
	}
	wantReason(t, w, key, auth, "")
	wantReason(t, w, key, sign, accreditation.KindNotCovered)
	if _, err := w.Ministry.SetConditions(ctx, "clinic", jpki.Kinds(), "", ministry); err != nil {
		t.Fatal(err)
	}
	wantReason(t, w, key, sign, "")
	if _, err := w.Ministry.SetState(ctx, "clinic", accreditation.VerifierSuspended, ministry); err != nil {
		t.Fatal(err)
	}
	w.Reopen()
	wantReason(t, w, key, auth, accreditation.Suspended)
	if _, err := w.Ministry.SetState(ctx, "clinic", accreditation.VerifierWithdrawn, ministry); err != nil {
		t.Fatal(err)
	}
	wantReason(t, w, key, auth, accreditation.Withdrawn)
	_, err = w.Ministry.SetConditions(ctx, "clinic", jpki.Kinds(), "", ministry)
	wantErr(t, "conditions after withdrawal", err, accreditation.ErrVerifierWithdrawn)

	lines, err := w.Ministry.Audit(ctx, "clinic", 0)
	if err != nil {
		t.Fatal(err)
	}
	var acts []string
	for _, l := range lines {
		acts = append(acts, l.Act)
		if l.Officer != ministry.Officer || l.Why != ministry.Why {
			t.Errorf("%+v", l)
		}
	}
	if got := strings.Join(acts, " "); got != "withdrawn suspended conditions accredited" {
		t.Errorf("the audit log says %s", got)
	}
}

func wantReason(t *testing.T, w *authoritytest.World, key string, kind jpki.Kind, want string) {
	t.Helper()
	_, err := w.Ministry.Accredited(key, kind)
	var refused *accreditation.NotAccreditedError
	got := ""
	if errors.As(err, &refused) {
		got = refused.Reason
	}
	if got != want {
		t.Errorf("%v: %q, want %q", kind, got, want)
	}
}

func TestDecisionsThatAreRefused(t *testing.T) {
	ctx := context.Background()
	w := open(t)
	one := clinic()
	one.Kinds = []jpki.Kind{auth}
	app, err := w.Ministry.Apply(ctx, one)
	if err != nil {
		t.Fatal(err)
	}
	var invalid *desk.InvalidError
	for field, ap := range map[string]accreditation.Approval{
		"kinds":      {VerifierID: "clinic", Kinds: jpki.Kinds()},
		"id":         {VerifierID: "Clinic!"},
		"conditions": {VerifierID: "clinic", Conditions: strings.Repeat("x", 201)},
	} {
		if _, _, err := w.Ministry.Approve(ctx, app.ID, ap); !errors.As(err, &invalid) || invalid.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	_, _, err = w.Ministry.Approve(ctx, app.ID, accreditation.Approval{VerifierID: "test-bank"})
	wantErr(t, "somebody else's ID", err, accreditation.ErrVerifierExists)
	_, _, err = w.Ministry.Approve(ctx, "application-999999", accreditation.Approval{VerifierID: "clinic"})
	wantErr(t, "no application", err, accreditation.ErrNoApplication)
	if rejected, err := w.Ministry.Reject(ctx, app.ID, ministry); err != nil || rejected.State != accreditation.ApplicationRejected {
		t.Errorf("%+v, %v", rejected, err)
	}
	_, _, err = w.Ministry.Approve(ctx, app.ID, accreditation.Approval{VerifierID: "clinic"})
	wantErr(t, "after the rejection", err, accreditation.ErrApplicationDecided)
	for field, bad := range map[string]accreditation.Application{
		"name": {Kinds: jpki.Kinds()}, "kinds": {Name: "x"}, "contact": {Name: "x", Kinds: jpki.Kinds(), Contact: strings.Repeat("x", 201)},
		"use": {Name: "x", Kinds: jpki.Kinds(), Use: "\xff"},
	} {
		if _, err := w.Ministry.Apply(ctx, bad); !errors.As(err, &invalid) || invalid.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestAFloodOfApplicationsIsBounded(t *testing.T) {
	ctx := context.Background()
	w := open(t)
	for range 200 {
		if _, err := w.Ministry.Apply(ctx, clinic()); err != nil {
			t.Fatal(err)
		}
	}
	_, err := w.Ministry.Apply(ctx, clinic())
	wantErr(t, "one more", err, accreditation.ErrTooManyApplications)
	all, err := w.Ministry.Applications(ctx)
	if err != nil || len(all) != 200 || all[0].ID != "application-000200" {
		t.Fatalf("%d, %v", len(all), err)
	}
	if _, err := w.Ministry.Reject(ctx, all[0].ID, ministry); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Ministry.Apply(ctx, clinic()); err != nil {
		t.Errorf("after a decision: %v", err)
	}
}

// TestAVerifierIsGivenAnotherKey: the old key opens nothing from then on, also
// after a restart.
func TestAVerifierIsGivenAnotherKey(t *testing.T) {
	ctx := t.Context()
	w := open(t)
	const old, other = "key-of-the-clinic-01", "key-of-the-clinic-02"
	for id, key := range map[string]string{"clinic": old, "pharmacy": "key-of-the-pharmacy-1"} {
		if _, err := w.Ministry.Register(ctx, accreditation.Registration{ID: id, Name: id, Key: key, Kinds: jpki.Kinds()}); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 { // the second time changes nothing
		if _, err := w.Ministry.SetKey(ctx, "clinic", other, ministry); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		wantReason(t, w, old, sign, accreditation.UnknownKey)
		wantReason(t, w, other, sign, "")
		w.Reopen()
	}
	_, err := w.Ministry.SetKey(ctx, "clinic", "key-of-the-pharmacy-1", ministry)
	wantErr(t, "another verifier's key", err, accreditation.ErrVerifierExists)
	_, err = w.Ministry.SetKey(ctx, "nobody", "key-of-the-nobody-01", ministry)
	wantErr(t, "a key for nobody", err, accreditation.ErrNoVerifier)
	if _, err := w.Ministry.SetKey(ctx, "clinic", "short", ministry); err == nil {
		t.Error("a short key was taken")
	}
	lines, err := w.Ministry.Audit(ctx, "clinic", 0)
	if err != nil || len(lines) != 2 || lines[0].Act != "key" {
		t.Errorf("the log says %+v, %v", lines, err)
	}
	if _, err := w.Ministry.SetState(ctx, "clinic", accreditation.VerifierWithdrawn, ministry); err != nil {
		t.Fatal(err)
	}
	_, err = w.Ministry.SetKey(ctx, "clinic", old, ministry)
	wantErr(t, "a key for who was withdrawn", err, accreditation.ErrVerifierWithdrawn)
}
