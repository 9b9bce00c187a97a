package catv_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/catv/internal/papers"
	"example.jp/jpkimock/internal/fuse"
	"example.jp/jpkimock/rp"
)

// outOfOrder is a store of which one call fails.
type outOfOrder struct {
	catv.Store
	*fuse.Fuse
}

func (o outOfOrder) AddContract(ctx context.Context, c catv.Contract) error {
	return o.Do(func() error { return o.Store.AddContract(ctx, c) })
}

func (o outOfOrder) Contracts(ctx context.Context) ([]catv.Contract, error) {
	return fuse.Call(o.Fuse, func() ([]catv.Contract, error) { return o.Store.Contracts(ctx) })
}

func (o outOfOrder) Contract(ctx context.Context, number catv.ContractNumber) (catv.Contract, error) {
	return fuse.Call(o.Fuse, func() (catv.Contract, error) { return o.Store.Contract(ctx, number) })
}

func (o outOfOrder) MoveContract(ctx context.Context, number catv.ContractNumber, to catv.Subscriber) error {
	return o.Do(func() error { return o.Store.MoveContract(ctx, number, to) })
}

func (o outOfOrder) ContractOfBox(ctx context.Context, box catv.BoxID) (catv.Contract, error) {
	return fuse.Call(o.Fuse, func() (catv.Contract, error) { return o.Store.ContractOfBox(ctx, box) })
}

func (o outOfOrder) TryCode(ctx context.Context, number catv.ContractNumber, code catv.RegistrationCode, at time.Time) (catv.Place, error) {
	return fuse.Call(o.Fuse, func() (catv.Place, error) { return o.Store.TryCode(ctx, number, code, at) })
}

func (o outOfOrder) ReplaceCode(ctx context.Context, id catv.PlaceID, code catv.RegistrationCode) error {
	return o.Do(func() error { return o.Store.ReplaceCode(ctx, id, code) })
}

func (o outOfOrder) AddViewer(ctx context.Context, v catv.Viewer) (catv.Viewer, error) {
	return fuse.Call(o.Fuse, func() (catv.Viewer, error) { return o.Store.AddViewer(ctx, v) })
}

func (o outOfOrder) Viewer(ctx context.Context, id catv.ViewerID) (catv.Viewer, error) {
	return fuse.Call(o.Fuse, func() (catv.Viewer, error) { return o.Store.Viewer(ctx, id) })
}

func (o outOfOrder) Viewers(ctx context.Context, number catv.ContractNumber) ([]catv.Viewer, error) {
	return fuse.Call(o.Fuse, func() ([]catv.Viewer, error) { return o.Store.Viewers(ctx, number) })
}

func (o outOfOrder) PlaceOf(ctx context.Context, id catv.ViewerID) (catv.Place, error) {
	return fuse.Call(o.Fuse, func() (catv.Place, error) { return o.Store.PlaceOf(ctx, id) })
}

func (o outOfOrder) ViewerByCertificate(ctx context.Context, serial jpki.SerialNumber) (catv.Viewer, error) {
	return fuse.Call(o.Fuse, func() (catv.Viewer, error) { return o.Store.ViewerByCertificate(ctx, serial) })
}

func (o outOfOrder) ViewerBySignature(ctx context.Context, serial jpki.SerialNumber) (catv.Viewer, error) {
	return fuse.Call(o.Fuse, func() (catv.Viewer, error) { return o.Store.ViewerBySignature(ctx, serial) })
}

func (o outOfOrder) Relink(ctx context.Context, v catv.Viewer, at time.Time) error {
	return o.Do(func() error { return o.Store.Relink(ctx, v, at) })
}

func (o outOfOrder) Certificates(ctx context.Context, id catv.ViewerID) ([]catv.Linked, error) {
	return fuse.Call(o.Fuse, func() ([]catv.Linked, error) { return o.Store.Certificates(ctx, id) })
}

func (o outOfOrder) RecordSignIn(ctx context.Context, id catv.ViewerID, at time.Time) error {
	return o.Do(func() error { return o.Store.RecordSignIn(ctx, id, at) })
}

