package ecosystem

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"example.jp/jpkimock/internal/fault"
	"example.jp/jpkimock/internal/stage"
	"example.jp/jpkimock/internal/stagetool"
	"example.jp/jpkimock/internal/webtest"
)

var update = flag.Bool("update", false, "write the tables of the docs anew")

const faultsFile = "../../docs/faults.md"

// TestEveryFaultAtEveryRelyingParty switches on one fault after the other, and looks at what
// a citizen with a good card is shown at each relying party: a sentence, never a blank page,
// and no yes where the authority gives no believable status. docs/faults.md is what it saw.
func TestEveryFaultAtEveryRelyingParty(t *testing.T) {
	t.Parallel()
	e := town(t, Config{SweepEvery: -1})
	all := errands(e)
	var table strings.Builder
	table.WriteString(faultsHead)
	for _, c := range all {
		fmt.Fprintf(&table, " %s |", c.at)
	}
	table.WriteString("\n| --- | --- |" + strings.Repeat(" --- |", len(all)) + "\n")
	tell := webtest.NewBrowser(t, "")
	prepare := func() {
		for _, c := range all {
			if c.before != nil {
				c.before(visitor{t, e, webtest.NewBrowser(t, e.Peer(c.house))})
			}
		}
	}
	for _, h := range e.cfg.Houses {
		for _, f := range h.Faults {
			prepare()
			name, on := h.Name+"/"+f.Name, fault.State{On: true}
			if f.Name == "slow" {
				on.Delay = "10ms"
			}
			tell.Calls(http.MethodPut, e.Peer(h.Name)+"/faults", map[string]fault.State{f.Name: on}, nil).Says(http.StatusOK)
			fmt.Fprintf(&table, "| %s | `%s` %s |", h.Name, f.Name, f.Says().EN)
			for _, c := range all {
				saw := c.outcome(t, e, name)
				if strings.HasPrefix(saw, "served") && h.Name == "authority" && f.Name != "slow" && f.Name != "crl-stale" {
					t.Errorf("%s: %s was served", name, c.at)
				}
				fmt.Fprintf(&table, " %s |", saw)
			}
			table.WriteString("\n")
			tell.Calls(http.MethodPut, e.Peer(h.Name)+"/faults", map[string]fault.State{f.Name: {}}, nil).Says(http.StatusOK)
		}
	}
	prepare()
	for _, c := range all {
		if saw := c.outcome(t, e, "no fault"); saw != "served" {
			t.Errorf("without a fault: %s: %s", c.at, saw)
		}
	}
	if *update {
		webtest.Must(t, os.WriteFile(faultsFile, []byte(table.String()), 0o644))
	}
	written, err := os.ReadFile(faultsFile)
	webtest.Must(t, err)
	if table.String() != string(written) {
		t.Errorf("docs/faults.md is not what was seen; -update writes:\n%s", table.String())
	}
}

const faultsHead = `# What people see while something fails

Made by ` + "`go test ./internal/ecosystem -run TestEveryFaultAtEveryRelyingParty -update`" + `: each fault of each house is switched
on, and somebody with a good card goes to each relying party. *served* is the page that they came for; otherwise the
status and the heading of the page that says why not; *no answer* is a house that is silent itself, where the browser
says so, and *no card* a card client that does not answer the page. No cell of the authority says *served* but for slow answers
and the CRL, which is read only where a service asks for it. A payment by card is shown with what the terminal says besides; an application
that is taken waits for the partners named, and reaches them once they answer. [Interfaces](interfaces.md#every-house) says how faults are narrowed.

| house | fault |`

// TestAFaultIsKeptToSomebody narrows faults through the management interface: to a relying
// party, to a person, to a number of times.
func TestAFaultIsKeptToSomebody(t *testing.T) {
	t.Parallel()
	e, town := onStage(t)
	all := errands(e)
	bank, portal := all[0], all[len(all)-2]
	served := func(c errand) bool { return c.outcome(t, e, "narrowed") == "served" }
	begin := func(name string, with fault.Setting) {
		t.Helper()
		_, err := town.SwitchFaults(t.Context(), "authority", []string{name}, nil, with)
		webtest.Must(t, err)
	}
	for _, name := range []string{"ocsp-nonce", "error"} {
		begin(name, fault.Setting{Caller: "bank"})
		if served(bank) || !served(portal) {
			t.Errorf("%s for the bank alone: the bank or another", name)
		}
		_, err := town.EndFaults(t.Context())
		webtest.Must(t, err)
	}
	begin("ocsp-unknown", fault.Setting{Person: "hanako"})
	if !served(bank) {
		t.Error("a fault about Hanako is one about Taro")
	}
	begin("ocsp-unknown", fault.Setting{Person: "taro", Count: 1})
	list, err := town.Faults(t.Context())
	webtest.Must(t, err)
	i := slices.IndexFunc(list, func(f stage.Fault) bool { return f.Name == "ocsp-unknown" })
	if !list[i].On || list[i].With == nil || *list[i].With != (fault.Setting{Person: "taro", Count: 1}) {
		t.Errorf("%+v", list[i])
	}
	if served(bank) || !served(bank) {
		t.Error("once about Taro: never, or more than once")
	}
	for _, c := range []struct {
		house string
		with  fault.Setting
		says  string
	}{
		{"bank", fault.Setting{Caller: "portal"}, "houses that know who asks"},
		{"authority", fault.Setting{Caller: "bonk"}, "want one of bank, catv, "},
		{"gateway", fault.Setting{Caller: "bank"}, "want one of hospital, clinic, medical"},
		{"authority", fault.Setting{Person: "taro"}, "one person"},
	} {
		var said strings.Builder
		command := []string{"fault", "--manage", e.Managed(), c.house, "silent", "on", "caller=" + c.with.Caller}
		if c.with.Person != "" {
			command[len(command)-1] = "person=" + c.with.Person
		}
		if err := stagetool.Run(t.Context(), command, &said); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s %+v: %v: want %s", c.house, c.with, err, c.says)
		}
		if _, err := town.SwitchFaults(t.Context(), c.house, []string{"silent"}, nil, c.with); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s %+v: %v: want %s", c.house, c.with, err, c.says)
		}
	}
	_, err = town.SwitchFaults(t.Context(), "authority", []string{"ocsp-unknown"}, nil, fault.Setting{Person: "hanaco"})
	if err == nil || !strings.Contains(err.Error(), `nobody called "hanaco": want one of hanako, `) {
		t.Errorf("about nobody: %v", err)
	}
}
