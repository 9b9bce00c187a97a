package utility_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/portal/partner"
	"example.jp/jpkimock/portal/utility"
	"example.jp/jpkimock/portal/utility/db"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/rptest"
)

const portalKey = "portal-key-of-a-test"

// street is the businesses at their URLs, in a world with an authority and cards.
type street struct {
	*rptest.World
	t       *testing.T
	offices map[string]*utility.Office
	urls    map[string]string
}

func newStreet(t *testing.T) *street {
	t.Helper()
	s := &street{World: rptest.New(t), t: t, offices: map[string]*utility.Office{}, urls: map[string]string{}}
	cfg := s.Config("https://utility.example.jp")
	links, err := rp.NewLinkage(rp.LinkageConfig{AuthorityURL: cfg.AuthorityURL, Key: cfg.Key})
	s.must(err)
	for _, trade := range utility.Trades() {
		store, err := db.Open(filepath.Join(t.TempDir(), trade.ID+".db"))
		s.must(err)
		t.Cleanup(func() { store.Close() })
		office, err := utility.Open(t.Context(), trade, store, s.Clock.Now)
		s.must(err)
		server, err := partner.NewServer(partner.ServerConfig{
			ID: trade.ID, Key: portalKey, Verifier: s.Verifier("https://utility.example.jp"), Links: links, Business: office, Now: s.Clock.Now, KeySet: office.KeySet(),
		})
		s.must(err)
		listener := httptest.NewServer(server)
		t.Cleanup(listener.Close)
		s.offices[trade.ID], s.urls[trade.ID] = office, listener.URL
		for _, person := range []string{"hanako", "taro"} {
			s.must(office.Enter(t.Context(), s.customer(person)))
		}
	}
	return s
}

func (s *street) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// customer is somebody's entry; the number is made of the name's length.
func (s *street) customer(person string) utility.Customer {
	b, err := jpki.BasicFourOf(s.Card(person).Certificate(jpki.DigitalSignature))
	s.must(err)
	return utility.Customer{No: map[string]string{"hanako": "1001", "taro": "1002"}[person], Name: b.CommonName, Address: b.Address, DateOfBirth: b.DateOfBirth}
}

func (s *street) connection(person string) partner.Connection {
	c := s.customer(person)
	return partner.Connection{
		Customer: c.No, Name: c.Name, DateOfBirth: c.DateOfBirth, Box: "box-" + person, Certificate: s.Card(person).Serial(jpki.DigitalSignature),
	}
}

func (s *street) client(trade string) partner.Client {
	return partner.NewClient(s.urls[trade], portalKey)
}

// application is somebody's, signed with the present card.
func (s *street) application(trade, person, id string, answers map[string]string) partner.Application {
	sheet, digest, err := partner.Sheet{
		Application: id, Partner: trade, Customer: s.customer(person).No, ChangedOn: "2026-04-01", Answers: answers,
	}.Write()
	s.must(err)
	text := "申請書\n　　" + digest + "\n"
	return partner.Application{ID: id, Sheet: sheet, Document: text, Signature: s.Card(person).Sign([]byte(text))}
}

// Each business passes the test that an outside partner passes.
func TestEachBusinessConforms(t *testing.T) {
	s := newStreet(t)
	for trade := range s.offices {
		hanako := s.customer("hanako")
		sign := func(person string) func([]byte) ([]byte, error) {
			return func(document []byte) ([]byte, error) { return s.Card(person).SignWith(rptest.SignaturePIN, document) }
		}
		err := partner.Conform(t.Context(), partner.Candidate{
			Client: s.client(trade), ID: trade, Connection: s.connection("hanako"), Address: hanako.Address, Sign: sign("hanako"), Stranger: sign("taro"),
		})
		if err != nil {
			t.Errorf("%s: %v", trade, err)
		}
	}
}

// A partner that does not verify does not conform.
func TestACarelessPartnerDoesNotConform(t *testing.T) {
	s := newStreet(t)
	careless := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	defer careless.Close()
	sign := func(document []byte) ([]byte, error) { return s.Card("hanako").Sign(document), nil }
	err := partner.Conform(t.Context(), partner.Candidate{
		Client: partner.NewClient(careless.URL, portalKey), ID: "careless", Connection: s.connection("hanako"), Sign: sign, Stranger: sign,
	})
	if err == nil {
		t.Error("a partner that takes everything conforms")
	}
}

