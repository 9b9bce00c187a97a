package catv_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/catv/internal/papers"
	"example.jp/jpkimock/rp"
)

func TestAFamilyIsEnrolledWithItsPapersAndRecognisedByItsCards(t *testing.T) {
	l := newLiving(t)
	hanako := l.enrols("hanako", "はな", "100101", "110011")
	haruto := l.enrols("haruto", "はるくん", "100101", "110022")
	if hanako.Signature != l.Card("hanako").Serial(jpki.DigitalSignature) || !haruto.Signature.IsZero() {
		t.Errorf("pairs: %q and %q", hanako.Signature, haruto.Signature)
	}
	for person, want := range map[string]catv.Viewer{"hanako": hanako, "haruto": haruto} {
		got, err := l.signsIn(person)
		if err != nil || got.ID != want.ID || got.Nickname != want.Nickname {
			t.Errorf("%s: %+v, %v", person, got, err)
		}
	}
	if _, err := l.signsIn("taro"); !errors.Is(err, catv.ErrUnknownViewer) {
		t.Errorf("a stranger: %v", err)
	}
	family, err := l.Family(l.ctx, hanako.ID)
	if err != nil || len(family) != 1 || family[0].ID != haruto.ID {
		t.Errorf("family %+v, %v", family, err)
	}
}

func TestACodeEnrolsOnePersonAndACardIsOneViewers(t *testing.T) {
	l := newLiving(t)
	l.enrols("hanako", "はな", "100101", "110011")
	try := func(person, nickname string, number catv.ContractNumber, code catv.RegistrationCode) error {
		token, nonce := l.answers(person)
		_, err := l.Enrol(l.ctx, catv.Enrolment{Contract: number, Code: code, Nickname: catv.Nickname(nickname), Token: token, Nonce: nonce})
		return err
	}
	l.refused(try("taro", "たろう", "100101", "110011"), catv.ErrCodeUsed, "a used code")
	l.refused(try("hanako", "はな", "100102", "120011"), catv.ErrEnrolled, "a card of a viewer")
	l.refused(try("taro", "", "100102", "120011"), catv.ErrNickname, "no nickname")
	l.refused(try("taro", strings.Repeat("あ", 11), "100102", "120011"), catv.ErrNickname, "a long nickname")
	l.refused(try("taro", "<b>", "100102", "120011"), catv.ErrNickname, "a nickname with markup")
	l.refused(try("taro", "たろう", "100102", "110022"), catv.ErrCode, "another contract's code")
	l.refused(try("taro", "たろう", "999999", "110022"), catv.ErrCode, "no contract")
	l.well(try("taro", "たろう", "100102", "120011"), "the right papers")
}

func TestTooManyWrongCodesShutTheContractForAnHour(t *testing.T) {
	l := newLiving(t)
	papers := func(code catv.RegistrationCode) error { _, err := l.Papers(l.ctx, "100103", code); return err }
	for range catv.MaxWrongCodes - 1 {
		l.refused(papers("000000"), catv.ErrCode, "a wrong code")
	}
	l.well(papers("130011"), "the right code, which forgives")
	for range catv.MaxWrongCodes - 1 {
		l.refused(papers("000000"), catv.ErrCode, "a wrong code")
	}
	l.refused(papers("000000"), catv.ErrLocked, "the last wrong code")
	l.refused(papers("130011"), catv.ErrLocked, "the right code while it is shut")
	l.Clock.Advance(catv.LockTime + time.Second)
	l.well(papers("130011"), "the right code an hour later")
}

func TestARenewedCertificateKeepsItsViewer(t *testing.T) {
	l := newLiving(t)
	first := map[string]catv.Viewer{
		"hanako": l.enrols("hanako", "はな", "100101", "110011"),
		"haruto": l.enrols("haruto", "はるくん", "100101", "110022"), // has no digital signature certificate
	}
	crowd(l)
	for person, was := range first {
		l.Renew(person)
		now, err := l.signsIn(person)
		if err != nil || now.ID != was.ID || now.Serial == was.Serial || now.Serial != l.Card(person).Serial(jpki.UserAuthentication) {
			t.Fatalf("%s: %+v, %v", person, now, err)
		}
		known, err := l.Certificates(l.ctx, now.ID)
		if err != nil || len(known) != 2 || known[0].Serial != now.Serial || known[1].Serial != was.Serial {
			t.Errorf("%s: certificates %+v, %v", person, known, err)
		}
		if again, err := l.signsIn(person); err != nil || again.ID != was.ID {
			t.Errorf("%s again: %+v, %v", person, again, err)
		}
		// Renewed twice before the next sign-in.
		l.Renew(person)
		l.Renew(person)
		if again, err := l.signsIn(person); err != nil || again.ID != was.ID {
			t.Errorf("%s after two renewals: %+v, %v", person, again, err)
		}
	}
}

// TestARenewedCardIsRecognisedElsewhereMeanwhile: whatever the authority is being
// asked for one set while the same card lies on another, both know the viewer.
func TestARenewedCardIsRecognisedElsewhereMeanwhile(t *testing.T) {
	for _, asked := range []string{"/pair", "/predecessors"} {
		t.Run(asked[1:], func(t *testing.T) {
			l := newLiving(t)
			was := l.enrols("hanako", "はな", "100101", "110011")
			l.Renew("hanako")
			signsIn := func() {
				if v, err := l.signsIn("hanako"); err != nil || v.ID != was.ID {
					t.Errorf("%+v, %v", v, err)
				}
			}
			l.meanwhile = map[string]func(){asked: signsIn}
			signsIn()
			if len(l.meanwhile) != 0 {
				t.Error("the authority was not asked")
			}
			if known, err := l.Certificates(l.ctx, was.ID); err != nil || len(known) != 2 {
				t.Errorf("certificates %+v, %v", known, err)
			}
		})
	}
}

