// Package moving builds the portal and the small businesses that it delivers to:
// internal/ecosystem gives them what a house is given, and serves what is built. It is a
// room of the wiring because of its size.
package moving

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"

	cabledesk "example.jp/jpkimock/catv/onestop"
	"example.jp/jpkimock/internal/ecosystem/deeds"
	"example.jp/jpkimock/internal/ecosystem/holdings"
	"example.jp/jpkimock/internal/fault"
	"example.jp/jpkimock/internal/lobby"
	"example.jp/jpkimock/internal/ready"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/internal/whereabouts"
	"example.jp/jpkimock/portal"
	portaldb "example.jp/jpkimock/portal/db"
	"example.jp/jpkimock/portal/partner"
	partnerdb "example.jp/jpkimock/portal/partner/db"
	"example.jp/jpkimock/portal/postbox"
	"example.jp/jpkimock/portal/utility"
	utilitydb "example.jp/jpkimock/portal/utility/db"
	utilityweb "example.jp/jpkimock/portal/utility/web"
	portalweb "example.jp/jpkimock/portal/web"
	"example.jp/jpkimock/rp"
	bankdesk "example.jp/jpkimock/rp/bank/onestop"
	"example.jp/jpkimock/seed"
)

// The names of the keys of the portal: as a verifier, of its operator, and at its
// partners.
const (
	PortalKey      = "PORTAL"
	PortalStaffKey = "PORTAL_STAFF"
	DeliveryKey    = "UTILITY_PORTAL"
	BankPortalKey  = "BANK_PORTAL"
	CATVPortalKey  = "CATV_PORTAL"
	// Of those who send notices and take no applications.
	CityPortalKey    = "AUTHORITY_PORTAL"
	InsurerPortalKey = "MEDICAL_PORTAL"
)

// KeyOf names a business's key as a verifier.
func KeyOf(trade string) string { return "UTILITY_" + strings.ToUpper(trade) }

// StaffKeyOf names the key of a business's staff.
func StaffKeyOf(trade string) string { return KeyOf(trade) + "_STAFF" }

// Key is a key with its published test key.
type Key struct{ Name, Test string }

// UtilityKeys are the keys of the businesses.
func UtilityKeys() []Key {
	keys := []Key{{DeliveryKey, seed.DeliveryKey}}
	for _, t := range utility.Trades() {
		keys = append(keys, Key{KeyOf(t.ID), seed.UtilityKey(t.ID)}, Key{StaffKeyOf(t.ID), seed.UtilityStaffKey(t.ID)})
	}
	return keys
}

// Faults silence one business in front of the portal.
func Faults() (all []fault.Fault) {
	for _, t := range utility.Trades() {
		all = append(all, fault.Fault{Name: t.ID + "-silent", Effect: fault.Silent(), Routes: []string{"/" + t.ID + "/partner"}, Shown: &fault.Words{
			Title: ui.Text{JA: t.Name + "が応答しないとき", EN: "When " + t.NameEN + " does not answer"},
			What: ui.Text{JA: "ポータルからの申請を受け取りません。申請は送信待ちになり、応答すると届きます。",
				EN: "It takes no applications. They wait at the portal and arrive when it answers."},
			Begin: ui.Text{JA: "止める", EN: "Stop it"}, End: ui.Text{JA: "再開する", EN: "Start it again"},
		}})
	}
	return all
}

// UtilityDesks are the desks of the businesses at the house's URL, with the keys that are
// shown.
func UtilityDesks(url string, shown func(key string) string) (desks []lobby.Desk) {
	for _, t := range utility.Trades() {
		desks = append(desks, lobby.Desk{
			Name: ui.Text{JA: t.Name, EN: t.NameEN}, What: ui.Text{JA: "変更の申請の処理、不受理、確認のお願い", EN: "Applications: decide, reject, ask back"},
			URL: url + "/" + t.ID + "/desk", Key: shown(StaffKeyOf(t.ID)),
		})
	}
	return desks
}