func (o outOfOrder) RemoveViewer(ctx context.Context, id catv.ViewerID, code catv.RegistrationCode, at time.Time) error {
	return o.Do(func() error { return o.Store.RemoveViewer(ctx, id, code, at) })
}

func (o outOfOrder) LinkSubject(ctx context.Context, service catv.Service, id catv.ViewerID, sub string, at time.Time) (bool, error) {
	return fuse.Call(o.Fuse, func() (bool, error) { return o.Store.LinkSubject(ctx, service, id, sub, at) })
}

func (o outOfOrder) Ping() error {
	return o.Do(func() error { return o.Store.Ping() })
}

// shaky opens the station of a living room anew, with one call out of order at a time.
func shaky(t *testing.T) (*living, *fuse.Fuse, catv.Config) {
	t.Helper()
	l, f := newLiving(t), &fuse.Fuse{}
	kit := l.World.Config(origin)
	kit.WantPaired = true
	verifier, err := rp.NewVerifier(kit)
	l.well(err, "verifier")
	links, err := rp.NewLinkage(rp.LinkageConfig{AuthorityURL: kit.AuthorityURL, Key: kit.Key})
	l.well(err, "linkage")
	cfg := catv.Config{Verifier: fuse.Kit{Verifier: verifier, Fuse: f}, Linkage: fuse.Links{Links: links, Fuse: f}, Store: outOfOrder{l.store, f}, Now: l.Clock.Now}
	l.Station, err = catv.New(cfg)
	l.well(err, "station")
	return l, f, cfg
}

// Whichever call fails, of the store, the kit or the authority, the act fails with it, and
// can be done again.
func TestNoFailureOfAStationIsSwallowed(t *testing.T) {
	l, f, _ := shaky(t)
	try := func(what string, act func() error) {
		t.Helper()
		f.Everywhere(t, what, func() func() error { return act })
	}
	answers := func(what, person string, act func(token []byte, nonce string) error) {
		t.Helper()
		f.Everywhere(t, what, func() func() error {
			token, nonce := l.answers(person)
			return func() error { return act(token, nonce) }
		})
	}
	signsIn := func(what, person string) {
		t.Helper()
		answers(what, person, func(token []byte, nonce string) error { _, err := l.SignIn(l.ctx, token, nonce); return err })
	}
	try("challenge", func() error { _, err := l.Challenge(l.ctx); return err })
	var hanako catv.Viewer
	answers("enrol", "hanako", func(token []byte, nonce string) (err error) {
		hanako, err = l.Enrol(l.ctx, catv.Enrolment{Contract: "100101", Code: "110011", Nickname: "はな", Token: token, Nonce: nonce})
		return err
	})
	signsIn("sign in", "hanako")
	l.Renew("hanako")
	signsIn("sign in with a renewed card", "hanako")
	l.Renew("hanako")
	sign := func() *rp.Signature {
		return &rp.Signature{Serial: l.Card("hanako").Serial(jpki.DigitalSignature), Paired: l.Card("hanako").Serial(jpki.UserAuthentication)}
	}
	try("signer with a renewed card", func() error {
		v, err := l.Signer(l.ctx, sign())
		if err == nil && v.ID != hanako.ID {
			t.Errorf("signed by %+v", v)
		}
		return err
	})
	try("signer without a pair", func() error {
		_, err := l.Signer(l.ctx, &rp.Signature{Serial: hanako.Signature})
		if errors.Is(err, catv.ErrUnknownViewer) {
			return nil // the certificate of the first card is no viewer's any more
		}
		return err
	})
	install := papers.Contracts()[0]
	install.Number, install.Box = "200000", "STB-9"
	for what, act := range map[string]func() error{
		"contracts":    func() error { _, err := l.Contracts(l.ctx); return err },
		"contract":     func() error { _, err := l.Contract(l.ctx, "100101"); return err },
		"box":          func() error { _, err := l.ContractOf(l.ctx, papers.Contracts()[0].Box); return err },
		"viewers":      func() error { _, err := l.Viewers(l.ctx, ""); return err },
		"viewer":       func() error { _, err := l.Viewer(l.ctx, hanako.ID); return err },
		"family":       func() error { _, err := l.Family(l.ctx, hanako.ID); return err },
		"certificates": func() error { _, err := l.Certificates(l.ctx, hanako.ID); return err },
		"place":        func() error { _, err := l.PlaceOf(l.ctx, hanako.ID); return err },
		"status":       func() error { _, err := l.CertificateStatus(l.ctx, []catv.Viewer{hanako}); return err },
		"papers":       func() error { _, err := l.Papers(l.ctx, "100102", "120011"); return err },
		"install":      func() error { return l.Install(l.ctx, install) },
		"move": func() error {
			return l.Station.Move(l.ctx, "100101", catv.Subscriber{Name: "青葉　花子", Address: "若葉県"})
		},
		"link": func() error { _, err := l.Link(l.ctx, catv.Health, hanako.ID, "sub"); return err },
		"ping": l.Ping,
	} {
		try(what, act)
	}
	place, err := l.Papers(l.ctx, "100102", "120011")
	l.well(err, "papers")
	try("new code", func() error { _, err := l.NewCode(l.ctx, place.ID); return err })
	try("leave", func() error { _, err := l.Leave(l.ctx, hanako.ID); return err })
}