// After a move the new certificate is recognised, the register has the new address, and
// whatever is delivered again changes it no more.
func TestHanakoMovesOnce(t *testing.T) {
	s := newStreet(t)
	c := s.client("denryoku")
	s.must(c.Connect(t.Context(), s.connection("hanako")))
	s.Move("hanako", "青葉県みほん市三番町３番３号")
	a := s.application("denryoku", "hanako", "PT-1", nil)
	for range 3 {
		r, err := c.Deliver(t.Context(), a)
		s.must(err)
		if r.State != partner.Done || r.Notice == "" {
			t.Fatalf("%+v", r)
		}
	}
	all, err := s.offices["denryoku"].Customers(t.Context())
	s.must(err)
	if all[0].Address != "青葉県みほん市三番町３番３号" || all[0].Changes != 1 {
		t.Errorf("%+v", all[0])
	}
	// The certificate may be revoked by now: what was taken is not verified again.
	s.Revoke("hanako", jpki.DigitalSignature, jpki.KeyCompromise)
	if r, err := c.Deliver(t.Context(), a); err != nil || r.State != partner.Done {
		t.Errorf("%+v %v", r, err)
	}
	_, err = c.Deliver(t.Context(), s.application("denryoku", "hanako", "PT-2", nil))
	if refused, ok := errors.AsType[*partner.Refused](err); !ok || refused.Code != "revoked" {
		t.Errorf("with a revoked certificate: %v", err)
	}
}

// What each trade does: the waterworks are done a day later and serve one city, gas asks
// back, the insurer's staff decide.
func TestTheTradesDiffer(t *testing.T) {
	s := newStreet(t)
	ctx := t.Context()
	for _, trade := range []string{"gas", "suido", "songai"} {
		s.must(s.client(trade).Connect(ctx, s.connection("hanako")))
		s.must(s.client(trade).Connect(ctx, s.connection("taro")))
	}
	s.Move("hanako", "青葉県みほん市三番町３番３号")
	want := func(trade, id string, state partner.State) {
		t.Helper()
		if r, err := s.client(trade).Receipt(ctx, id); err != nil || r.State != state {
			t.Fatalf("%s %s: %+v %v, want %s", trade, id, r, err, state)
		}
	}
	for _, trade := range []string{"gas", "suido", "songai"} {
		_, err := s.client(trade).Deliver(ctx, s.application(trade, "hanako", "PT-1", nil))
		s.must(err)
	}
	want("gas", "PT-1", partner.AskedBack)
	_, err := s.client("gas").Answer(ctx, "PT-1", "4月8日 午前")
	s.must(err)
	want("gas", "PT-1", partner.Done)

	s.must(s.offices["suido"].Sweep(ctx))
	want("suido", "PT-1", partner.Accepted)
	s.Clock.Advance(25 * time.Hour)
	s.must(s.offices["suido"].Sweep(ctx))
	want("suido", "PT-1", partner.Done)

	want("songai", "PT-1", partner.Accepted)
	s.must(s.offices["songai"].Ask(ctx, "PT-1", "建物の構造をお知らせください。"))
	want("songai", "PT-1", partner.AskedBack)
	_, err = s.client("songai").Answer(ctx, "PT-1", "木造")
	s.must(err)
	want("songai", "PT-1", partner.Accepted)
	if err := s.offices["songai"].Reject(ctx, "PT-1", ""); !errors.Is(err, utility.ErrWhy) {
		t.Errorf("rejected without a reason: %v", err)
	}
	s.must(s.offices["songai"].Reject(ctx, "PT-1", "契約が満期を過ぎています。"))
	want("songai", "PT-1", partner.Rejected)
	if err := s.offices["songai"].Finish(context.Background(), "PT-1"); !errors.Is(err, utility.ErrFinal) {
		t.Errorf("decided twice: %v", err)
	}

	s.Move("taro", "若葉県いろは市一番町１番１号")
	_, err = s.client("suido").Deliver(ctx, s.application("suido", "taro", "PT-2", nil))
	s.must(err)
	want("suido", "PT-2", partner.Rejected)
}
