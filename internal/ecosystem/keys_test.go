package ecosystem

import (
	"bytes"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"example.jp/jpkimock/internal/ecosystem/care"
	"example.jp/jpkimock/internal/ecosystem/moving"
	"example.jp/jpkimock/internal/ecosystem/recording"
	"example.jp/jpkimock/internal/tracing"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/internal/whereabouts"
	"example.jp/jpkimock/medical/gateway/merchant"
	"example.jp/jpkimock/portal/utility"
	"example.jp/jpkimock/seed"
)

// ownKeys are keys for every interface of the town.
func ownKeys() map[string]string {
	keys := map[string]string{}
	for _, h := range Houses() {
		for _, k := range h.Keys {
			keys[k.Name] = "a-key-of-our-own-for-" + strings.ToLower(strings.ReplaceAll(k.Name, "_", "-"))
		}
	}
	return keys
}

// opens reports which keys open an interface.
func opens(t *testing.T, e *Ecosystem, keys map[string]string) map[string]bool {
	t.Helper()
	paths := map[string]string{
		officerKey: e.Peer("authority") + "/counter/v1/residents", writerKey: e.Peer("card") + "/writer/v1/cards/card-hanako",
		bankKey: e.Peer("authority") + "/crl/digital-signature.crl", catvStaffKey: e.Peer("catv") + "/operator/v1/contracts",
		platformStaffKey: e.Peer("platform") + "/register/v1/providers",
	}
	for _, verifier := range []string{catvKey, platformKey, care.PlatformKey, care.KenpoKey, care.KokuhoKey, gatewayKey, care.RxKey} {
		paths[verifier] = paths[bankKey]
	}
	paths[moving.PortalKey], paths[moving.DeliveryKey] = paths[bankKey], e.Peer("utility")+"/gas/partner/v1/keys"
	paths[moving.BankPortalKey], paths[moving.CATVPortalKey] = e.Peer("bank")+"/partner/v1/keys", e.Peer("catv")+"/partner/v1/keys"
	paths[moving.CityPortalKey], paths[moving.InsurerPortalKey] = e.Peer("authority")+"/partner/v1/keys", e.Peer("medical")+"/insurers/kenpo/partner/v1/keys"
	for _, trade := range utility.Trades() {
		paths[moving.KeyOf(trade.ID)] = paths[bankKey]
		paths[moving.StaffKeyOf(trade.ID)] = e.Peer("utility") + "/" + trade.ID + "/v1/customers"
	}
	signins := map[string]string{
		bankStaffKey: e.Peer("bank") + "/staff", gatewayStaffKey: e.Peer("gateway") + "/staff", care.PlatformStaffKey: e.Peer("medical") + "/platform",
		moving.PortalStaffKey: e.Peer("portal") + "/staff",
		care.HospitalStaffKey: e.Peer("medical") + "/hospital/desk", care.ClinicStaffKey: e.Peer("medical") + "/clinic/desk",
		care.DoctorStaffKey: e.Peer("medical") + "/hospital/doctor", care.RxStaffKey: e.Peer("medical") + "/rx",
		care.MihonStaffKey: e.Peer("medical") + "/pharmacies/mihon/desk", care.AobaStaffKey: e.Peer("medical") + "/pharmacies/aoba/desk",
		care.KenpoStaffKey: e.Peer("medical") + "/insurers/kenpo", care.KokuhoStaffKey: e.Peer("medical") + "/insurers/kokuho",
	}
	pharmacists := map[string]string{care.MihonStaffKey: "白石　静", care.AobaStaffKey: "水谷　恵"}
	peers := map[string]string{ // of parties to one another
		care.HospitalKey: "/platform/v1/challenges", care.ClinicKey: "/platform/v1/challenges", care.RelayKey: "/insurers/kenpo/relay/holds",
		care.RxHospitalKey: "/rx/relay/visits", care.RxMihonKey: "/rx/relay/challenges", care.RxAobaKey: "/rx/relay/challenges",
		care.HoldersKey: "/platform/relay/holders",
	}
	opened := map[string]bool{}
	for name, key := range keys {
		if at := signins[name]; at != "" {
			form := map[string]string{"key": key}
			if who, told := pharmacists[name]; told {
				form["who"] = who
			}
			signin := webtest.NewBrowser(t, "").Calls(http.MethodPost, at+"/signin", form, nil)
			opened[name] = signin.Status/100 == 2
			continue
		}
		if yes, known := opensPayment(t, e, name, key); known {
			opened[name] = yes
			continue
		}
		if at := peers[name]; at != "" {
			asked := webtest.NewBrowser(t, "").Calls(http.MethodPost, e.Peer("medical")+at, map[string]string{}, nil, webtest.Bearer(key)...)
			unknown := name == care.HoldersKey && asked.Status == http.StatusUnprocessableEntity // of no inquiry
			opened[name] = asked.Status == http.StatusOK || unknown
			continue
		}
		if name == recording.Key {
			opened[name] = webtest.NewBrowser(t, e.Peer("lobby")).Sends(http.MethodPost, tracing.TracesPath, "", webtest.Bearer(key)...).Status == http.StatusOK
			continue
		}
		if name == whereabouts.KeyName {
			asked := webtest.NewBrowser(t, "").Calls(http.MethodPost, e.Peer("bank")+whereabouts.Path, map[string]string{"resident": "hanako"}, nil, webtest.Bearer(key)...)
			opened[name] = asked.Status == http.StatusOK
			continue
		}
		opened[name] = webtest.NewBrowser(t, "").Calls(http.MethodGet, paths[name], nil, nil, webtest.Bearer(key)...).Status == http.StatusOK
	}
	return opened
}

