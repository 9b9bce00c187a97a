package archtest

import "slices"

// Plan is the plan of the house: the tables that Check holds the source to.
// Folders are named from the module's root; "rp/..." is a folder and all below
// it, "*/db" every folder of that name.
type Plan struct {
	Houses []House
	// Everyone may import these.
	Everyone []string
	// RowsMay and PagesMay are what the rooms db, and web and agent, of every
	// house may import beside the house's own domain.
	RowsMay, PagesMay []string
	// TestsMay is what every test may import.
	TestsMay []string
	// NotInDomain are packages of the standard library that a domain does
	// without.
	NotInDomain []string
	// Confined lists the third parties and the rooms that they are let into.
	Confined []Confined
	// Clock lists the folders that read the wall clock.
	Clock []string
	// Public lists the folders that outsiders import; NotPublic what nothing
	// exported from them mentions, beside this module's internal packages.
	Public, NotPublic []string
	Sizes             Sizes
}

// House is an organisation, or a part of one with a stricter line of its own.
// Its rooms are told apart by their name: db, web or agent, and domain.
type House struct {
	Root string
	// May is what every room may import beside the house's own domain.
	May []string
	// TestsMay is what its tests may import besides.
	TestsMay []string
	// Closed houses import nothing but May, not even their own organisation.
	Closed bool
	// Domain: the domain rooms do not use Plan.NotInDomain.
	Domain bool
}

// Confined is a third party and where it may be used.
type Confined struct {
	Path        string
	In, InTests []string
}

// Jpkimock is this project's plan.
func Jpkimock() Plan {
	return Plan{
		Houses: slices.Concat(organisations(), ownRooms(), conformRooms()),

		Everyone:    []string{"authority/jpki", "internal/shown"}, // shown: an act is confirmed in the domain, on what a page showed
		RowsMay:     []string{"internal/dbopen", "internal/sealed"},
		PagesMay:    []string{"internal/ui", "internal/openapi", "internal/door", "internal/session", "internal/cookie", "internal/held", "internal/rpweb", "internal/staffroom", "internal/words", "internal/oidcclient", "internal/peer", "internal/simclock", "internal/tracing/carry"},
		TestsMay:    []string{"internal/simclock", "internal/webtest", "internal/fuse", "internal/pcsctest", "internal/oidcclient/oidctest"},
		NotInDomain: []string{"net/http", "html/template", "database/sql"},

		Confined: []Confined{
			{Path: "gorm.io", In: []string{"*/db", "internal/dbopen"}},
			{Path: "github.com/glebarez/sqlite", In: []string{"internal/dbopen"}},
			{Path: "github.com/mattn/go-sqlite3", In: []string{"internal/dbopen"}},
			{Path: "github.com/labstack/echo/v4", In: []string{"*/web", "*/agent", "internal/ui", "internal/door", "internal/openapi", "internal/session", "internal/cookie", "internal/rpweb", "internal/staffroom", "internal/fault", "internal/lobby", "internal/whereabouts"}, InTests: []string{"e2e", "internal/ecosystem"}}, // rpweb takes the card's answer from a request, as door and session do
			{Path: "github.com/smallstep", In: []string{"authority/ca"}},
			{Path: "go.step.sm", In: []string{"authority/ca"}},
			{Path: "golang.org/x/text/unicode/norm", In: []string{"authority/jpki/fold"}}, // the compatibility forms of Unicode
			{Path: "golang.org/x/crypto/cryptobyte", In: []string{"authority/ca", "authority/ocsp"}},
			{Path: "golang.org/x/crypto/chacha20poly1305", In: []string{"internal/sealed"}},
			{Path: "golang.org/x/crypto/ocsp", In: []string{"internal/touch"}, InTests: []string{"authority/...", "rp/...", "internal/conform/...", "internal/ecosystem", "e2e"}}, // the judge of ours, and what reads an answer for the picture
			{Path: "github.com/mxschmitt/playwright-go", In: []string{"e2e"}},
			{Path: "github.com/ElMostafaIdrassi/goscard", In: []string{"virtualcard/pcsc"}},
			{Path: "github.com/go-jose/go-jose/v4", In: []string{"rp/platform", "rp/platform/assertion", "rp/platform/attributes", "rp/platform/signing", "rp/platform/transactions", "rp/platform/web", "portal/postbox", "internal/oidcclient/...", "internal/conform/oidc", "virtualcard/attest"}, InTests: []string{"virtualcard/agent", "portal/web", "rp/platform/...", "catv/...", "e2e", "internal/ecosystem"}},
			{Path: "github.com/zitadel/oidc/v3", In: []string{"rp/platform/web"}},
			{Path: "github.com/coreos/go-oidc/v3", In: []string{"internal/oidcclient"}, InTests: []string{"rp/platform/...", "catv/...", "e2e", "internal/ecosystem"}}, // the judge of ours
			{Path: "golang.org/x/net", In: []string{"internal/citizen"}},                                                                                               // pages of any relying party are read as a browser reads them
			{Path: "golang.org/x/oauth2", In: []string{"internal/oidcclient"}, InTests: []string{"rp/platform/...", "catv/...", "e2e", "internal/ecosystem"}},
			{Path: "go.opentelemetry.io/otel", In: []string{"internal/tracing/..."}},
			{Path: "go.opentelemetry.io/otel/sdk", In: []string{"internal/tracing"}},        // what only makes calls (rp/rptest) links no recorder
			{Path: "go.opentelemetry.io/proto/slim/otlp", In: []string{"internal/tracing"}}, // messages without gRPC
			{Path: "google.golang.org/protobuf", In: []string{"internal/tracing"}},
			{Path: "github.com/santhosh-tekuri/jsonschema/v6", InTests: []string{"internal/deployment"}}, // the judge of our schemas
			{Path: "gopkg.in/yaml.v3", In: []string{"seed"}, InTests: []string{"internal/deployment"}},
		},

		Clock: []string{"internal/simclock", "internal/load", "rp", "rp/mockclock"},

		Public:    []string{"rp", "rp/latest", "rp/rphttp", "rp/mockclock", "rp/rptest", "rp/jpkimocktest", "rp/jpkimocktest/cardwindow", "rp/browser", "authority/jpki", "portal/partner", "virtualcard/cardtest"},
		NotPublic: []string{"github.com/labstack/echo/v4", "gorm.io"},

		Sizes: Sizes{Function: 60, Package: 3000, Root: 2000, TemplateLine: 160, Larger: map[Rule][]string{
			RuleRoot: {"rp"},
		}},
	}
}