// What a station is not opened without; and one that asks nobody knows the cards that it has
// seen, and no others.
func TestWhatAStationNeeds(t *testing.T) {
	l, _, whole := shaky(t)
	for name, without := range map[string]func(*catv.Config){
		"verifier": func(c *catv.Config) { c.Verifier = nil }, "store": func(c *catv.Config) { c.Store = nil }, "clock": func(c *catv.Config) { c.Now = nil },
	} {
		cfg := whole
		without(&cfg)
		if _, err := catv.New(cfg); err == nil {
			t.Errorf("opened without a %s", name)
		}
	}
	whole.Linkage = nil
	var err error
	l.Station, err = catv.New(whole)
	l.well(err, "station")
	v := l.enrols("hanako", "はな", "100101", "110011")
	if !v.Signature.IsZero() {
		t.Errorf("a pair that nobody told: %s", v.Signature)
	}
	_, err = l.signsIn("hanako")
	l.well(err, "the card that was enrolled")
	l.Renew("hanako")
	_, err = l.signsIn("hanako")
	l.refused(err, catv.ErrUnknownViewer, "another card")
	var unknown *catv.UnknownViewerError
	if !errors.As(err, &unknown) || unknown.Serial != l.Card("hanako").Serial(jpki.UserAuthentication) {
		t.Errorf("%v", err)
	}
}

// Who signed is found by the card's other certificate, by the certificate itself, or not.
func TestWhoHasSigned(t *testing.T) {
	l := newLiving(t)
	hanako := l.enrols("hanako", "はな", "100101", "110011")
	taro := l.enrols("taro", "たろう", "100102", "120011")
	for name, c := range map[string]struct {
		rp.Signature
		want catv.ViewerID
	}{
		"both":                  {rp.Signature{Serial: hanako.Signature, Paired: hanako.Serial}, hanako.ID},
		"the pair":              {rp.Signature{Serial: "0705FFFF", Paired: hanako.Serial}, hanako.ID},
		"the certificate":       {rp.Signature{Serial: taro.Signature}, taro.ID},
		"an unknown pair":       {rp.Signature{Serial: taro.Signature, Paired: "0A21FFFF"}, taro.ID},
		"nothing that is known": {rp.Signature{Serial: "0705FFFF"}, 0},
	} {
		v, err := l.Signer(l.ctx, &c.Signature)
		if v.ID != c.want || errors.Is(err, catv.ErrUnknownViewer) != (c.want == 0) {
			t.Errorf("%s: %+v, %v", name, v, err)
		}
	}
}