// Town is what the two houses are given.
type Town struct {
	URL, AgentURL, Lobby string // as browsers see them
	Key                  func(name string) string
	Database             func(party string) string // "" for the house's own
	Kit                  func(ctx context.Context, key string) (*rp.Verifier, *rp.Linkage, error)
	AtClose              func(func() error)
	AtSweep              func(name string, do func(context.Context) error)
	Holds                func(whereabouts.Ask)
	Peer                 func(house string) string // where servers reach a house
	// SMTP is a mail server's HOST:PORT, or empty; BoxKey is the file of the key of all
	// post-office boxes.
	SMTP, BoxKey string
	Web          portalweb.Config // Now, Hosts, Log
}

// question is what a business needs besides, by the ID in its trade; nil for nothing.
func question(id string) *portal.Question {
	if id == "" {
		return nil
	}
	return &portal.Question{ID: id, Text: "ガスの開栓の立会いの希望日", TextEN: "When may the gas be turned on in your presence?"}
}

// The IDs of the houses that have joined the portal beside the small businesses.
const (
	BankID  = "bank"
	CableID = "cable"
)

// Sender is a house that takes no applications, and writes to post-office boxes.
type Sender struct {
	ID, Name, NameEN string
	house, path, key string
	number, numberEN string // its customer number; empty for one that has none
}

// Senders lists them: two insurers and a municipality.
func Senders() []Sender {
	return []Sender{
		{"kenpo", "みほん健康保険組合", "Mihon Health Insurance Society", "medical", "/insurers/kenpo/partner", InsurerPortalKey, "記号-番号-枝番", "Symbol-number-branch"},
		{"kokuho", "みほん市国民健康保険", "Mihon City National Health Insurance", "medical", "/insurers/kokuho/partner", InsurerPortalKey, "記号-番号-枝番", "Symbol-number-branch"},
		{"city", "みほん市", "Mihon City", "authority", "/partner", CityPortalKey, "", ""},
	}
}

// Notices names what a house does that writes to post-office boxes.
const Notices = "notices"

// NoticesWords says it.
func NoticesWords() ui.Text {
	return ui.Text{JA: "電子私書箱への送信", EN: "Notices to post-office boxes"}
}

// Desk builds what a house with a register of its own offers the portal, over the docket in
// a party's database. A house that takes no applications has neither verifier nor links. One
// that tells its customers something does so at intervals.
func (t Town) Desk(ctx context.Context, party, key string, verifier rp.SignatureVerifier, links rp.Links, cfg partnerdb.Config) (http.Handler, error) {
	cfg.Address, cfg.Now, cfg.PostBox = t.Database(party), t.Web.Now, partner.NewPostBox(t.Peer("portal"))
	docket, err := partnerdb.Open(ctx, cfg)
	if err != nil {
		return nil, err
	}
	t.AtClose(docket.Close)
	t.Holds(holdings.Docket(cfg.ID, docket))
	if cfg.Tells != nil {
		t.AtSweep(Notices, deeds.Notices(docket))
	}
	return partner.NewServer(partner.ServerConfig{
		ID: cfg.ID, Key: t.Key(key), Verifier: verifier, Links: links, Business: docket, Now: cfg.Now, KeySet: docket.KeySet(),
	})
}