// opensPayment reports whether a key between the card company and its merchants opens what
// it is for; known is false for any other.
func opensPayment(t *testing.T, e *Ecosystem, name, key string) (opened, known bool) {
	t.Helper()
	for _, m := range care.Merchants() {
		switch name {
		case m.Key.Name:
			order := map[string]any{"order": "1-1", "amount": 10}
			asked := webtest.NewBrowser(t, "").Calls(http.MethodPost, e.Peer("gateway")+"/v1/challenges", order, nil, webtest.Bearer(key)...)
			return asked.Status == http.StatusOK, true
		case m.Secret.Name:
			return merchant.Deliver(t.Context(), e.Peer("medical")+m.Hook, key, e.Clock().Now(), []byte(`{"order":"0-0"}`)) == nil, true
		}
	}
	return false, false
}

// TestConfiguredKeysAreTheKeys, in a town that is planted with them and in one that
// was planted with others; and no other key opens anything.
func TestConfiguredKeysAreTheKeys(t *testing.T) {
	t.Parallel()
	alone(t)
	published := Config{}.withDefaults().Keys
	dir := t.TempDir()
	for i, keys := range []map[string]string{ownKeys(), published, ownKeys()} {
		e := town(t, Config{DataDir: dir, Keys: keys, SweepEvery: -1})
		other := published
		if keys[bankKey] == other[bankKey] {
			other = ownKeys()
		}
		for name, ok := range opens(t, e, keys) {
			if !ok {
				t.Errorf("start %d: the configured key does not open %s", i, name)
			}
		}
		for name, ok := range opens(t, e, other) {
			if ok {
				t.Errorf("start %d: another key opens %s", i, name)
			}
		}
		for page, key := range map[string]string{"/offices": bankStaffKey, "/integrators": bankKey} {
			shown := webtest.NewBrowser(t, "").Visits(e.URL("lobby") + page).Says(200).Body
			if strings.Contains(shown, keys[key]) != (i == 1) || i != 1 && strings.Contains(shown, published[key]) {
				t.Errorf("start %d: %s shows a key that is not published or opens nothing, or not one that does", i, page)
			}
		}
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAKeyThatCannotBeUsedIsRefused(t *testing.T) {
	t.Parallel()
	alone(t)
	for name, c := range map[string]struct {
		keys map[string]string
		says string
	}{
		"too short":   {map[string]string{bankKey: "short"}, "JPKIMOCK_BANK_KEY"},
		"with spaces": {map[string]string{officerKey: "a key with spaces in it"}, "JPKIMOCK_OFFICER_KEY"},
		"too long":    {map[string]string{catvStaffKey: strings.Repeat("k", 129)}, "JPKIMOCK_CATV_STAFF_KEY"},
		"the same twice": {map[string]string{bankKey: "one-key-for-two-verifiers", catvKey: "one-key-for-two-verifiers"},
			"JPKIMOCK_BANK_KEY and JPKIMOCK_CATV_KEY"},
	} {
		e, err := Start(t.Context(), Config{Keys: c.keys, Seed: "none"})
		if err == nil {
			_ = e.Close()
		}
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v: want it to name %s", name, err, c.says)
		}
	}
}

// TestPublishedKeysAreWarnedOf where other machines can reach a house, by the
// names of the settings.
func TestPublishedKeysAreWarnedOf(t *testing.T) {
	t.Parallel()
	alone(t)
	for listen, want := range map[string]bool{"0.0.0.0": true, "": false, "127.0.0.2": false} {
		var log bytes.Buffer
		keys := ownKeys()
		delete(keys, bankStaffKey)
		delete(keys, whereabouts.KeyName)
		e := town(t, Config{Listen: listen, Keys: keys, Seed: "none", SweepEvery: -1, Log: slog.New(slog.NewTextHandler(&log, nil))})
		// What a house with keys of its own holds is not told to whoever knows the published one.
		asked := webtest.NewBrowser(t, e.Peer("bank")).Calls(http.MethodPost, whereabouts.Path, map[string]any{"resident": "taro"}, nil, webtest.Bearer(seed.WhereaboutsKey)...)
		if told := asked.Status == http.StatusOK; told == want {
			t.Errorf("on %q the bank answers %d %s", listen, asked.Status, asked.Body)
		}
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
		said := log.String()
		if strings.Contains(said, "JPKIMOCK_BANK_STAFF_KEY") != want || strings.Contains(said, "JPKIMOCK_BANK_KEY") {
			t.Errorf("on %q the log says %q", listen, said)
		}
	}
}