// organisations are the top-level folders: strangers to one another but for
// the kit. They meet over HTTP, and in internal/ecosystem and rp/rptest.
func organisations() []House {
	// A domain may keep in memory what waits for its person (internal/held).
	kit := []string{"rp", "rp/browser", "rp/holder", "rp/latest", "portal/partner", "internal/held"}
	relyingParty := func(root string) House {
		return House{Root: root, May: kit, TestsMay: []string{"rp/rptest"}, Domain: true}
	}
	return append(slices.Concat(kitRooms(), platformRooms(), agentRooms()), []House{
		{Root: "authority", Domain: true, May: []string{"authority/latest", "authority/latest/web", "rp/latest"}}, // a consent's form: what relying parties write, the authority reads
		// Its holders sign and show their cards there as they do everywhere: the kit verifies both.
		{Root: "authority/latest", May: []string{"authority", "authority/accreditation", "authority/register", "rp", "rp/latest", "rp/browser"}, TestsMay: []string{"rp/rptest", "authority/authoritytest", "authority/memory"}, Domain: true},
		{Root: "authority/authoritytest", May: []string{"authority", "authority/...", "rp", "rp/latest"}, Closed: true},
		{Root: "authority/jpki", Closed: true, Domain: true},
		{Root: "authority/jpki/fold", Closed: true, Domain: true},
		{Root: "authority/ocsp", Closed: true, Domain: true},

		// Tests make a database of an earlier version; the pages hand out the kit's script.
		{Root: "virtualcard", Domain: true, May: []string{"rp/browser"}, TestsMay: []string{"internal/dbopen"}},
		{Root: "virtualcard/apdu", Closed: true, Domain: true},
		{Root: "virtualcard/jpkiap", May: []string{"virtualcard/apdu"}, Closed: true, Domain: true},
		{Root: "virtualcard/client", May: []string{"virtualcard/jpkiap"}, Closed: true, Domain: true},
		{Root: "virtualcard/picture", Closed: true, Domain: true},
		{Root: "virtualcard/record", May: []string{"virtualcard/jpkiap", "virtualcard/picture"}, Closed: true, Domain: true},
		{Root: "virtualcard/chip", May: []string{"virtualcard/apdu", "virtualcard/jpkiap", "virtualcard/record", "virtualcard/internal/secret"}, Closed: true, Domain: true},
		{Root: "virtualcard/textap", May: []string{"virtualcard/apdu", "virtualcard/jpkiap", "virtualcard/record"}, TestsMay: []string{"virtualcard/cardtest"}, Closed: true, Domain: true},
		{Root: "virtualcard/attest", Closed: true, Domain: true},
		{Root: "virtualcard/pcsc", May: []string{"virtualcard/jpkiap"}, Closed: true, Domain: true},

		relyingParty("rp/bank"),
		{Root: "rp/bank/cost", May: []string{"rp/bank"}, Closed: true, Domain: true}, // arithmetic, no customers
		{Root: "rp/bank/latest", May: []string{"rp/bank", "rp", "rp/latest"}, TestsMay: []string{"rp/rptest", "rp/bank/db"}, Closed: true, Domain: true},
		{Root: "rp/bank/onestop", May: []string{"rp/bank", "rp", "portal/partner", "authority/jpki/fold"}, TestsMay: []string{"rp/rptest", "rp/bank/db", "portal/partner/db"}, Closed: true, Domain: true},
		relyingParty("rp/platform"),
		relyingParty("catv"),
		{Root: "catv/onestop", May: []string{"catv", "rp", "portal/partner", "authority/jpki/fold"}, TestsMay: []string{"rp/rptest", "catv/db", "portal/partner/db"}, Closed: true, Domain: true},
		{Root: "catv/health", May: []string{"catv"}, Closed: true, Domain: true}, // needs no kit: it verifies nothing
		{Root: "catv/booking", May: []string{"catv", "rp"}, TestsMay: []string{"rp/rptest"}, Closed: true, Domain: true},
		{Root: "medical", May: append([]string{"medical/gateway/merchant"}, kit...), TestsMay: []string{"rp/rptest", "medical/gateway/..."}, Domain: true},
		// The parties of the medical field are strangers to one another (decision 0019).
		{Root: "rp/holder", May: []string{"rp"}, Closed: true, Domain: true},
		{Root: "medical/reception", May: []string{"medical"}, TestsMay: []string{"medical/db"}, Closed: true, Domain: true},
		{Root: "medical/platform", May: []string{"medical", "rp", "rp/holder", "internal/held"}, TestsMay: []string{"medical/db", "rp/rptest"}, Closed: true, Domain: true},
		{Root: "medical/insurer", May: []string{"medical", "rp", "rp/holder", "internal/held"}, TestsMay: []string{"medical/db", "rp/rptest"}, Closed: true, Domain: true},
		{Root: "medical/prescription", May: []string{"medical", "rp", "rp/holder", "internal/held"}, Closed: true, Domain: true},
		{Root: "medical/pharmacy", May: []string{"medical", "internal/held"}, Closed: true, Domain: true},
		relyingParty("medical/gateway"),
		{Root: "medical/gateway/merchant", May: []string{"internal/held", "internal/peer"}, Closed: true}, // what the gateway gives its merchants: they meet over HTTP
		{Root: "medical/payment", May: []string{"medical", "medical/gateway/merchant"}, TestsMay: []string{"medical/db", "medical/gateway/...", "rp"}, Closed: true, Domain: true},
		// Senders of notices: what their own records have to tell.
		{Root: "authority/mailing", May: []string{"authority", "authority/register", "authority/jpki/fold", "portal/partner"}, TestsMay: []string{"authority/authoritytest"}, Closed: true, Domain: true},
		{Root: "medical/mailing", May: []string{"medical", "medical/insurer", "portal/partner", "authority/jpki/fold"}, TestsMay: []string{"rp/rptest", "medical/db", "portal/partner/db"}, Closed: true, Domain: true},
		relyingParty("portal"),
		{Root: "portal/partner", May: []string{"rp"}, TestsMay: []string{"rp/rptest"}, Closed: true},
		{Root: "portal/partner/db", May: []string{"portal/partner", "internal/dbopen"}, TestsMay: []string{"portal/postbox"}, Closed: true}, // of businesses in this repository
		{Root: "portal/postbox", May: []string{"portal/partner"}, Closed: true, Domain: true},                                               // seals and owners: it needs no kit
		// A business compares addresses as an office does.
		{Root: "portal/utility", May: append(slices.Clone(kit), "authority/jpki/fold"), TestsMay: []string{"rp/rptest"}, Domain: true},
	}...)
}