// crowd enrols a hundred viewers who came later than those that are looked for.
func crowd(l *living) {
	l.t.Helper()
	places := make([]catv.Place, 10)
	for i := range places {
		places[i] = catv.Place{Label: catv.Name{JA: "x"}, Code: catv.RegistrationCode(fmt.Sprintf("%06d", i)), Profile: papers.Contracts()[0].Places[0].Profile}
	}
	for c := range 10 {
		number := catv.ContractNumber(fmt.Sprintf("4%05d", c))
		l.well(l.Install(l.ctx, catv.Contract{Number: number, Box: catv.BoxID(number), Holder: catv.Name{JA: "x"}, Places: places}), "install")
		for i := range places {
			place, err := l.Papers(l.ctx, number, places[i].Code)
			l.well(err, "papers")
			_, err = l.store.AddViewer(l.ctx, catv.Viewer{
				Contract: number, Place: place.ID, Nickname: "x", Serial: jpki.SerialNumber(fmt.Sprintf("AA%02X%04X", c, i)), SeenAt: l.Clock.Now().Add(time.Hour),
			})
			l.well(err, "add")
		}
	}
}

func TestACardThatIsNotValidSignsNobodyIn(t *testing.T) {
	l := newLiving(t)
	l.enrols("hanako", "はな", "100101", "110011")
	l.Suspend("hanako", jpki.UserAuthentication)
	_, err := l.signsIn("hanako")
	l.refused(err, rp.ErrSuspended, "suspended")
	l.Resume("hanako", jpki.UserAuthentication)
	_, err = l.signsIn("hanako")
	l.well(err, "resumed")
	l.SuspendAccreditation()
	_, err = l.signsIn("hanako")
	l.refused(err, rp.ErrNotAccredited, "without accreditation")
	l.Reaccredit()
	l.Revoke("hanako", jpki.UserAuthentication, jpki.KeyCompromise)
	_, err = l.signsIn("hanako")
	l.refused(err, rp.ErrRevoked, "revoked")
	l.Clock.Set(time.Date(2031, 2, 18, 12, 0, 0, 0, jpki.JST))
	_, err = l.signsIn("hanako")
	l.refused(err, rp.ErrExpired, "expired")
}

// links tells what the platform calls a viewer at a service.
func (l *living) links(service catv.Service, id catv.ViewerID, sub string) error {
	_, err := l.Link(l.ctx, service, id, sub)
	return err
}

func TestWhoLeavesIsForgotten(t *testing.T) {
	l := newLiving(t)
	v := l.enrols("hanako", "はな", "100101", "110011")
	l.well(l.links(catv.Health, v.ID, "sub-1"), "link")
	code, err := l.Leave(l.ctx, v.ID)
	l.well(err, "leave")
	_, err = l.signsIn("hanako")
	l.refused(err, catv.ErrUnknownViewer, "gone")
	_, err = l.PlaceOf(l.ctx, v.ID)
	l.refused(err, catv.ErrNoViewer, "the place of nobody")
	again := l.enrols("hanako", "はな", "100101", code)
	l.well(l.links(catv.Health, again.ID, "sub-1"), "link again")
}

func TestThePlatformsNameIsOneViewers(t *testing.T) {
	l := newLiving(t)
	hanako := l.enrols("hanako", "はな", "100101", "110011")
	haruto := l.enrols("haruto", "はるくん", "100101", "110022")
	for i, want := range []bool{true, false} {
		if fresh, err := l.Link(l.ctx, catv.Health, hanako.ID, "sub-hanako"); err != nil || fresh != want {
			t.Errorf("link %d: fresh %v, %v", i, fresh, err)
		}
	}
	l.refused(l.links(catv.Health, haruto.ID, "sub-hanako"), catv.ErrAnotherPerson, "mother's card under the child's sign-in")
	l.refused(l.links(catv.Health, hanako.ID, "sub-haruto"), catv.ErrAnotherPerson, "the child's card under mother's sign-in")
	l.refused(l.links(catv.Health, haruto.ID, ""), catv.ErrAnotherPerson, "nobody")
	l.well(l.links(catv.Booking, haruto.ID, "sub-hanako"), "another service has names of its own")
}

func TestContractsAreChecked(t *testing.T) {
	l := newLiving(t)
	good := papers.Contracts()[0]
	l.refused(l.Install(l.ctx, good), catv.ErrContractExists, "twice")
	for name, change := range map[string]func(*catv.Contract){
		"number": func(c *catv.Contract) { c.Number = "1" },
		"box":    func(c *catv.Contract) { c.Box = "" },
		"nobody": func(c *catv.Contract) { c.Places = nil },
		"code":   func(c *catv.Contract) { c.Places = []catv.Place{{Label: catv.Name{JA: "x"}, Code: "12"}} },
		"person": func(c *catv.Contract) { c.Places = []catv.Place{{Label: catv.Name{JA: "x"}, Code: "123456"}} },
		"twice":  func(c *catv.Contract) { c.Places = append(c.Places[:1:1], c.Places[0]) },
	} {
		c := good
		c.Number, c.Box = "200000", "STB-9"
		change(&c)
		l.refused(l.Install(l.ctx, c), catv.ErrContract, name)
	}
}
