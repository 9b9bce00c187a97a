// Package care builds the parties of the medical field, each over a database of its own and
// with keys of its own: internal/ecosystem gives it what a party is given, and serves what
// it builds. It is a room of the wiring because of its size.
package care

import (
	"context"
	"errors"
	"net/http"
	"path/filepath"

	"example.jp/jpkimock/internal/ecosystem/deeds"
	"example.jp/jpkimock/internal/ecosystem/holdings"
	"example.jp/jpkimock/internal/fault"
	"example.jp/jpkimock/internal/lobby"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/internal/whereabouts"
	"example.jp/jpkimock/medical"
	medicaldb "example.jp/jpkimock/medical/db"
	"example.jp/jpkimock/medical/gateway/merchant"
	"example.jp/jpkimock/medical/insurer"
	"example.jp/jpkimock/medical/mailing"
	"example.jp/jpkimock/medical/payment"
	"example.jp/jpkimock/medical/platform"
	"example.jp/jpkimock/medical/reception"
	medicalweb "example.jp/jpkimock/medical/web"
	partnerdb "example.jp/jpkimock/portal/partner/db"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/seed"
)

// The names of the keys: of three verifiers at the authority, of two institutions at the
// platform, of the platform at the insurers, and of each party's staff.
const (
	PlatformKey      = "MEDICAL"
	KenpoKey         = "MEDICAL_KENPO"
	KokuhoKey        = "MEDICAL_KOKUHO"
	HospitalKey      = "MEDICAL_HOSPITAL"
	ClinicKey        = "MEDICAL_CLINIC"
	RelayKey         = "MEDICAL_RELAY"
	HospitalStaffKey = "MEDICAL_HOSPITAL_STAFF"
	ClinicStaffKey   = "MEDICAL_CLINIC_STAFF"
	PlatformStaffKey = "MEDICAL_PLATFORM_STAFF"
	KenpoStaffKey    = "MEDICAL_KENPO_STAFF"
	KokuhoStaffKey   = "MEDICAL_KOKUHO_STAFF"
)

// The names of the keys of prescriptions: of the inquiry system as a verifier and at the
// platform, of the hospital and two pharmacies at the inquiry system, and of their staff.
const (
	RxKey          = "MEDICAL_RX"
	HoldersKey     = "MEDICAL_HOLDERS"
	RxHospitalKey  = "MEDICAL_RX_HOSPITAL"
	RxMihonKey     = "MEDICAL_RX_MIHON"
	RxAobaKey      = "MEDICAL_RX_AOBA"
	RxStaffKey     = "MEDICAL_RX_STAFF"
	DoctorStaffKey = "MEDICAL_DOCTOR_STAFF"
	MihonStaffKey  = "MEDICAL_MIHON_STAFF"
	AobaStaffKey   = "MEDICAL_AOBA_STAFF"
)

// Keys are the keys with their published test keys.
func Keys() []struct{ Name, Test string } {
	return []struct{ Name, Test string }{
		{PlatformKey, seed.MedicalKey}, {KenpoKey, seed.MedicalKenpoKey}, {KokuhoKey, seed.MedicalKokuhoKey},
		{HospitalKey, seed.MedicalHospitalKey}, {ClinicKey, seed.MedicalClinicKey}, {RelayKey, seed.MedicalRelayKey},
		{HospitalStaffKey, seed.MedicalHospitalStaffKey}, {ClinicStaffKey, seed.MedicalClinicStaffKey}, {PlatformStaffKey, seed.MedicalPlatformStaffKey},
		{KenpoStaffKey, seed.MedicalKenpoStaffKey}, {KokuhoStaffKey, seed.MedicalKokuhoStaffKey},
		{RxKey, seed.MedicalRxKey}, {HoldersKey, seed.MedicalHoldersKey}, {RxHospitalKey, seed.MedicalRxHospitalKey},
		{RxMihonKey, seed.MedicalRxMihonKey}, {RxAobaKey, seed.MedicalRxAobaKey}, {RxStaffKey, seed.MedicalRxStaffKey},
		{DoctorStaffKey, seed.MedicalDoctorStaffKey}, {MihonStaffKey, seed.MedicalMihonRxStaffKey}, {AobaStaffKey, seed.MedicalAobaRxStaffKey},
	}
}