// platformRooms are those of the common platform beside the house itself.
func platformRooms() []House {
	return []House{
		{Root: "rp/platform/acr", Closed: true, Domain: true},
		{Root: "rp/platform/attributes", Closed: true, Domain: true}, // statements of the client software
		{Root: "rp/platform/assertion", May: []string{"rp/platform/parameter", "rp/platform/signing"}, Closed: true, Domain: true},
		{Root: "rp/platform/parameter", Closed: true, Domain: true},
		{Root: "rp/platform/signing", Closed: true, Domain: true},
		{Root: "rp/platform/transactions", May: []string{"rp", "rp/platform/signing"}, Closed: true, Domain: true}, // signatures that services ask for
		{Root: "rp/platform/tester", May: []string{"rp", "rp/platform"}, Closed: true, Domain: true},               // a test person in a person's place
	}
}

// agentRooms are parts of the client software.
func agentRooms() []House {
	return []House{
		{Root: "virtualcard/agent/digest", May: []string{"virtualcard/agent/legible"}, Closed: true, Domain: true},
		{Root: "virtualcard/agent/legible", Closed: true, Domain: true},
		{Root: "virtualcard/agent/origin", Closed: true, Domain: true},
		{Root: "virtualcard/agent/askers", May: []string{"internal/peer"}, Closed: true},
	}
}

