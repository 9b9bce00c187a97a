package seed

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
)

// Doctor is the ID of the persona who prescribes at the hospital.
const Doctor = "shinobu"

// Pharmacist is the name of who dispenses.
const Pharmacist = "水谷　恵"

// Prescribed is a prescription, and what became of it.
type Prescribed struct {
	Lines []struct {
		Drug string `yaml:"drug"`
		Dose int    `yaml:"dose"`
		Days int    `yaml:"days"`
	} `yaml:"lines"`
	Times    int    `yaml:"times"`
	Dispense string `yaml:"dispense"` // the pharmacy's ID; empty if it waits
}

// prescribe lets the hospital's doctor write and sign a prescription at a visit, and the
// patient go to the pharmacy with it.
func (p *planter) prescribe(ctx context.Context, visit int64, patient Persona, rx Prescribed) error {
	doctor, err := p.world.Persona(Doctor)
	if err != nil {
		return err
	}
	form := struct {
		Drug  []string `json:"drug"`
		Dose  []string `json:"dose"`
		Days  []string `json:"days"`
		Times int      `json:"times"`
	}{Times: rx.Times}
	var all []string
	for i, l := range rx.Lines {
		form.Drug, form.Dose, form.Days = append(form.Drug, l.Drug), append(form.Dose, strconv.Itoa(l.Dose)), append(form.Days, strconv.Itoa(l.Days))
		all = append(all, strconv.Itoa(i))
	}
	var draft struct{ Draft, Document string }
	surgery := p.staffOf("doctor")
	if err := surgery.Call(ctx, http.MethodPost, fmt.Sprintf("/hospital/doctor/v1/visits/%d/orders", visit), form, &draft); err != nil {
		return err
	}
	var signed struct {
		CMS string `json:"cms"`
	}
	in := map[string]any{
		"card": doctor.CardID(), "pin": doctor.Card.SignaturePIN, "origin": p.medical.URL,
		"document": map[string]string{"name": "prescription.txt", "mediaType": "text/plain", "content": base64.StdEncoding.EncodeToString([]byte(draft.Document))},
	}
	if err := p.agent.Call(ctx, http.MethodPost, "/v1/sign", in, &signed); err != nil {
		return err
	}
	var issued struct{ ID string }
	if err := surgery.Call(ctx, http.MethodPost, "/hospital/doctor/v1/drafts/"+draft.Draft, signed, &issued); err != nil || rx.Dispense == "" {
		return err
	}
	pharmacist, at := p.staffOf(rx.Dispense), "/pharmacies/"+rx.Dispense+"/desk/v1/"
	var challenge struct{ Nonce, Origin string }
	if err := pharmacist.Call(ctx, http.MethodPost, at+"challenges", nil, &challenge); err != nil {
		return err
	}
	token, err := p.touch(ctx, patient, challenge.Origin, challenge.Nonce)
	if err != nil {
		return err
	}
	var laid struct{ Touch string }
	if err := pharmacist.Call(ctx, http.MethodPost, at+"touches", map[string]any{"nonce": challenge.Nonce, "token": token}, &laid); err != nil {
		return err
	}
	for _, do := range []map[string]any{
		{"do": "accept", "id": issued.ID, "who": Pharmacist}, {"do": "dispense", "id": issued.ID, "who": Pharmacist, "lines": all},
	} {
		if err := pharmacist.Call(ctx, http.MethodPost, at+"touches/"+laid.Touch, do, nil); err != nil {
			return err
		}
	}
	return nil
}
