package web_test

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/medical"
	"example.jp/jpkimock/medical/db"
	"example.jp/jpkimock/medical/insurer"
	"example.jp/jpkimock/medical/pharmacy"
	"example.jp/jpkimock/medical/platform"
	"example.jp/jpkimock/medical/reception"
	"example.jp/jpkimock/medical/web"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/rptest"
)

const (
	agent  = "http://localhost:8082"
	kenpo  = medical.InsurerNumber("06990014")
	kokuho = medical.InsurerNumber("00992016")
)

// town is a hospital, a platform and two insurers over real databases and listeners, and
// people with cards.
type town struct {
	*testing.T
	*rptest.World
	url, dir string
	offices  map[medical.InsurerNumber]*insurer.Office
	desk     *reception.Desk
	counters map[string]*pharmacy.Counter
	reader   *webtest.Reader

	mu sync.Mutex
	// pays opens the cashier of an institution, if it is set.
	pays    func(at string, i *web.Institution, visits *db.Reception)
	silent  string            // the beginning of the paths at which nobody answers
	files   map[string]string // at the receipt computer
	noSpace bool              // there
}

func newTown(t *testing.T) *town {
	t.Helper()
	w := townOf(t)
	w.url = webtest.Serve(t, w.opens)
	return w
}

// townOf gives a town that is not open yet.
func townOf(t *testing.T) *town {
	t.Helper()
	adult := func(id, name string) rptest.Person {
		return rptest.Person{ID: id, BasicFour: jpki.NewBasicFour(name, jpki.DateOfBirthOn(1985, time.May, 5), jpki.Female, "若葉県いろは市本町1-1")}
	}
	w := &town{T: t, dir: t.TempDir(), offices: map[medical.InsurerNumber]*insurer.Office{}, files: map[string]string{},
		counters: map[string]*pharmacy.Counter{}, reader: webtest.NewReader(t),
		World: rptest.New(t, rptest.People(adult("yumi", "森　由美"), adult("maria", "MARIA"), adult("sakurako", "吉野　桜子"), adult("misaki", "日向　美咲")))}
	return w
}

// opens builds the parties at their URL.
func (w *town) opens(at string) http.Handler {
	cfg := web.Config{PublicURL: at, AgentURL: agent, Lobby: "http://localhost:8080", Now: w.Clock.Now, PlatformStaffKey: "platform-staff", RelayKey: "relay", HoldersKey: "holders"}
	linkage, err := rp.NewLinkage(rp.LinkageConfig{AuthorityURL: w.World.URL(), Key: rptest.VerifierKey})
	webtest.Must(w, err)
	insurers := map[medical.InsurerNumber]platform.Insurer{}
	for id, number := range map[string]medical.InsurerNumber{"kenpo": kenpo, "kokuho": kokuho} {
		store, err := db.OpenInsurer(filepath.Join(w.dir, id+".db"))
		webtest.Must(w, err)
		w.Cleanup(func() { _ = store.Close() })
		challenges := insurer.NewChallenges(w.Clock.Now)
		kit := w.World.Config(at)
		kit.Challenges, kit.Grace = challenges, medical.GraceUntil
		verifier, err := rp.NewVerifier(kit)
		webtest.Must(w, err)
		w.offices[number], err = insurer.New(insurer.Config{Number: number, Name: id + "の保険", Verifier: verifier, Challenges: challenges, Linkage: linkage, Store: store, Now: w.Clock.Now})
		webtest.Must(w, err)
		cfg.Insurers = append(cfg.Insurers, web.Insurer{ID: id, NameEN: strings.ToUpper(id), Office: w.offices[number], StaffKey: id + "-staff"})
		insurers[number] = web.NewInsurerClient(at, id, "relay")
	}
	routes, err := db.OpenPlatform(filepath.Join(w.dir, "platform.db"))
	webtest.Must(w, err)
	w.Cleanup(func() { _ = routes.Close() })
	w.opensPrescriptions(&cfg, linkage)
	cfg.Platform, err = platform.New(platform.Config{Verifier: w.Verifier(at), Linkage: linkage, Store: routes, Insurers: insurers, Now: w.Clock.Now})
	webtest.Must(w, err)
	for _, id := range []string{"hospital", "clinic"} {
		visits, err := db.OpenReception(filepath.Join(w.dir, id+".db"))
		webtest.Must(w, err)
		w.Cleanup(func() { _ = visits.Close() })
		desk, err := reception.New(reception.Config{Code: "9910000011", Platform: web.NewPlatformClient(at, id+"-key"), Store: visits, Now: w.Clock.Now, Hand: w.hand})
		webtest.Must(w, err)
		if id == "hospital" {
			w.desk = desk
		}
		one := web.Institution{
			Institution: platform.Institution{ID: id, Code: "9910000011", Name: id + "病院"}, NameEN: id, Desk: desk, Key: id + "-key", StaffKey: id + "-staff",
			DoctorKey: map[string]string{"hospital": "doctor-staff"}[id], Rx: web.NewRxClient(at, "rx-hospital"),
		}
		if w.pays != nil {
			w.pays(at, &one, visits)
		}
		cfg.Institutions = append(cfg.Institutions, one)
	}
	pages, err := web.New(cfg)
	webtest.Must(w, err)
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		silent := w.silent
		w.mu.Unlock()
		if silent != "" && strings.HasPrefix(r.URL.Path, silent) {
			panic(http.ErrAbortHandler)
		}
		pages.ServeHTTP(rw, r)
	})
}

