package ready

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Env gives what a pipeline needs as lines of an environment file (NAME=VALUE, as docker
// --env-file, systemd and a shell's "set -a; . FILE" read them), sorted: JPKI_BANK_URL,
// JPKI_KEY_OFFICER, JPKI_BANK_OCSP_DIGITAL_SIGNATURE, JPKI_HANAKO_PIN and so on. Values that would
// need quotes are left out; certificates are at JPKI_AUTHORITY_URL/ca/bundle.pem.
func (t Town) Env() []string {
	all := map[string]string{"ISSUER": t.Issuer, "MANAGE_URL": t.Manage}
	for house, url := range t.URLs {
		all[house+"_URL"] = url
	}
	for name, key := range t.Keys {
		all["KEY_"+name] = key
	}
	for house, v := range t.Verifiers {
		all[house+"_VERIFIER"], all[house+"_VERIFIER_KEY"] = v.ID, v.Key
		for kind, url := range v.OCSP {
			all[house+"_OCSP_"+kind] = url
		}
		for kind, url := range v.CRL {
			all[house+"_CRL_"+kind] = url
		}
	}
	for _, c := range t.Clients {
		all[c.ID+"_CLIENT_ID"], all[c.ID+"_REDIRECT_URI"] = c.ID, c.RedirectURIs[0]
	}
	if t.TLS != nil {
		all["TLS_CA_FILE"] = t.TLS.File
	}
	for kind, a := range t.Authorities {
		all["OCSP_"+kind], all["CRL_"+kind] = a.OCSP, a.CRL
	}
	for _, p := range t.Personas {
		all[p.ID+"_CARD"], all[p.ID+"_PIN"], all[p.ID+"_PASSWORD"], all[p.ID+"_ACCOUNT"] = p.Card, p.AuthenticationPIN, p.SignaturePIN, p.Account
		for _, c := range p.Certificates {
			all[p.ID+"_SERIAL_"+c.Kind.String()] = c.Serial.String()
		}
	}
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if value := all[name]; value != "" && plain(value) {
			lines = append(lines, fmt.Sprintf("JPKI_%s=%s", strings.ToUpper(strings.ReplaceAll(name, "-", "_")), value))
		}
	}
	return lines
}

// plain reports whether no shell and no env file reads a value otherwise than it is written.
func plain(value string) bool {
	return !strings.ContainsFunc(value, func(r rune) bool {
		return !strings.ContainsRune("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:/,+@%", r)
	})
}

// WriteEnv writes Env, for its owner alone, whole or not at all; none without a path.
func (t Town) WriteEnv(path string) error {
	if path == "" {
		return nil
	}
	return WriteWhole(path, []byte(strings.Join(t.Env(), "\n")+"\n"))
}