// kitRooms are the kit, for relying parties of any kind.
func kitRooms() []House {
	return []House{
		{Root: "rp", May: []string{"rp/internal/wire", "rp/internal/origin", "rp/internal/outgoing"}, Closed: true, TestsMay: []string{"rp/rptest"}},
		{Root: "rp/internal/origin", Closed: true, Domain: true},
		{Root: "rp/internal/wire", Closed: true, Domain: true},                          // the kit's readers of bytes
		{Root: "rp/internal/outgoing", May: []string{"rp/internal/wire"}, Closed: true}, // what its questions over HTTP share
		{Root: "rp/latest", May: []string{"rp", "rp/internal/outgoing"}, TestsMay: []string{"rp/rptest"}, Closed: true},
		{Root: "rp/rphttp", May: []string{"rp"}, TestsMay: []string{"rp/rptest", "rp/browser"}, Closed: true}, // the standard library alone, as the kit
		{Root: "rp/mockclock", May: []string{"rp/internal/outgoing"}, TestsMay: []string{"rp/rptest"}, Closed: true},
		{Root: "rp/browser", Closed: true},
		{Root: "rp/rptest", May: []string{"rp", "rp/browser", "authority/...", "virtualcard/...", "internal/simclock"}, Closed: true},
		{Root: "rp/jpkimocktest/cardwindow", Closed: true}, // the standard library alone: it knows no driver of browsers
		{ // the whole town, for a test of somebody else's program
			Root: "rp/jpkimocktest", May: []string{"rp", "internal/ecosystem", "internal/citizen", "internal/fault", "internal/ready", "internal/stage", "internal/stage/client", "seed"},
			TestsMay: []string{"rp/browser", "rp/rphttp"}, Closed: true,
		},
	}
}

