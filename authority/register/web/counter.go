package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/desk"
	frame "example.jp/jpkimock/authority/desk/web"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/jpki/fold"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/internal/ui"
)

// searchTerms is what the counter looks for; at least one is filled in.
type searchTerms struct {
	Name, Birth, Address string
	Done                 bool
}

// maxFound bounds a list of residents.
const maxFound = 20

// residentLine is a resident in a list.
type residentLine struct {
	register.Resident
	Shown     ui.Text // the name
	State     ui.Text
	StateTone string
}

func lineOf(r register.Resident) residentLine {
	name, tone := standingLabels.Of(r.Standing)
	return residentLine{r, personName(r), name, tone}
}

// counterView is the counter's first page.
type counterView struct {
	Terms    searchTerms
	BadBirth bool
	Town     ui.Text
	Found    []residentLine
	More     int
	// Incoming are people of other municipalities, named exactly, who may move
	// in.
	Incoming []incomingLine
}

// incomingLine is somebody of another municipality, with no more than it takes
// to know who it is.
type incomingLine struct {
	residentLine
	From ui.Text
}

// counter shows the search and what it found. The terms are kept in the
// session: names do not belong into addresses.
func (d *desks) counter(c echo.Context, who desk.Officer) error {
	terms := d.searched(c)
	v := counterView{Terms: terms, Town: frame.TownName(who.Municipality)}
	if !terms.Done {
		return d.Show(c, http.StatusOK, "counter", pageTitles.counter, who, v)
	}
	birth, ok := frame.ParseDay(terms.Birth)
	if v.BadBirth = terms.Birth != "" && !ok; v.BadBirth {
		return d.Show(c, http.StatusUnprocessableEntity, "counter", pageTitles.counter, who, v)
	}
	all, err := d.agency.Residents(c.Request().Context())
	if err != nil {
		return err
	}
	for _, r := range all {
		if who.Serves(r.Municipality) != nil {
			if terms.names(r) && r.Standing != register.StandingDead {
				v.Incoming = append(v.Incoming, incomingLine{lineOf(r), frame.TownName(r.Municipality)})
			}
			continue
		}
		if !terms.matches(r, birth) {
			continue
		}
		if len(v.Found) == maxFound {
			v.More++
			continue
		}
		v.Found = append(v.Found, lineOf(r))
	}
	return d.Show(c, http.StatusOK, "counter", pageTitles.counter, who, v)
}

// names reports whether the terms name a resident exactly, by name and date of
// birth. People of another municipality are only found so, never by a part.
func (t searchTerms) names(r register.Resident) bool {
	return t.person().Names(r)
}

// person gives whom the terms name.
func (t searchTerms) person() register.Person {
	birth, ok := frame.ParseDay(t.Birth)
	if !ok {
		return register.Person{}
	}
	return register.Person{Name: t.Name, DateOfBirth: birth.Gregorian()}
}

// matches reports whether a resident is one that the terms describe.
func (t searchTerms) matches(r register.Resident, birth jpki.DateOfBirth) bool {
	in := func(term string, texts ...string) bool {
		term = fold.Reading(term)
		return slices.ContainsFunc(texts, func(s string) bool { return strings.Contains(fold.Reading(s), term) })
	}
	return in(t.Name, r.BasicFour.CommonName, r.RegisterName, r.Kana, r.Romaji) &&
		in(t.Address, r.BasicFour.Address, r.RegisterAddress) &&
		(t.Birth == "" || r.BasicFour.DateOfBirth == birth)
}

// searched gives what the session looked for last.
func (d *desks) searched(c echo.Context) searchTerms {
	terms, _ := d.searches.Look(d.frame.Sitting(c)) // none is the zero value
	return terms
}

// search keeps the terms and leads back; without any it clears the search.
func (d *desks) search(c echo.Context, _ desk.Officer) error {
	var t searchTerms
	for field, to := range map[string]*string{"name": &t.Name, "birth": &t.Birth, "address": &t.Address} {
		text, ok := frame.OneLine(c.FormValue(field))
		if !ok {
			return desk.Invalid("search", "not a text of one line")
		}
		*to, t.Done = text, t.Done || text != ""
	}
	if name := d.frame.Sitting(c); t.Done {
		_ = d.searches.Put(name, t) // a full box pushes the oldest out
	} else {
		d.searches.Drop(name)
	}
	return c.Redirect(http.StatusSeeOther, "/office/counter")
}

