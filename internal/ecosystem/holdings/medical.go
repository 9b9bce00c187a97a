package holdings

import (
	"context"
	"slices"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/whereabouts"
	"example.jp/jpkimock/medical"
	medicaldb "example.jp/jpkimock/medical/db"
	"example.jp/jpkimock/medical/gateway"
	gatewaydb "example.jp/jpkimock/medical/gateway/db"
	"example.jp/jpkimock/medical/insurer"
	"example.jp/jpkimock/medical/platform"
	"example.jp/jpkimock/medical/prescription"
	"example.jp/jpkimock/medical/reception"
)

// many bounds the records of a party that are looked through.
const many = 1000

// Gateway answers for the card company, which knows a certificate and no name.
func Gateway(store *gatewaydb.Store) whereabouts.Ask {
	return func(ctx context.Context, p whereabouts.Person) (whereabouts.Organisation, error) {
		o := whereabouts.Organisation{ID: "gateway", Name: whereabouts.Words{JA: "みほんカード決済", EN: "Mihon Card Payments"}}
		card, found, err := known(p, gateway.ErrNoCard, func(serial jpki.SerialNumber) (gateway.Card, error) { return store.Card(ctx, serial) })
		if err != nil || !found {
			return o, err
		}
		o.Serial(jpki.UserAuthentication, card.Serial, card.At)
		o.Add(whereabouts.CreditCard, card.Brand+" ***"+card.Last4, card.At)
		return o, nil
	}
}

// Insurer answers for an insurer.
func Insurer(id string, name whereabouts.Words, store *medicaldb.Insurer) whereabouts.Ask {
	return func(ctx context.Context, p whereabouts.Person) (whereabouts.Organisation, error) {
		o := whereabouts.Organisation{ID: id, Name: name}
		who, found, err := known(p, insurer.ErrNotLinked, func(serial jpki.SerialNumber) (insurer.Insured, error) { return store.ByCertificate(ctx, serial) })
		if err == nil && !found {
			who, found, err = insuredNamed(ctx, store, p)
		}
		if err != nil || !found {
			return o, err
		}
		since := who.QualifiedOn.Time()
		o.Add(whereabouts.Name, who.Name, since)
		o.Add(whereabouts.Address, who.Address, since)
		o.Add(whereabouts.Birth, string(who.Birth), since)
		o.Add(whereabouts.Gender, who.Sex.Japanese(), since)
		o.Add(whereabouts.Insured, who.Symbol+"-"+who.Number+"-"+who.Branch, since)
		links, err := store.Links(ctx, who.ID)
		for _, l := range links {
			o.Serial(jpki.UserAuthentication, l.Serial, l.At)
		}
		return o, err
	}
}

// insuredNamed finds who is not linked with a card yet by name and date of birth.
func insuredNamed(ctx context.Context, store *medicaldb.Insurer, p whereabouts.Person) (insurer.Insured, bool, error) {
	for _, name := range p.Names {
		all, err := store.All(ctx, name, many)
		if err != nil {
			return insurer.Insured{}, false, err
		}
		i := slices.IndexFunc(all, func(one insurer.Insured) bool { return one.Name == name && string(one.Birth) == p.Born.Gregorian() })
		if i >= 0 {
			return all[i], true, nil
		}
	}
	return insurer.Insured{}, false, nil
}

// Relay answers for the medical platform, which knows which insurer a certificate leads to.
func Relay(store *medicaldb.Platform) whereabouts.Ask {
	return func(ctx context.Context, p whereabouts.Person) (whereabouts.Organisation, error) {
		o := whereabouts.Organisation{ID: "medical-platform", Name: whereabouts.Words{JA: "医療共通プラットフォーム", EN: "Common platform of the medical field"}}
		log, err := store.Log(ctx, "", many)
		if err != nil {
			return o, err
		}
		first := map[jpki.SerialNumber]time.Time{}
		for _, e := range log { // the newest first
			first[e.Serial] = e.At
		}
		for _, serial := range p.Serials {
			routes, err := store.Routes(ctx, serial)
			if err != nil {
				return o, err
			}
			asked := slices.ContainsFunc(log, func(e platform.Entry) bool { return e.Serial == serial })
			if asked || len(routes) > 0 {
				o.Serial(jpki.UserAuthentication, serial, first[serial])
			}
			for _, to := range routes {
				o.Add(whereabouts.Route, string(to), time.Time{})
			}
			if asked {
				o.Add(whereabouts.Inquiries, "", first[serial])
			}
		}
		return o, nil
	}
}

