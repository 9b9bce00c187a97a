package ecosystem

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/rp"
)

// clinicVerifier is the clinic's entry in the world: it is an accredited verifier.
const clinicVerifier = `
  - {id: mihon-clinic, name: みほん診療所, key: test-clinic-verifier-key-not-secret, kinds: [digital-signature, user-authentication]}`

// withClinic starts the town with a clinic, which no file knows but the one of
// its wiring and the world's. (Its entry in compose.yaml is tested in
// internal/deployment.)
func withClinic(t *testing.T) *Ecosystem {
	t.Helper()
	world, err := os.ReadFile(filepath.Join("..", "..", "seed", "world.yaml"))
	webtest.Must(t, err)
	path := filepath.Join(t.TempDir(), "world.yaml")
	entered := strings.Replace(string(world), "\nverifiers:", "\nverifiers:"+clinicVerifier, 1)
	webtest.Must(t, os.WriteFile(path, []byte(entered), 0o600))
	houses := slices.Insert(Houses(), len(Houses())-1, clinicHouse()) // before the lobby
	return town(t, Config{Houses: houses, Seed: path, SweepEvery: -1})
}

// TestAFurtherHouse: one value gives a house its address, its place in the lobby
// and the ready file, its keys, its accreditation, the clock and its faults.
func TestAFurtherHouse(t *testing.T) {
	t.Parallel()
	alone(t)
	e := withClinic(t)
	clinic, guide := webtest.NewBrowser(t, e.URL("clinic")), webtest.NewBrowser(t, e.URL("lobby"))

	guide.Visits("/?lang=en").Says(200, e.URL("clinic")+"/", "Mihon Clinic", "Cards are checked at the reception")
	guide.Visits("/offices").Says(200, e.URL("clinic")+"/reception", e.key(clinicStaffKey))
	if got := e.Ready().URLs["clinic"]; got != e.URL("clinic") {
		t.Errorf("the ready file has the clinic at %q", got)
	}
	var greeting strings.Builder
	e.Greet(&greeting)
	if !strings.Contains(greeting.String(), e.URL("clinic")) {
		t.Errorf("the clinic is not greeted:\n%s", &greeting)
	}

	// The verifier's key is accredited, the staff's opens the reception.
	var card struct {
		Certificates map[jpki.Kind]jpki.SerialNumber
	}
	webtest.NewBrowser(t, e.Peer("card")).Calls("GET", "/v1/cards/card-hanako", nil, &card).Says(200)
	asks := "/reception/certificates/" + card.Certificates[jpki.DigitalSignature].String()
	var found struct{ State rp.State }
	clinic.Calls("GET", asks, nil, &found, webtest.Bearer(e.key(clinicStaffKey))...).Says(200)
	if found.State != rp.Unchanged {
		t.Errorf("hanako's certificate is %q", found.State)
	}
	clinic.Calls("GET", asks, nil, nil, webtest.Bearer("another")...).Refuses(401, "wrong_key")

	// It follows the clock.
	before := clinic.Visits("/?lang=en").Says(200, "Clinic").Text("today")
	guide.Fills("/clock-room", "step", "1mo").Says(200)
	if after := clinic.Visits("/").Says(200).Text("today"); after == before {
		t.Errorf("the clinic still has %s", after)
	}

	// It fails when the lobby is told so, and only then.
	guide.Visits("/faults").Says(200, "When the clinic does not answer", "Stop it")
	guide.Fills("/faults", "clinic", "silent").Says(200, "Start it again")
	if resp, err := clinic.Get(e.URL("clinic") + "/"); err == nil {
		resp.Body.Close()
		t.Errorf("the clinic answers %d though it was silenced", resp.StatusCode)
	}
	guide.Fills("/faults", "clinic", "answers").Says(200, "Stop it")
	clinic.Visits("/").Says(200)
	clinic.Calls("PUT", "/faults", map[string]bool{"error": true}, nil).Says(200)
	clinic.Calls("GET", "/", nil, nil).Refuses(503, "fault")
}

// TestAFurtherHouseIsConfigured: its addresses, its database and its keys are
// read from the environment.
func TestAFurtherHouseIsConfigured(t *testing.T) {
	t.Parallel()
	alone(t)
	cfg := Config{Houses: []House{clinicHouse()}}
	cfg.Environment(func(name string) string {
		return map[string]string{
			"JPKIMOCK_CLINIC_PUBLIC": "https://clinic.example/", "JPKIMOCK_CLINIC_PEER": "http://clinic:8089",
			"JPKIMOCK_CLINIC_DATABASE": "postgres://clinic", "JPKIMOCK_CLINIC_STAFF_KEY": "secret",
		}[name]
	})
	cfg = cfg.withDefaults()
	got := []string{cfg.Public["clinic"], cfg.Peer["clinic"], cfg.Databases["clinic"], cfg.Keys[clinicKey], cfg.Keys[clinicStaffKey]}
	want := []string{"https://clinic.example", "http://clinic:8089", "postgres://clinic", "test-clinic-verifier-key-not-secret", "secret"}
	if !slices.Equal(got, want) {
		t.Errorf("configured %q: want %q", got, want)
	}
}
