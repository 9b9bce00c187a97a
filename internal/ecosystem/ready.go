package ecosystem

import (
	"context"
	"errors"
	"strings"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/ecosystem/notice"
	"example.jp/jpkimock/internal/ready"
	"example.jp/jpkimock/rp/platform"
)

// Ready is the content of the ready file, which is written when all houses answer.
type Ready = ready.Town

// Ready returns what scripts need to know of the running town, with its keys.
func (e *Ecosystem) Ready() Ready {
	r := e.ready(e.key)
	r.AddOwn(e.places.Of("authority").Status, e.world)
	return r
}

// ready gives only the keys that shows lets through.
func (e *Ecosystem) ready(shows func(name string) string) Ready {
	r := Ready{
		Version: ready.Version, URLs: e.urls(), Keys: map[string]string{}, Verifiers: map[string]ready.Verifier{},
		Authorities: e.authorities, Personas: ready.People(e.world),
	}
	r.Manage, r.TLS = e.Managed(), e.places.Certificate()
	if u := r.URLs["platform"]; u != "" {
		r.Issuer = u + platform.IssuerPath
	}
	for _, h := range e.cfg.Houses {
		for _, k := range h.Keys {
			if key := shows(k.Name); key != "" {
				r.Keys[strings.ToLower(strings.ReplaceAll(k.Name, "_", "-"))] = key
			}
		}
		if h.Desks != nil && e.URL(h.Name) != "" {
			notice.AddDesks(&r, h.Name, h.Desks(e))
		}
		if key := shows(h.Verifier.Key); key != "" {
			r.Verifiers[h.Name] = ready.NewVerifier(e.places.Of("authority").Status, h.Verifier.ID, key, e.world.KindsOf(h.Verifier.ID))
		}
	}
	return r
}

// showAuthorities keeps the authority's certificates for the ready file.
func (e *Ecosystem) showAuthorities(agency *authority.Authority) {
	e.authorities = map[string]ready.Authority{}
	for _, k := range jpki.Kinds() {
		e.authorities[k.String()] = ready.NewAuthority(e.places.Of("authority").Status, k.String(), agency.CACertificate(k), agency.ResponderCertificate(k))
	}
}

// WriteReady writes the ready file and the environment file, with what the houses say of people
// at this moment; no file without a path.
func (e *Ecosystem) WriteReady(path, env string) error {
	r := e.Ready()
	e.stage.Describe(context.Background(), &r)
	return errors.Join(notice.AddClients(&r, e.world), r.Write(path), r.WriteEnv(env))
}
