package bank

import (
	"slices"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
)

func TestWhatAListShowsOfAName(t *testing.T) {
	for name, want := range map[string]string{"青葉　花子": "青＊　花＊", "Hanako Aoba": "H＊＊＊＊＊ A＊＊＊", "青": "青", "": ""} {
		if l, n := (CustomerLine{Name: name}).Masked(), (AddressedNotice{Name: name}).Masked(); l != want || n != want {
			t.Errorf("%q: %q, %q, want %q", name, l, n, want)
		}
	}
}

func TestALineOfAForm(t *testing.T) {
	for length, want := range map[int][]int{0: {0}, 15: {15}, 16: {16}, 17: {16, 1}, 32: {16, 16}, 33: {16, 16, 1}} {
		var got []int
		lines := wrap(strings.Repeat("あ", length))
		for _, l := range lines {
			got = append(got, len([]rune(l)))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%d characters: %v, want %v", length, got, want)
		}
	}
}

// Each of the four basic data makes another person.
func TestAFingerprintIsOfAllFour(t *testing.T) {
	c := Customer{BasicFour: jpki.NewBasicFour("青葉　花子", jpki.DateOfBirthOn(1980, time.May, 1), jpki.Female, "青葉県みほん市")}
	seen := map[string]string{c.Fingerprint(): "as it is"}
	for what, change := range map[string]func(*jpki.BasicFour){
		"name": func(f *jpki.BasicFour) { f.CommonName = "青葉　葉子" }, "address": func(f *jpki.BasicFour) { f.Address = "若葉県" },
		"birth": func(f *jpki.BasicFour) { f.DateOfBirth = jpki.DateOfBirthOn(1980, time.May, 2) }, "gender": func(f *jpki.BasicFour) { f.Gender = jpki.Male },
	} {
		other := c
		change(&other.BasicFour)
		if before, ok := seen[other.Fingerprint()]; ok {
			t.Errorf("another %s has the fingerprint of %s", what, before)
		}
		seen[other.Fingerprint()] = what
	}
}

// Which messages ask for a change form, and which the customer does not see.
func TestWhatAMessageAsks(t *testing.T) {
	asks := []NoticeKind{NoticeChanged, NoticeRenewed, NoticeRevoked, NoticeReissued, NoticeExpired}
	for _, k := range append(asks, NoticeSuspended, NoticeUnknown, NoticeAccepted, "") {
		if k.AsksChange() != slices.Contains(asks, k) || k.ForStaff() != (k == NoticeUnknown) {
			t.Errorf("%q: asks %t, for staff %t", k, k.AsksChange(), k.ForStaff())
		}
	}
}

// A finding is news if any one thing is other than on record.
func TestWhatIsNews(t *testing.T) {
	since := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	serial := jpki.SerialNumber("0705D901")
	known := func() Finding {
		return Finding{
			Watched: Watched{Serial: serial, Standing: Standing{State: rp.Suspended, Reason: jpki.CertificateHold, Since: since}},
			Status:  rp.Status{Kind: jpki.DigitalSignature, Serial: serial, State: rp.Suspended, Reason: jpki.CertificateHold, At: since},
		}
	}
	for name, tc := range map[string]struct {
		change func(*Finding)
		news   bool
	}{
		"nothing":             {func(*Finding) {}, false},
		"another state":       {func(f *Finding) { f.Status.State = rp.Revoked }, true},
		"another reason":      {func(f *Finding) { f.Status.Reason = jpki.KeyCompromise }, true},
		"another time":        {func(f *Finding) { f.Status.At = since.Add(time.Second) }, true},
		"the same time":       {func(f *Finding) { f.Status.At = since.In(jpki.JST) }, false},
		"another certificate": {func(f *Finding) { f.Status.Serial = "0705D902" }, true},
		"never asked about": {func(f *Finding) {
			f.Watched.Standing, f.Status.State, f.Status.Reason, f.Status.At = Standing{}, rp.Unchanged, 0, time.Time{}
		}, false},
		"unchanged, unproven": {func(f *Finding) {
			f.Watched.Standing, f.Status.State, f.Status.Reason, f.Status.At = Standing{}, rp.Unchanged, 0, time.Time{}
			f.Unproven = true
		}, true},
	} {
		f := known()
		tc.change(&f)
		if f.isNews() != tc.news {
			t.Errorf("%s: news is %t", name, f.isNews())
		}
	}
}

// The certificate on record has a date; of one that is followed it is not known.
func TestWhatIsWatched(t *testing.T) {
	c := Customer{ID: 7, Serial: "0705D901", CertificateExpires: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)}
	if w := c.watched(); w != (Watched{Customer: 7, Serial: c.Serial, Expires: c.CertificateExpires}) {
		t.Errorf("%+v", w)
	}
	c.Followed = Followed{Serial: "0705D902", Unproven: true}
	w := c.watched()
	if w != (Watched{Customer: 7, Serial: "0705D902", Unproven: true}) {
		t.Errorf("followed: %+v", w)
	}
	if f, err := w.finding(rp.Status{Kind: jpki.DigitalSignature, Serial: w.Serial, State: rp.Unchanged}, c.CertificateExpires.AddDate(9, 0, 0)); err != nil || f.State() != Reissued {
		t.Errorf("years later: %+v, %v", f, err)
	}
}
