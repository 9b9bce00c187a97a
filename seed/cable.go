package seed

import (
	"context"
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
)

// Household is a contract of the cable operator, with the people named in it.
type Household struct {
	Number string `yaml:"number"`
	Box    string `yaml:"box"`
	Holder Note   `yaml:"holder"`
	Places []Seat `yaml:"places"`
	// Subscriber is the persona who signed the contract, at home; empty if the papers
	// do not say.
	Subscriber string `yaml:"subscriber"`
	// EnrolledDaysAgo is when those with a nickname enrolled.
	EnrolledDaysAgo int `yaml:"enrolledDaysAgo"`
}

// Seat is a person named in a contract.
type Seat struct {
	Persona  string   `yaml:"persona"`
	Label    Note     `yaml:"label"`
	Code     string   `yaml:"code"`
	Nickname string   `yaml:"nickname"` // empty: not enrolled yet
	Profile  Measures `yaml:"profile"`
}

// Measures is what the municipality's health programme records of a person.
type Measures struct {
	Born      int     `yaml:"born" json:"born"`
	Sex       string  `yaml:"sex" json:"sex"`
	HeightCM  float64 `yaml:"heightCM" json:"heightCM"`
	WeightKG  float64 `yaml:"weightKG" json:"weightKG"`
	Steps     int     `yaml:"steps" json:"steps"`
	Systolic  int     `yaml:"systolic" json:"systolic"`
	Diastolic int     `yaml:"diastolic" json:"diastolic"`
}

// ServiceID returns the client identifier at the platform of one of the cable
// operator's services, "health" or "booking".
func ServiceID(service string) string {
	return map[string]string{"health": "RP00000001", "booking": "RP00000002"}[service]
}

// ServiceKey returns the published test key (EC P-256) with which one of the cable
// operator's services authenticates to the platform.
func ServiceKey(service string) (*ecdsa.PrivateKey, error) {
	raw, err := keyFiles.ReadFile("keys/client-" + service + ".pem")
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(raw)
	if block == nil {
		return nil, fmt.Errorf("seed: key of service %s is not PEM", service)
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("seed: key of service %s: %w", service, err)
	}
	ec, ok := key.(*ecdsa.PrivateKey)
	if !ok {
		return nil, errors.New("seed: the key of a service is not an EC key")
	}
	return ec, nil
}

// registerServices registers the cable operator's two services at the platform.
func (p *planter) registerServices(ctx context.Context, d Doors) error {
	names := map[string]Note{
		"health":  {JA: "みほんケーブルテレビ　健康情報", EN: "Mihon Cable TV, health information"},
		"booking": {JA: "みほんケーブルテレビ　施設予約", EN: "Mihon Cable TV, facility booking"},
	}
	staff, err := newCaller(d.Peer["platform"], d.Keys["PLATFORM_STAFF"])
	if err != nil {
		return err
	}
	for service, name := range names {
		key, err := ServiceKey(service)
		if err != nil {
			return err
		}
		point, err := key.PublicKey.Bytes()
		if err != nil {
			return err
		}
		half := (len(point) - 1) / 2 // after the octet 04: x, then y
		jwk := map[string]string{
			"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": service,
			"x": base64.RawURLEncoding.EncodeToString(point[1 : 1+half]), "y": base64.RawURLEncoding.EncodeToString(point[1+half:]),
		}
		in := map[string]any{
			"clientId": ServiceID(service), "name": name.JA, "nameEn": name.EN,
			"redirectUris": []string{d.Public["catv"] + "/" + service + "/callback"},
			"jwks":         map[string]any{"keys": []any{jwk}}, "scopes": []string{"openid"}, "faces": []string{"window", "tv", "kiosk"},
			"staff": "kiban-1", "why": "申請書受付のとおり登録",
		}
		if err := staff.Call(ctx, http.MethodPut, "/register/v1/providers/"+ServiceID(service), in, nil); err != nil {
			return err
		}
	}
	return nil
}

// install enters a household's contract with the cable operator and enrols
// those of its people who have chosen a nickname.
func (p *planter) install(ctx context.Context, h Household) error {
	if err := p.follow(ctx); err != nil {
		return err
	}
	text := func(n Note) map[string]string { return map[string]string{"ja": n.JA, "en": n.EN} }
	places := []any{}
	for _, s := range h.Places {
		places = append(places, map[string]any{"label": text(s.Label), "code": s.Code, "profile": s.Profile})
	}
	in := map[string]any{"number": h.Number, "holder": text(h.Holder), "box": h.Box, "places": places}
	if h.Subscriber != "" {
		person, err := p.world.Persona(h.Subscriber)
		if err != nil {
			return err
		}
		in["subscriber"] = map[string]string{"name": person.Name, "address": person.Address}
	}
	if err := p.catv.Call(ctx, http.MethodPost, "/operator/v1/contracts", in, nil); err != nil {
		return err
	}
	for _, s := range h.Places {
		if s.Nickname == "" {
			continue
		}
		if err := p.enrol(ctx, h, s); err != nil {
			return err
		}
	}
	return nil
}

// enrol enrols a viewer at the television: contract, card, nickname.
func (p *planter) enrol(ctx context.Context, h Household, s Seat) error {
	person, err := p.world.Persona(s.Persona)
	if err != nil {
		return err
	}
	set, err := newCaller(p.catv.URL, "")
	if err != nil {
		return err
	}
	var challenge struct {
		Nonce string `json:"nonce"`
	}
	if err := set.Call(ctx, http.MethodPost, "/enrolment/challenge", map[string]any{}, &challenge); err != nil {
		return err
	}
	var token json.RawMessage
	in := map[string]any{"card": person.CardID(), "pin": person.Card.AuthenticationPIN, "origin": p.doors.Public["catv"], "nonce": challenge.Nonce}
	if err := p.agent.Call(ctx, http.MethodPost, "/v1/authenticate", in, &token); err != nil {
		return err
	}
	in = map[string]any{"contract": h.Number, "code": s.Code, "nickname": s.Nickname, "token": token}
	return set.Call(ctx, http.MethodPost, "/enrolment", in, nil)
}