// Institution answers for a hospital or a clinic.
func Institution(id string, name whereabouts.Words, store *medicaldb.Reception, now func() time.Time) whereabouts.Ask {
	return func(ctx context.Context, p whereabouts.Person) (whereabouts.Organisation, error) {
		o := whereabouts.Organisation{ID: id, Name: name}
		today := medical.DateOf(now())
		var visits, relatives []reception.Visit
		for _, list := range []func() ([]reception.Visit, error){
			func() ([]reception.Visit, error) { return store.Day(ctx, today, many) },
			func() ([]reception.Visit, error) { return store.Open(ctx, today, many) },
			func() ([]reception.Visit, error) { return store.Before(ctx, today, many) },
		} {
			some, err := list()
			if err != nil {
				return o, err
			}
			for _, v := range some {
				switch {
				case p.Named(v.Name):
					visits = append(visits, v)
				case v.Answer != nil && slices.ContainsFunc(v.Answer.Results, func(q medical.Qualification) bool { return p.Named(q.InsuredName) }):
					relatives = append(relatives, v)
				}
			}
		}
		if len(relatives) > 0 {
			first := slices.MinFunc(relatives, func(a, b reception.Visit) int { return a.At.Compare(b.At) })
			o.Add(whereabouts.Relative, p.Names[0], first.At)
		}
		if len(visits) == 0 {
			return o, nil
		}
		slices.SortFunc(visits, func(a, b reception.Visit) int { return b.At.Compare(a.At) })
		newest, oldest := visits[0], visits[len(visits)-1]
		o.Add(whereabouts.Name, newest.Name, oldest.At)
		for _, v := range visits {
			if v.Answer == nil || len(v.Answer.Results) == 0 {
				continue
			}
			q := v.Answer.Results[0]
			o.Add(whereabouts.Address, q.Address, v.At)
			o.Add(whereabouts.Birth, string(q.Birth), v.At)
			o.Add(whereabouts.Gender, q.Sex.Japanese(), v.At)
			o.Add(whereabouts.Insured, q.Symbol+"-"+q.Number+"-"+q.Branch, v.At)
			break
		}
		o.Add(whereabouts.Visits, "", oldest.At)
		return o, nil
	}
}

// Prescriptions answers for the prescription inquiry system.
func Prescriptions(store *medicaldb.Prescriptions) whereabouts.Ask {
	return func(ctx context.Context, p whereabouts.Person) (whereabouts.Organisation, error) {
		o := whereabouts.Organisation{ID: "prescriptions", Name: whereabouts.Words{JA: "処方箋照会システム", EN: "Prescription inquiry system"}}
		for _, serial := range p.Serials {
			patient, err := store.Patient(ctx, serial)
			if err != nil || patient == "" {
				if err != nil {
					return o, err
				}
				continue
			}
			all, err := store.Find(ctx, prescription.Of{Patient: patient})
			if err != nil {
				return o, err
			}
			var since time.Time
			if n := len(all); n > 0 {
				since = all[n-1].At
			}
			o.Serial(jpki.UserAuthentication, serial, since)
			if len(all) > 0 && len(o.Holds) == 1 {
				o.Add(whereabouts.Prescription, "", since)
			}
		}
		return o, nil
	}
}

// Pharmacy answers for a pharmacy, whose books have the numbers of prescriptions alone: the
// person is nowhere in them.
func Pharmacy(id string, name whereabouts.Words) whereabouts.Ask {
	return func(context.Context, whereabouts.Person) (whereabouts.Organisation, error) {
		return whereabouts.Organisation{ID: id, Name: name}, nil
	}
}
