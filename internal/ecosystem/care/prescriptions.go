package care

import (
	"context"

	"example.jp/jpkimock/internal/ecosystem/deeds"
	"example.jp/jpkimock/internal/ecosystem/holdings"
	"example.jp/jpkimock/internal/whereabouts"
	medicaldb "example.jp/jpkimock/medical/db"
	"example.jp/jpkimock/medical/pharmacy"
	"example.jp/jpkimock/medical/prescription"
	medicalweb "example.jp/jpkimock/medical/web"
)

// doctors is the register of doctors, as the inquiry system was given it.
func doctors() []prescription.Doctor {
	return []prescription.Doctor{{Name: "緑川　しのぶ", Birth: "1976-06-08", Institution: "hospital"}}
}

// prescriptions builds the inquiry system and the pharmacies.
func (m *Town) prescriptions(ctx context.Context) error {
	store, err := medicaldb.OpenPrescriptions(m.Database("rx"), m.Database("rx-keys"))
	if err != nil {
		return err
	}
	m.keep(store)
	m.Holds("medical", holdings.Prescriptions(store))
	verifier, linkage, err := m.Kit(ctx, RxKey)
	if err != nil {
		return err
	}
	m.Pages.HoldersKey = m.Key(HoldersKey)
	m.Pages.Rx.StaffKey = m.Key(RxStaffKey)
	m.Pages.Rx.System, err = prescription.New(prescription.Config{
		Verifier: verifier, Linkage: linkage, Platform: medicalweb.NewHolderClient(m.Peer, m.Pages.HoldersKey), Doctors: doctors(), Store: store, Now: m.Pages.Now,
	})
	if err != nil {
		return err
	}
	m.Pages.Rx.Callers = append(m.Pages.Rx.Callers, medicalweb.RxCaller{
		Party: prescription.Party{ID: "hospital", Name: "みほん総合病院"}, NameEN: "Mihon General Hospital", Key: m.Key(RxHospitalKey),
	})
	there := medicalweb.CardThere(m.AgentPeer)
	for _, p := range []struct {
		id, name, nameEN, key, staff string
		pharmacists                  []string
	}{
		{"mihon", "みほん薬局", "Mihon Pharmacy", RxMihonKey, MihonStaffKey, []string{"白石　静", "森下　剛"}},
		{"aoba", "あおば調剤薬局", "Aoba Pharmacy", RxAobaKey, AobaStaffKey, []string{"水谷　恵"}},
	} {
		books, err := medicaldb.OpenPharmacy(m.Database(p.id))
		if err != nil {
			return err
		}
		m.keep(books)
		m.Holds("medical", holdings.Pharmacy(p.id+"-pharmacy", whereabouts.Words{JA: p.name, EN: p.nameEN}))
		key := m.Key(p.key)
		counter, err := pharmacy.New(pharmacy.Config{Inquiry: medicalweb.NewRxClient(m.Peer, key), Books: books, Now: m.Pages.Now, There: there})
		if err != nil {
			return err
		}
		m.AtSweep("medical", RxSweep, deeds.Pharmacy(counter, func(ctx context.Context) error {
			counter.Touches(ctx) // those whose card is gone are forgotten
			return counter.Settle(ctx)
		}))
		m.Pages.Rx.Callers = append(m.Pages.Rx.Callers, medicalweb.RxCaller{
			Party: prescription.Party{ID: p.id, Name: p.name, Pharmacy: true}, NameEN: p.nameEN, Key: key,
		})
		m.Pages.Pharmacies = append(m.Pages.Pharmacies, medicalweb.Pharmacy{ID: p.id, Name: p.name, NameEN: p.nameEN, Counter: counter, StaffKey: m.Key(p.staff), Pharmacists: p.pharmacists})
	}
	return nil
}