// What a contract says, to the last number.
func TestTheBoundsOfAContract(t *testing.T) {
	l := newLiving(t)
	good := papers.Contracts()[0]
	number := 300000
	for name, c := range map[string]struct {
		change func(*catv.Contract)
		want   error
	}{
		"as it should be":         {func(*catv.Contract) {}, nil},
		"no holder":               {func(c *catv.Contract) { c.Holder = catv.Name{} }, catv.ErrContract},
		"no box":                  {func(c *catv.Contract) { c.Box = "" }, catv.ErrContract},
		"a number of five":        {func(c *catv.Contract) { c.Number = c.Number[:5] }, catv.ErrContract},
		"a number of seven":       {func(c *catv.Contract) { c.Number += "0" }, catv.ErrContract},
		"letters":                 {func(c *catv.Contract) { c.Number = "30000a" }, catv.ErrContract},
		"a sign below the digits": {func(c *catv.Contract) { c.Number = "30000/" }, catv.ErrContract},
		"a sign above the digits": {func(c *catv.Contract) { c.Number = "30000:" }, catv.ErrContract},
		"twelve people":           {func(c *catv.Contract) { c.Places = people(12) }, nil},
		"thirteen people":         {func(c *catv.Contract) { c.Places = people(13) }, catv.ErrContract},
		"nobody's name":           {func(c *catv.Contract) { c.Places = people(1); c.Places[0].Label = catv.Name{} }, catv.ErrContract},
		"a code of five":          {func(c *catv.Contract) { c.Places = people(1); c.Places[0].Code = "12345" }, catv.ErrContract},
		"a subscriber":            {func(c *catv.Contract) { c.Subscriber = catv.Subscriber{Name: "青葉", Address: "青葉県"} }, nil},
		"no subscriber":           {func(c *catv.Contract) { c.Subscriber = catv.Subscriber{} }, nil},
		"a nameless subscriber":   {func(c *catv.Contract) { c.Subscriber = catv.Subscriber{Address: "青葉県"} }, catv.ErrContract},
		"a homeless subscriber":   {func(c *catv.Contract) { c.Subscriber = catv.Subscriber{Name: "青葉"} }, catv.ErrContract},
	} {
		number++
		contract := good
		contract.Number = catv.ContractNumber(fmt.Sprint(number))
		contract.Box = catv.BoxID(contract.Number)
		contract.Since = time.Time{}
		c.change(&contract)
		err := l.Install(l.ctx, contract)
		if !errors.Is(err, c.want) || (err == nil) != (c.want == nil) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		if kept, read := l.Contract(l.ctx, contract.Number); err == nil && (read != nil || kept.Since.IsZero()) {
			t.Errorf("%s: kept %+v, %v", name, kept, read)
		}
	}
	for to, want := range map[catv.Subscriber]error{{Name: "青葉", Address: "若葉県"}: nil, {Name: "青葉"}: catv.ErrContract, {Address: "若葉県"}: catv.ErrContract} {
		if err := l.Station.Move(l.ctx, good.Number, to); !errors.Is(err, want) {
			t.Errorf("moved to %+v: %v, want %v", to, err, want)
		}
	}
}

// people are so many lines of papers.
func people(n int) []catv.Place {
	all := make([]catv.Place, n)
	for i := range all {
		all[i] = catv.Place{Label: catv.Name{JA: "x"}, Code: catv.RegistrationCode(fmt.Sprintf("%06d", i)), Profile: papers.Contracts()[0].Places[0].Profile}
	}
	return all
}