// actLink is an act on the resident's page.
type actLink struct {
	Event register.LifeEvent
	actWords
	Off    bool
	WhyOff ui.Text
	From   time.Time // of an act that is too early
}

type actList struct {
	Name ui.Text
	Acts []actLink
}

// residentView is all that the counter sees of a resident.
type residentView struct {
	Resident     residentLine
	Town         ui.Text
	Gender       ui.Text
	Age          int
	Card         *faceLine // the latest; nil for none
	Cards        []faceLine
	Current      []certificateLine // of each kind, the latest
	Certificates []certificateLine // all, the latest first
	Journal      []journalLine
	Former       []formerLine
	Acts         []actList
}

func (d *desks) residentPage(c echo.Context, who desk.Officer) error {
	r, err := d.agency.Resident(c.Request().Context(), c.Param("id"))
	if err == nil {
		err = who.Serves(r.Municipality)
	}
	if err != nil {
		return err
	}
	v, err := d.residentView(c.Request().Context(), r, who)
	if err != nil {
		return err
	}
	return d.Show(c, http.StatusOK, "resident", v.Resident.Shown, who, v)
}

func (d *desks) residentView(ctx context.Context, r register.Resident, who desk.Officer) (residentView, error) {
	agency, id, now := d.agency, r.ID, d.now()
	v := residentView{Resident: lineOf(r), Town: frame.TownName(r.Municipality), Gender: genderName(r.BasicFour.Gender), Age: r.BasicFour.DateOfBirth.Age(now)}
	cards, err := agency.CardsOf(ctx, id)
	if err != nil {
		return v, err
	}
	certificates, err := agency.CertificatesOf(ctx, id)
	if err != nil {
		return v, err
	}
	for _, k := range slices.Backward(cards) {
		v.Cards = append(v.Cards, faceLineOf(r, k, now))
	}
	if len(v.Cards) > 0 {
		v.Card = &v.Cards[currentCard(v.Cards)]
	}
	v.Current = currentOf(certificates, now)
	for _, cert := range certificates {
		v.Certificates = append(v.Certificates, certificateLineOf(cert, now))
	}
	slices.SortStableFunc(v.Certificates, func(a, b certificateLine) int { return b.NotBefore.Compare(a.NotBefore) })
	if v.Journal, err = d.journal(ctx, authority.EventQuery{ResidentID: id}); err != nil {
		return v, err
	}
	if v.Former, err = d.former(ctx, id, r); err != nil {
		return v, err
	}
	v.Acts, err = d.acts(ctx, r, who, v)
	return v, err
}

// currentCard picks the card to show first: one in use, else the latest.
func currentCard(cards []faceLine) int {
	for _, s := range []register.CardState{register.CardInUse, register.CardLost} {
		if i := slices.IndexFunc(cards, func(k faceLine) bool { return k.State == s }); i >= 0 {
			return i
		}
	}
	return 0
}

// acts lists what can be done now. Whether an act is possible is asked of the
// authority, so that the page never has rules of its own.
func (d *desks) acts(ctx context.Context, r register.Resident, who desk.Officer, v residentView) ([]actList, error) {
	var lists []actList
	for _, g := range actGroups() {
		list := actList{Name: g.Name}
		for _, e := range g.Events {
			link := actLink{Event: e, actWords: eventWords(e)}
			_, err := d.agency.Preview(ctx, forPreview(noticeOf(e, r, who, searchTerms{}, "")))
			var invalid *desk.InvalidError
			if err != nil && !errors.As(err, &invalid) {
				rule, known := d.Broken(err)
				if !known {
					return nil, err
				}
				link.Off, link.WhyOff = true, rule.Title
				if errors.Is(err, register.ErrTooEarly) {
					link.From = renewableFrom(v.Current)
				}
			}
			list.Acts = append(list.Acts, link)
		}
		lists = append(lists, list)
	}
	return lists, nil
}

// renewableFrom gives the day from which all that is valid can be renewed.
func renewableFrom(current []certificateLine) (from time.Time) {
	for _, c := range current {
		if c.State == "good" && c.RenewableFrom.After(from) {
			from = c.RenewableFrom
		}
	}
	return from
}