// Sweep and RxSweep name what the receptions and the pharmacies do when time has passed.
const (
	Sweep   = "receipts"
	RxSweep = "dispensings"
)

// Payments names what the cashiers do when time has passed.
const Payments = "payments"

// Faults silence one party in front of the others.
func Faults() []fault.Fault {
	paper := ui.Text{JA: "受付は紙の方法になります。", EN: "Patients are taken by paper."}
	silent := func(name, ja, en, route string, then ui.Text) fault.Fault {
		return fault.Fault{Name: name, Effect: fault.Silent(), Routes: []string{route}, Shown: &fault.Words{
			Title: ui.Text{JA: ja + "が応答しないとき", EN: "When " + en + " does not answer"},
			What:  ui.Text{JA: ja + "への照会を止めます。" + then.JA, EN: "Stops what is asked of " + en + ". " + then.EN},
			Begin: ui.Text{JA: "止める", EN: "Stop it"}, End: ui.Text{JA: "再開する", EN: "Start it again"},
		}}
	}
	return []fault.Fault{
		silent("platform-silent", "医療共通プラットフォーム", "the medical platform", "/platform/v1", paper),
		silent("kenpo-silent", "みほん健康保険組合", "Mihon Health Insurance Society", "/insurers/kenpo/relay", paper),
		silent("kokuho-silent", "みほん市国民健康保険", "Mihon City National Health Insurance", "/insurers/kokuho/relay", paper),
		silent("rx-silent", "処方箋照会システム", "the prescription inquiry system", "/rx/relay",
			ui.Text{JA: "処方も調剤もできなくなります。", EN: "Nothing is prescribed or dispensed."}),
	}
}

// Desks are the desks of the parties' staff at the house's URL, with the keys that are
// shown.
func Desks(url string, shown func(key string) string) []lobby.Desk {
	desk := func(path, key string, name, what ui.Text) lobby.Desk {
		return lobby.Desk{Name: name, What: what, URL: url + path, Key: shown(key)}
	}
	queue := ui.Text{JA: "きょうの受付、紙の方法、あとからの精算", EN: "Today’s queue, paper ways, settling later"}
	dispensary := ui.Text{JA: "端末に置かれたカードの処方箋、調剤の帳簿", EN: "Prescriptions of cards on the terminal, the book"}
	register := ui.Text{JA: "被保険者台帳、資格の取得と喪失、照会の記録", EN: "Register of the insured, joining and leaving, log"}
	return []lobby.Desk{
		desk("/hospital/desk", HospitalStaffKey, ui.Text{JA: "みほん総合病院 受付", EN: "Mihon General Hospital, reception"}, queue),
		desk("/clinic/desk", ClinicStaffKey, ui.Text{JA: "ひなた診療所 受付", EN: "Hinata Clinic, reception"}, queue),
		desk("/hospital/doctor", DoctorStaffKey, ui.Text{JA: "みほん総合病院 診察室", EN: "Mihon General Hospital, doctor"},
			ui.Text{JA: "処方箋を書き、カードで署名する", EN: "Writes prescriptions, and signs by card"}),
		desk("/pharmacies/mihon/desk", MihonStaffKey, ui.Text{JA: "みほん薬局 調剤室", EN: "Mihon Pharmacy, dispensary"}, dispensary),
		desk("/pharmacies/aoba/desk", AobaStaffKey, ui.Text{JA: "あおば調剤薬局 調剤室", EN: "Aoba Pharmacy, dispensary"}, dispensary),
		desk("/rx", RxStaffKey, ui.Text{JA: "処方箋照会システム", EN: "Prescription inquiry system"},
			ui.Text{JA: "誰が、いつ、何のために処方箋を見たか", EN: "Who looked at prescriptions, when and why"}),
		desk("/platform", PlatformStaffKey, ui.Text{JA: "医療共通プラットフォーム", EN: "Common platform of the medical field"},
			ui.Text{JA: "誰が誰に照会し、①〜④のどこまで進んだか", EN: "Who asked whom, and how far ① to ④ came"}),
		desk("/insurers/kenpo", KenpoStaffKey, ui.Text{JA: "みほん健康保険組合", EN: "Mihon Health Insurance Society"}, register),
		desk("/insurers/kokuho", KokuhoStaffKey, ui.Text{JA: "みほん市国民健康保険", EN: "Mihon City National Health Insurance"}, register),
	}
}