// OpenPortal builds the portal.
func OpenPortal(ctx context.Context, t Town) (http.Handler, error) {
	store, err := portaldb.Open(t.Database(""))
	if err != nil {
		return nil, err
	}
	t.AtClose(store.Close)
	verifier, linkage, err := t.Kit(ctx, PortalKey)
	if err != nil {
		return nil, err
	}
	key, err := boxKey(t.BoxKey)
	if err != nil {
		return nil, err
	}
	vault, err := postbox.NewVault(key)
	if err != nil {
		return nil, err
	}
	cfg := portal.Config{Verifier: verifier, Linkage: linkage, Store: store, Vault: vault, Now: t.Web.Now, URL: t.URL, Log: t.Web.Log}
	cfg.Partners = []portal.Partner{
		{
			ID: BankID, Name: bankdesk.Name, NameEN: "Mihon Bank", Number: "口座番号", NumberEN: "Account number",
			Line: partner.NewClient(t.Peer("bank")+"/partner", t.Key(BankPortalKey)),
		}, {
			ID: CableID, Name: cabledesk.Name, NameEN: "Mihon Cable TV", Number: "契約番号", NumberEN: "Contract number",
			Line: partner.NewClient(t.Peer("catv")+"/partner", t.Key(CATVPortalKey)),
		},
	}
	for _, trade := range utility.Trades() {
		cfg.Partners = append(cfg.Partners, portal.Partner{
			ID: trade.ID, Name: trade.Name, NameEN: trade.NameEN, Question: question(trade.Question),
			Line: partner.NewClient(t.Peer("utility")+"/"+trade.ID+"/partner", t.Key(DeliveryKey)),
		})
	}
	for _, s := range Senders() {
		cfg.Partners = append(cfg.Partners, portal.Partner{
			ID: s.ID, Name: s.Name, NameEN: s.NameEN, Number: s.number, NumberEN: s.numberEN, NoticesOnly: true, ByCard: s.number == "",
			Line: partner.NewClient(t.Peer(s.house)+s.path, t.Key(s.key)),
		})
	}
	if t.SMTP != "" {
		cfg.Mailer = portal.SMTP(t.SMTP)
	}
	p, err := portal.New(ctx, cfg)
	if err != nil {
		return nil, err
	}
	t.AtClose(p.Close)
	t.AtSweep("round", deeds.Portal(p, store))
	t.Holds(holdings.Portal(store, cfg.Partners))
	t.Web.Portal, t.Web.PublicURL, t.Web.AgentURL, t.Web.Lobby = p, t.URL, t.AgentURL, t.Lobby
	t.Web.StaffKey, t.Web.Mailing = t.Key(PortalStaffKey), cfg.Mailer != nil
	return portalweb.New(t.Web)
}

// boxKey reads the key of the post-office boxes, which is made once. It is a file of its
// own, so that who has the database has no letter.
func boxKey(file string) ([]byte, error) {
	key, err := os.ReadFile(file)
	if !errors.Is(err, os.ErrNotExist) {
		return key, err
	}
	key = make([]byte, postbox.KeySize)
	rand.Read(key) // it never fails
	if err := ready.WriteWhole(file, key); err != nil {
		return nil, fmt.Errorf("moving: keep the key of the post-office boxes: %w", err)
	}
	return key, nil
}

// OpenUtility builds the businesses, each over a database of its own.
func OpenUtility(ctx context.Context, t Town) (http.Handler, error) {
	cfg := utilityweb.Config{PublicURL: t.URL, Lobby: t.Lobby, Now: t.Web.Now, Hosts: t.Web.Hosts, Log: t.Web.Log}
	var pings []func() error
	for _, trade := range utility.Trades() {
		store, err := utilitydb.Open(t.Database(trade.ID))
		if err != nil {
			return nil, err
		}
		t.AtClose(store.Close)
		pings = append(pings, store.Ping)
		verifier, linkage, err := t.Kit(ctx, KeyOf(trade.ID))
		if err != nil {
			return nil, err
		}
		office, err := utility.Open(ctx, trade, store, t.Web.Now)
		if err != nil {
			return nil, err
		}
		t.AtSweep("due", deeds.Utility(office))
		t.Holds(holdings.Utility(office))
		cfg.Businesses = append(cfg.Businesses, utilityweb.Business{
			Office: office, Verifier: verifier, Links: linkage, Key: t.Key(DeliveryKey), StaffKey: t.Key(StaffKeyOf(trade.ID)),
		})
	}
	cfg.Health = func(context.Context) error {
		var errs []error
		for _, ping := range pings {
			errs = append(errs, ping())
		}
		return errors.Join(errs...)
	}
	return utilityweb.New(cfg)
}
