package onestop_test

import (
	"net/http/httptest"
	"path/filepath"
	"testing"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/catv/db"
	"example.jp/jpkimock/catv/onestop"
	"example.jp/jpkimock/portal/partner"
	partnerdb "example.jp/jpkimock/portal/partner/db"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/rptest"
)

const (
	origin    = "http://localhost:8084"
	portalKey = "portal-key-of-a-test"
	contract  = "100871"
)

// shop is the cable operator with its desk for the portal, and 花子's contract.
type shop struct {
	*rptest.World
	*catv.Station
	t      *testing.T
	client partner.Client
}

func newShop(t *testing.T) *shop {
	t.Helper()
	s := &shop{World: rptest.New(t), t: t}
	store, err := db.Open(filepath.Join(t.TempDir(), "catv.db"))
	s.must(err)
	t.Cleanup(func() { store.Close() })
	cfg := s.Config(origin)
	cfg.WantPaired = true
	verifier, err := rp.NewVerifier(cfg)
	s.must(err)
	links, err := rp.NewLinkage(rp.LinkageConfig{AuthorityURL: cfg.AuthorityURL, Key: cfg.Key})
	s.must(err)
	s.Station, err = catv.New(catv.Config{Verifier: verifier, Linkage: links, Store: store, Now: s.Clock.Now})
	s.must(err)
	docket, err := partnerdb.Open(t.Context(), partnerdb.Config{
		Address: filepath.Join(t.TempDir(), "portal.db"), ID: "cable", Name: onestop.Name, Done: onestop.Done,
		Register: onestop.Desk{Station: s.Station, Links: links}, Now: s.Clock.Now,
	})
	s.must(err)
	t.Cleanup(func() { docket.Close() })
	server, err := partner.NewServer(partner.ServerConfig{
		ID: "cable", Key: portalKey, Verifier: verifier, Links: links, Business: docket, Now: s.Clock.Now, KeySet: docket.KeySet(),
	})
	s.must(err)
	listener := httptest.NewServer(server)
	t.Cleanup(listener.Close)
	s.client = partner.NewClient(listener.URL, portalKey)
	profile := catv.Profile{Born: 1990, Sex: "2", HeightCM: 158, WeightKG: 53.5, Steps: 7600, Systolic: 112, Diastolic: 70}
	hanako := s.four("hanako")
	s.must(s.Install(t.Context(), catv.Contract{
		Number: contract, Holder: catv.Name{JA: "青葉さんのお宅"}, Box: "STB-0002", Subscriber: catv.Subscriber{Name: hanako.CommonName, Address: hanako.Address},
		Places: []catv.Place{{Label: catv.Name{JA: "契約者"}, Code: "613370", Profile: profile}, {Label: catv.Name{JA: "契約者の兄"}, Code: "909124", Profile: profile}},
	}))
	for person, code := range map[string]catv.RegistrationCode{"hanako": "613370", "taro": "909124"} {
		nonce, err := s.Challenge(t.Context())
		s.must(err)
		_, err = s.Enrol(t.Context(), catv.Enrolment{
			Contract: contract, Code: code, Nickname: "はなちゃん", Token: s.Card(person).Authenticate(origin, nonce), Nonce: nonce,
		})
		s.must(err)
	}
	return s
}

func (s *shop) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *shop) four(person string) jpki.BasicFour {
	four, err := jpki.BasicFourOf(s.Card(person).Certificate(jpki.DigitalSignature))
	s.must(err)
	return four
}

func (s *shop) connection(person string) partner.Connection {
	four := s.four(person)
	return partner.Connection{
		Customer: contract, Name: four.CommonName, DateOfBirth: four.DateOfBirth, Certificate: s.Card(person).Serial(jpki.DigitalSignature), Box: "box-" + person,
	}
}

func (s *shop) deliver(id string) partner.Receipt {
	s.t.Helper()
	sheet, digest, err := partner.Sheet{Application: id, Partner: "cable", Customer: contract, ChangedOn: "2026-04-01"}.Write()
	s.must(err)
	text := "申請書 " + id + "\n　　" + digest + "\n"
	r, err := s.client.Deliver(s.t.Context(), partner.Application{ID: id, Sheet: sheet, Document: text, Signature: s.Card("hanako").Sign([]byte(text))})
	s.must(err)
	return r
}

func TestTheCableOperatorConforms(t *testing.T) {
	s := newShop(t)
	sign := func(person string) func([]byte) ([]byte, error) {
		return func(document []byte) ([]byte, error) { return s.Card(person).SignWith(rptest.SignaturePIN, document) }
	}
	if err := partner.Conform(t.Context(), partner.Candidate{
		Client: s.client, ID: "cable", Connection: s.connection("hanako"), Address: s.four("hanako").Address, Sign: sign("hanako"), Stranger: sign("taro"),
	}); err != nil {
		t.Error(err)
	}
}

// 花子 moves in town, and the box with her; out of town there is no cable.
func TestASubscriberMoves(t *testing.T) {
	s := newShop(t)
	s.must(s.client.Connect(t.Context(), s.connection("hanako")))
	s.World.Move("hanako", "青葉県みほん市みなみ町１番")
	if r := s.deliver("PT-1"); r.State != partner.Done || r.Notice == "" {
		t.Errorf("%+v", r)
	}
	there := func() catv.Subscriber {
		c, err := s.Contract(t.Context(), contract)
		s.must(err)
		return c.Subscriber
	}
	if got := there(); got.Address != "青葉県みほん市みなみ町１番" {
		t.Errorf("%+v", got)
	}
	s.World.Move("hanako", "青葉県ひなた町７８番地")
	if r := s.deliver("PT-2"); r.State != partner.Rejected || r.Reason == "" {
		t.Errorf("out of the area: %+v", r)
	}
	if got := there(); got.Address != "青葉県みほん市みなみ町１番" {
		t.Errorf("after a rejection: %+v", got)
	}
}

// A contract is connected by its subscriber, whose card is in the household.
func TestAContractIsConnectedByItsSubscriber(t *testing.T) {
	s := newShop(t)
	stranger := s.connection("hanako")
	stranger.Certificate = s.Card("taro").Serial(jpki.UserAuthentication) // no signature certificate
	another := s.connection("hanako")
	another.Customer = "100872"
	for name, c := range map[string]partner.Connection{"her brother": s.connection("taro"), "a card of nobody": stranger, "no contract": another} {
		if err := s.client.Connect(t.Context(), c); err == nil {
			t.Errorf("connected: %s", name)
		}
	}
}