// Town is what the parties are given.
type Town struct {
	// Pages is what their pages share: addresses, clock, hosts, log.
	Pages medicalweb.Config
	Peer  string // the house's URL for the parties
	// AgentPeer is the card agent's, which says whether a card still lies on its reader.
	AgentPeer string
	// Database gives the address of a party's database, Key a key by its name.
	Database, Key func(string) string
	// Kit builds what a party verifies with, by the name of its key.
	Kit func(ctx context.Context, key string, with ...func(*rp.Config)) (*rp.Verifier, *rp.Linkage, error)
	// Portal builds what a sender of notices offers the portal, over a party's database.
	Portal func(ctx context.Context, party string, cfg partnerdb.Config) (http.Handler, error)
	// Folder is where the receipt computers look for files, each below its institution's ID.
	Folder string
	// Gateway is the card company's URL for the cashiers; without one there are none.
	Gateway string
	AtClose func(func() error)
	AtSweep func(house, name string, do func(context.Context) error)
	Holds   func(house string, asks ...whereabouts.Ask)

	pings []func() error
}

// Open builds the parties, and returns what the house serves.
func Open(ctx context.Context, m Town) (http.Handler, error) {
	m.Pages.PlatformStaffKey, m.Pages.RelayKey = m.Key(PlatformStaffKey), m.Key(RelayKey)
	for _, i := range []struct{ id, number, name, nameEN, key, staff string }{
		{"kenpo", "06990014", "みほん健康保険組合", "Mihon Health Insurance Society", KenpoKey, KenpoStaffKey},
		{"kokuho", "00992016", "みほん市国民健康保険", "Mihon City National Health Insurance", KokuhoKey, KokuhoStaffKey},
	} {
		office, err := m.insurer(ctx, i.id, i.name, i.nameEN, medical.InsurerNumber(i.number), i.key)
		if err != nil {
			return nil, err
		}
		desk := mailing.Desk{Office: office}
		partner, err := m.Portal(ctx, i.id+"-portal", partnerdb.Config{ID: i.id, Name: i.name, Register: desk, Tells: desk.Tells})
		if err != nil {
			return nil, err
		}
		m.Pages.Insurers = append(m.Pages.Insurers, medicalweb.Insurer{
			ID: i.id, NameEN: i.nameEN, Office: office, StaffKey: m.Key(i.staff), Partner: partner,
		})
	}
	if err := m.platform(ctx); err != nil {
		return nil, err
	}
	for _, i := range []medicalweb.Institution{
		{
			Institution: platform.Institution{ID: "hospital", Code: "9910000011", Name: "みほん総合病院"}, NameEN: "Mihon General Hospital",
			Key: m.Key(HospitalKey), StaffKey: m.Key(HospitalStaffKey),
			DoctorKey: m.Key(DoctorStaffKey), Rx: medicalweb.NewRxClient(m.Peer, m.Key(RxHospitalKey)),
		}, {
			Institution: platform.Institution{ID: "clinic", Code: "9910000029", Name: "ひなた診療所"}, NameEN: "Hinata Clinic",
			Key: m.Key(ClinicKey), StaffKey: m.Key(ClinicStaffKey),
		},
	} {
		if err := m.reception(i); err != nil {
			return nil, err
		}
	}
	if err := m.prescriptions(ctx); err != nil {
		return nil, err
	}
	m.Pages.Health = func(context.Context) error {
		var errs []error
		for _, ping := range m.pings {
			errs = append(errs, ping())
		}
		return errors.Join(errs...)
	}
	return medicalweb.New(m.Pages)
}