// Each number of a health profile has its bounds.
func TestTheBoundsOfAProfile(t *testing.T) {
	l := newLiving(t)
	good := catv.Profile{Born: 1980, Sex: jpki.Female, HeightCM: 160, WeightKG: 55, Steps: 7000, Systolic: 120, Diastolic: 80}
	for i, c := range []struct {
		change func(*catv.Profile)
		good   bool
	}{
		{func(*catv.Profile) {}, true},
		{func(p *catv.Profile) { p.Born = 1900 }, false}, {func(p *catv.Profile) { p.Born = 1901 }, true}, {func(p *catv.Profile) { p.Born = 2199 }, true}, {func(p *catv.Profile) { p.Born = 2200 }, false},
		{func(p *catv.Profile) { p.HeightCM = 40 }, false}, {func(p *catv.Profile) { p.HeightCM = 40.5 }, true}, {func(p *catv.Profile) { p.HeightCM = 229.5 }, true}, {func(p *catv.Profile) { p.HeightCM = 230 }, false},
		{func(p *catv.Profile) { p.WeightKG = 2 }, false}, {func(p *catv.Profile) { p.WeightKG = 2.5 }, true}, {func(p *catv.Profile) { p.WeightKG = 249.5 }, true}, {func(p *catv.Profile) { p.WeightKG = 250 }, false},
		{func(p *catv.Profile) { p.Steps = -1 }, false}, {func(p *catv.Profile) { p.Steps = 0 }, true}, {func(p *catv.Profile) { p.Steps = 59999 }, true}, {func(p *catv.Profile) { p.Steps = 60000 }, false},
		{func(p *catv.Profile) { p.Systolic, p.Diastolic = 60, 40 }, false}, {func(p *catv.Profile) { p.Systolic, p.Diastolic = 61, 40 }, true},
		{func(p *catv.Profile) { p.Systolic = 229 }, true}, {func(p *catv.Profile) { p.Systolic = 230 }, false},
		{func(p *catv.Profile) { p.Diastolic = 30 }, false}, {func(p *catv.Profile) { p.Diastolic = 31 }, true}, {func(p *catv.Profile) { p.Diastolic = 119 }, true}, {func(p *catv.Profile) { p.Diastolic = 120 }, false},
	} {
		number := catv.ContractNumber(fmt.Sprintf("4%05d", i))
		one := people(1)
		one[0].Profile = good
		c.change(&one[0].Profile)
		err := l.Install(l.ctx, catv.Contract{Number: number, Box: catv.BoxID(number), Holder: catv.Name{JA: "x"}, Places: one})
		if (err == nil) != c.good || err != nil && !errors.Is(err, catv.ErrContract) {
			t.Errorf("%+v: %v", one[0].Profile, err)
		}
	}
}

// How a viewer is addressed, and what a nickname may be.
func TestWhatAViewerIsCalled(t *testing.T) {
	for nickname, want := range map[catv.Nickname]string{
		"はな": "はなさん", "はなちゃん": "はなちゃん", "はるくん": "はるくん", "花子さん": "花子さん", "太郎君": "太郎君", "花子様": "花子様", "花子さま": "花子さま",
	} {
		if got := nickname.Polite(); got != want {
			t.Errorf("%s is called %s", nickname, got)
		}
	}
	for nickname, good := range map[string]bool{
		"": false, strings.Repeat("あ", 10): true, strings.Repeat("あ", 11): false, "スーパー": true, "a b": true, "ア・イ": true, "が": true, "1号": true, "a-b": false, "a\n": false, "\xff": false,
	} {
		if err := catv.Nickname(nickname).Check(); (err == nil) != good {
			t.Errorf("%q: %v", nickname, err)
		}
	}
}

// A certificate is good to its last instant, whatever is answered; one that is revoked stays so.
func TestHowTheCertificatesOfViewersStand(t *testing.T) {
	l, _, cfg := shaky(t)
	hanako := l.enrols("hanako", "はな", "100101", "110011")
	taro := l.enrols("taro", "たろう", "100102", "120011")
	l.Revoke("taro", jpki.UserAuthentication, jpki.KeyCompromise)
	if all, err := l.CertificateStatus(l.ctx, nil); err != nil || all != nil {
		t.Errorf("of nobody: %+v, %v", all, err)
	}
	for late, want := range map[time.Duration]rp.State{0: rp.Unchanged, 1: rp.Expired} {
		cfg.Now = func() time.Time { return hanako.Expires.Add(late) }
		s, err := catv.New(cfg)
		l.well(err, "station")
		all, err := s.CertificateStatus(l.ctx, []catv.Viewer{hanako, taro})
		if err != nil || len(all) != 2 || all[0].State != want || all[1].State != rp.Revoked || (want == rp.Expired) != all[0].At.Equal(hanako.Expires) {
			t.Errorf("%s late: %+v, %v", late, all, err)
		}
	}
}

// A sub has 1 to 255 octets.
func TestTheLengthOfASub(t *testing.T) {
	l := newLiving(t)
	v := l.enrols("hanako", "はな", "100101", "110011")
	for length, want := range map[int]error{0: catv.ErrAnotherPerson, 256: catv.ErrAnotherPerson, 255: nil} {
		l.refused(l.links(catv.Health, v.ID, strings.Repeat("s", length)), want, "a sub")
	}
}
