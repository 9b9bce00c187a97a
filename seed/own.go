package seed

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"

	"gopkg.in/yaml.v3"

	"example.jp/jpkimock/authority/jpki"
)

// Own is what somebody adds to a world, for programs of their own (--init): verifiers with
// their keys, services at the common platform, and people.
type Own struct {
	Verifiers []Verifier `yaml:"verifiers"`
	Services  []Service  `yaml:"services"`
	Personas  []Persona  `yaml:"personas"`
}

// Service is a relying party of the common platform (OpenID Connect, private_key_jwt). JWKS is
// its set of public keys, RFC 7517.
type Service struct {
	ID           string         `yaml:"id"` // letters and digits
	Name         string         `yaml:"name"`
	NameEN       string         `yaml:"nameEn"`
	RedirectURIs []string       `yaml:"redirectUris"`
	JWKS         map[string]any `yaml:"jwks"`
	Scopes       []string       `yaml:"scopes"` // openid, if there are none
	Faces        []string       `yaml:"faces"`  // window, if there are none
}

// Write writes it as a file that Open reads.
func (o Own) Write(path string) error {
	b, err := yaml.Marshal(o)
	if err != nil {
		return fmt.Errorf("seed: %w", err)
	}
	return os.WriteFile(path, b, 0o600)
}

// Names of worlds that are no files.
const (
	DefaultWorld = "default"
	NoWorld      = "none"
)

// Open returns a world by its name or its path, with what the file own adds; own may be empty.
func Open(name, own string) (w World, err error) {
	switch {
	case name == NoWorld && own != "":
		return w, fmt.Errorf("seed: %s adds to a world, and there is none", own)
	case name == NoWorld:
		return w, nil
	case name == DefaultWorld:
		w, err = Default()
	default:
		w, err = Read(name)
	}
	if err != nil || own == "" {
		return w, err
	}
	f, err := os.Open(own)
	if err != nil {
		return World{}, fmt.Errorf("seed: read what is added: %w", err)
	}
	defer f.Close()
	var added Own
	d := yaml.NewDecoder(f)
	d.KnownFields(true)
	if err := d.Decode(&added); err != nil {
		return World{}, fmt.Errorf("seed: %s: %w", own, err)
	}
	if w, err = w.With(added); err != nil {
		return World{}, fmt.Errorf("seed: %s: %w", own, err)
	}
	return w, nil
}

// With returns the world with what somebody adds. What a member leaves out is what one would
// say for a test: both kinds of certificates, accredited yesterday, a card of a year.
func (w World) With(added Own) (World, error) {
	for _, v := range added.Verifiers {
		if err := w.ownVerifier(&v); err != nil {
			return w, err
		}
		w.Verifiers, w.own = append(slices.Clone(w.Verifiers), v), append(slices.Clone(w.own), v)
	}
	for _, s := range added.Services {
		if s.ID == "" || s.Name == "" || len(s.RedirectURIs) == 0 || len(s.JWKS) == 0 {
			return w, fmt.Errorf("service %q lacks an id, a name, redirectUris or jwks", s.ID)
		}
		if s.ID == ServiceID("health") || s.ID == ServiceID("booking") || slices.ContainsFunc(w.services, func(o Service) bool { return o.ID == s.ID }) {
			return w, fmt.Errorf("service %q: the world has one with this id", s.ID)
		}
		w.services = append(slices.Clone(w.services), s)
	}
	for _, p := range added.Personas {
		if p.State == "" {
			p.State = StateNormal
		}
		if p.Municipality == "" && len(w.Municipalities) > 0 {
			p.Municipality = w.Municipalities[0].Code
		}
		if p.Card.IssuedDaysAgo == 0 {
			p.Card.IssuedDaysAgo = 365
		}
		w.Personas = append(slices.Clone(w.Personas), p)
	}
	return w, w.check()
}

// ownVerifier completes a verifier, and refuses one that no register takes.
func (w World) ownVerifier(v *Verifier) error {
	if len(v.Kinds) == 0 {
		v.Kinds = jpki.Kinds()
	}
	if v.AccreditedDaysAgo == 0 {
		v.AccreditedDaysAgo = 1
	}
	if v.Why == "" {
		v.Why = "試験のため"
	}
	at, err := url.Parse(v.Origin)
	switch {
	case v.ID == "" || v.Name == "" || v.Key == "":
		return fmt.Errorf("verifier %q lacks an id, a name or a key", v.ID)
	case slices.ContainsFunc(w.Verifiers, func(o Verifier) bool { return o.ID == v.ID || o.Key == v.Key }):
		return fmt.Errorf("verifier %q: the world has one with this id or key", v.ID)
	case v.Origin != "" && (err != nil || at.Host == "" || v.Origin != at.Scheme+"://"+at.Host):
		return fmt.Errorf("verifier %q: %q is no origin, such as http://localhost:9000", v.ID, v.Origin)
	}
	return nil
}

// Own returns the verifiers that somebody added.
func (w World) Own() []Verifier { return w.own }

// registerOwn registers the added services at the platform.
func (p *planter) registerOwn(ctx context.Context, d Doors) error {
	staff, err := newCaller(d.Peer["platform"], d.Keys["PLATFORM_STAFF"])
	if err != nil {
		return err
	}
	or := func(given []string, otherwise string) []string {
		if len(given) == 0 {
			return []string{otherwise}
		}
		return given
	}
	for _, s := range p.world.services {
		in := map[string]any{
			"clientId": s.ID, "name": s.Name, "nameEn": s.NameEN, "redirectUris": s.RedirectURIs, "jwks": s.JWKS,
			"scopes": or(s.Scopes, "openid"), "faces": or(s.Faces, "window"), "staff": "kiban-1", "why": "試験のため登録",
		}
		if err := staff.Call(ctx, http.MethodPut, "/register/v1/providers/"+url.PathEscape(s.ID), in, nil); err != nil {
			return fmt.Errorf("seed: service %s: %w", s.ID, err)
		}
	}
	return nil
}