// keep takes a party's store into the care of the house.
func (m *Town) keep(store interface {
	Close() error
	Ping() error
}) {
	m.AtClose(store.Close)
	m.pings = append(m.pings, store.Ping)
}

func (m *Town) insurer(ctx context.Context, id, name, nameEN string, number medical.InsurerNumber, key string) (*insurer.Office, error) {
	store, err := medicaldb.OpenInsurer(m.Database(id))
	if err != nil {
		return nil, err
	}
	m.keep(store)
	m.Holds("medical", holdings.Insurer(id, whereabouts.Words{JA: name, EN: nameEN}, store))
	now := m.Pages.Now
	challenges := insurer.NewChallenges(now)
	verifier, linkage, err := m.Kit(ctx, key, func(c *rp.Config) { c.Challenges, c.Grace = challenges, medical.GraceUntil })
	if err != nil {
		return nil, err
	}
	return insurer.New(insurer.Config{Number: number, Name: name, Verifier: verifier, Challenges: challenges, Linkage: linkage, Store: store, Now: now})
}

func (m *Town) platform(ctx context.Context) error {
	store, err := medicaldb.OpenPlatform(m.Database("platform"))
	if err != nil {
		return err
	}
	m.keep(store)
	m.Holds("medical", holdings.Relay(store))
	verifier, linkage, err := m.Kit(ctx, PlatformKey)
	if err != nil {
		return err
	}
	insurers := map[medical.InsurerNumber]platform.Insurer{}
	for _, i := range m.Pages.Insurers {
		insurers[i.Office.Number] = medicalweb.NewInsurerClient(m.Peer, i.ID, m.Pages.RelayKey)
	}
	m.Pages.Platform, err = platform.New(platform.Config{Verifier: verifier, Linkage: linkage, Store: store, Insurers: insurers, Now: m.Pages.Now})
	return err
}

func (m *Town) reception(i medicalweb.Institution) error {
	store, err := medicaldb.OpenReception(m.Database(i.ID))
	if err != nil {
		return err
	}
	m.keep(store)
	m.Holds("medical", holdings.Institution(i.ID, whereabouts.Words{JA: i.Name, EN: i.NameEN}, store, m.Pages.Now))
	files := folder(filepath.Join(m.Folder, i.ID))
	i.Desk, err = reception.New(reception.Config{
		Code: i.Code, Platform: medicalweb.NewPlatformClient(m.Peer, i.Key), Store: store, Now: m.Pages.Now, Hand: files.hand,
	})
	if err != nil {
		return err
	}
	m.AtSweep("medical", Sweep, deeds.Reception(i.Desk, func(ctx context.Context) error {
		return errors.Join(i.Desk.Sweep(ctx), files.answer(ctx, i.Desk))
	}))
	if m.Gateway != "" {
		m.cashier(&i, store)
	}
	m.Pages.Institutions = append(m.Pages.Institutions, i)
	return nil
}

// cashier opens the cashier of an institution.
func (m *Town) cashier(i *medicalweb.Institution, store *medicaldb.Reception) {
	for _, shop := range Merchants() {
		if shop.ID == i.ID {
			client := merchant.Client{URL: m.Gateway, Key: m.Key(shop.Key.Name)}
			i.Cashier = &payment.Cashier{Gateway: client, Store: store.Bills(), Now: m.Pages.Now}
			i.Mail = merchant.NewMailbox(m.Key(shop.Secret.Name), m.Pages.Now)
			m.AtSweep("medical", Payments, deeds.Cashier(i.Cashier))
		}
	}
}