// ownRooms are what stands beside the organisations.
func ownRooms() []House {
	return []House{
		{Root: ".", May: []string{"internal/cardtool", "internal/citizen", "internal/conformtool", "internal/ecosystem", "internal/load", "internal/stagetool", "internal/trust"}, Closed: true},
		{Root: "examples/relying-party-go", May: []string{"rp", "rp/browser", "rp/mockclock", "rp/rphttp", "authority/jpki"}, Closed: true}, // as somebody outside writes it
		{Root: "seed", May: []string{"internal/peer"}, Closed: true},
		{Root: "e2e", TestsMay: []string{"internal/ecosystem", "internal/ui", "internal/door", "seed", "rp/..."}, Closed: true},
		{Root: "internal/deployment", TestsMay: []string{"internal/ecosystem", "internal/openapi", "portal/partner"}, Closed: true}, // tests of what stands around the program

		{Root: "internal/ecosystem", TestsMay: []string{"internal/citizen", "internal/stage/client", "internal/stagetool", "internal/ui/easy"}, May: []string{
			"authority/...", "virtualcard/...", "rp/...", "catv/...", "medical/...", "portal/...", "seed",
			"internal/ui", "internal/door", "internal/fault", "internal/lobby", "internal/stage", "internal/stage/play", "internal/stage/web", "internal/session", "internal/simclock", "internal/dbopen", "internal/oidcclient", "internal/sweeps", "internal/crowd", "internal/ready", "internal/peer", "internal/tracing/...", "internal/touch/...", "internal/trust", "internal/whereabouts",
			"internal/ecosystem/...", // rooms of the wiring
		}, Closed: true},
		{Root: "internal/crowd", May: []string{"authority/...", "rp/bank/...", "medical", "medical/db", "medical/insurer", "portal/...", "rp", "virtualcard", "virtualcard/client"}, Closed: true}, // it writes for all of them at once
		{Root: "internal/load", May: []string{"internal/ecosystem", "rp", "seed"}, Closed: true},
		{Root: "internal/cardtool", May: []string{"virtualcard/apdulog"}, TestsMay: []string{"virtualcard/..."}, Closed: true},
		{Root: "internal/citizen", Closed: true}, // it knows pages, and no house
		{Root: "internal/stagetool", May: []string{"internal/fault", "internal/stage", "internal/stage/client", "internal/stage/play"}, Closed: true},
		{Root: "internal/cookie", Closed: true},
		{Root: "internal/ui", May: []string{"internal/cookie", "internal/ui/easy"}, Closed: true},
		{Root: "internal/ui/easy", Closed: true},
		{Root: "internal/door", May: []string{"internal/cookie", "internal/ui"}, Closed: true},
		{Root: "internal/openapi", May: []string{"internal/ui"}, Closed: true},
		{Root: "internal/fault", May: []string{"internal/door", "internal/ui"}, Closed: true},
		{Root: "internal/whereabouts", May: []string{"authority/jpki", "internal/door"}, Closed: true},
		// It knows houses by URL.
		{Root: "internal/lobby", May: []string{"authority/jpki", "internal/door", "internal/fault", "internal/held", "internal/openapi", "internal/peer", "internal/stage", "internal/stage/play", "internal/touch", "internal/touch/web", "internal/ui", "internal/whereabouts", "internal/words", "seed"}, Closed: true},
		{Root: "internal/stage", May: []string{"authority/jpki", "internal/fault", "internal/peer", "internal/ready", "internal/stage", "internal/ui", "internal/whereabouts", "seed"}, Closed: true},
		{Root: "internal/stage/play", May: []string{"authority/jpki", "internal/stage", "internal/touch", "internal/ui"}, Closed: true},
		{Root: "internal/stage/web", May: []string{"internal/door", "internal/fault", "internal/openapi", "internal/peer", "internal/stage", "internal/stage/play"}, Closed: true},
		{Root: "internal/stage/client", May: []string{"internal/fault", "internal/peer", "internal/stage", "internal/stage/play"}, Closed: true},
		{Root: "internal/session", May: []string{"internal/cookie"}, Closed: true},
		{Root: "internal/held", Closed: true},
		{Root: "internal/trust", Closed: true},
		{Root: "internal/sweeps", Closed: true},
		{Root: "internal/ready", May: []string{"authority/jpki", "internal/ui", "seed"}, Closed: true},
		{Root: "internal/shown", Closed: true},
		{Root: "internal/sealed", Closed: true},
		// Beside the kit it knows how pages are made, and no house.
		{Root: "internal/rpweb", May: []string{"rp", "rp/browser", "rp/rphttp", "internal/door", "internal/openapi", "internal/ui", "internal/session", "internal/held", "internal/words"}, TestsMay: []string{"rp/rptest"}, Closed: true},
		{Root: "internal/peer", May: []string{"internal/door", "internal/tracing/carry"}, Closed: true}, // an answer is read as strictly as a request
		{Root: "internal/staffroom", May: []string{"internal/door", "internal/openapi", "internal/session", "internal/ui"}, Closed: true},
		{Root: "internal/oidcclient", May: []string{"internal/tracing/carry"}, TestsMay: []string{"internal/oidcclient/oidctest"}, Closed: true}, // of any provider: it knows no house
		{Root: "internal/oidcclient/oidctest", May: []string{"internal/oidcclient"}, Closed: true},                                               // the judge of clients in tests
		{Root: "internal/words", May: []string{"internal/ui"}, Closed: true},
		{Root: "internal/simclock", Closed: true},
		{Root: "internal/tracing", May: []string{"internal/tracing/carry"}, Closed: true},
		{Root: "internal/tracing/carry", Closed: true}, // no SDK: rp/rptest links it
		{Root: "internal/touch/web", May: []string{"internal/openapi", "internal/touch", "internal/tracing/...", "internal/ui", "internal/door"}, Closed: true},
		{Root: "internal/touch", May: []string{"internal/tracing/...", "internal/ui"}, Closed: true}, // it knows houses by name, and no package of theirs
		{Root: "internal/dbopen", May: []string{"internal/simclock"}, Closed: true},                  // a probe is repeated by this machine's clock
		{Root: "internal/archtest", Closed: true},
		{Root: "internal/webtest", Closed: true},                   // of tests alone: whom they ask, and how
		{Root: "internal/pcsctest", Closed: true},                  // of tests alone: a pcscd of their own
		{Root: "internal/fuse", May: []string{"rp"}, Closed: true}, // of tests alone: what they let fail
	}
}