// hand is the receipt computer's folder.
func (w *town) hand(name string, content []byte) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.noSpace {
		return os.ErrPermission
	}
	w.files[name] = string(content)
	return nil
}

// silences makes nobody answer at some paths; "" ends that.
func (w *town) silences(path string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.silent = path
}

// insures enters somebody in the register of an insurer, and gives the numbers.
func (w *town) insures(person string, at medical.InsurerNumber, change func(*insurer.Insured)) (medical.Member, int64) {
	w.Helper()
	four := map[string]jpki.DateOfBirth{"haruto": jpki.DateOfBirthOn(2016, time.April, 10), "": jpki.DateOfBirthOn(1985, time.May, 5)}
	birth, ok := four[person]
	if !ok {
		birth = four[""]
	}
	p := insurer.Insured{Qualification: medical.Qualification{
		Member: medical.Member{Insurer: at, Symbol: "21", Number: number(person), Branch: "00", Birth: medical.Date(birth.Gregorian())},
		Name:   person, Kana: "カナ", Sex: jpki.Female, Address: "青葉県みほん市1-1", Family: medical.Self, InsuredName: person, QualifiedOn: "2020-04-01",
	}}
	if change != nil {
		change(&p)
	}
	added, err := w.offices[at].Enter(w.Context(), p)
	webtest.Must(w, err)
	return added.Member, added.ID
}

// numbersOf enters somebody at the society, and gives the numbers.
func (w *town) numbersOf(person string) medical.Member {
	w.Helper()
	m, _ := w.insures(person, kenpo, nil)
	return m
}

// number gives digits of a name.
func number(person string) string {
	n := ""
	for _, r := range person {
		n += string('0' + r%10)
	}
	return n
}

// patient is somebody at a terminal.
type patient struct {
	*town
	*webtest.Browser
	who, at string
}

func (w *town) patient(who string) *patient {
	return &patient{w, webtest.NewBrowser(w, w.url), who, "/hospital"}
}

// presents lays the card and types the PIN on the card's page, which posts the answer.
func (p *patient) presents(lang string) webtest.Page {
	p.Helper()
	p.Visits(p.at + "?lang=" + lang).Says(200)
	asked := p.Visits(p.at + "/card")
	if !strings.Contains(asked.Body, "data-jpki-nonce") {
		return asked
	}
	token := p.Card(p.who).Authenticate(p.url, asked.Attribute("data-jpki-nonce"))
	return p.posts(asked, webtest.Form("token", string(token)))
}

// posts plays the card agent's page, which has no cookie of this house.
func (p *patient) posts(asked webtest.Page, form url.Values) webtest.Page {
	p.Helper()
	to, err := url.Parse(asked.Attribute("action"))
	webtest.Must(p, err)
	sent := webtest.NewBrowser(p, p.url).WithoutRedirects().Posts(to.Path, form, "Origin", agent, "Sec-Fetch-Site", "cross-site").Says(303)
	return p.Visits(sent.Header.Get("Location"))
}

// links types the numbers of a notice.
func (p *patient) links(m medical.Member) webtest.Page {
	p.Helper()
	return p.Fills(p.at+"/numbers", "insurer", m.Insurer.Printed(), "symbol", m.Symbol, "number", m.Number, "branch", m.Branch, "birth", m.Birth.Digits())
}

// linked checks somebody in for the first time, to the end.
func (w *town) linked(who string, m medical.Member) *patient {
	w.Helper()
	p := w.patient(who)
	p.presents("ja")
	p.links(m).Says(200, "この方でよろしいですか")
	p.Fills(p.at+"/me", "me", "yes")
	p.Fills(p.at+"/consent", "answer", "all").Says(200, "カードをお取りください")
	return p
}

// staff signs somebody in at a party, by name where people are told apart.
func (w *town) staff(path, key string, who ...string) *webtest.Browser {
	w.Helper()
	b := webtest.NewBrowser(w, w.url)
	form := webtest.Form("key", key)
	if len(who) > 0 {
		form["who"] = who
	}
	b.Posts(path+"/signin", form).Says(200)
	return b
}