// conformRooms are those of a conformance run, which is the citizen and the authority against
// somebody's program: it knows houses by URL.
func conformRooms() []House {
	return []House{
		{Root: "internal/conform", May: []string{"internal/ui"}, Closed: true},
		{Root: "internal/conform/forge", Closed: true},
		{Root: "internal/conform/town", May: []string{"internal/citizen", "internal/conform/forge", "internal/peer", "internal/ready", "internal/stage", "internal/stage/client", "seed"}, Closed: true},
		{Root: "internal/conform/relyingparty", May: []string{"internal/citizen", "internal/conform", "internal/conform/forge", "internal/conform/town", "internal/ui"}, TestsMay: []string{"internal/conform/conformtest", "internal/ecosystem", "rp"}, Closed: true},
		{Root: "internal/conform/oidc", May: []string{"internal/citizen", "internal/conform", "internal/ui"}, TestsMay: []string{"internal/conform/conformtest"}, Closed: true},
		{Root: "internal/conform/conformtest", May: []string{"internal/oidcclient"}, Closed: true},
		{Root: "internal/conform/ocspclient", May: []string{"authority/ocsp", "internal/conform", "internal/conform/forge", "internal/conform/town", "internal/ui"}, TestsMay: []string{"internal/conform/conformtest", "internal/ecosystem"}, Closed: true}, // authority/ocsp: its answers are written there
		{Root: "internal/conform/partners", May: []string{"internal/citizen", "internal/conform", "internal/conform/town", "internal/ui", "portal/partner"}, TestsMay: []string{"internal/ecosystem"}, Closed: true},                                         // the contract's own rules
		{Root: "internal/conformtool", May: []string{"internal/conform/...", "internal/conform", "internal/ready", "internal/simclock", "internal/ui"}, TestsMay: []string{"internal/ecosystem"}, Closed: true},
	}
}
