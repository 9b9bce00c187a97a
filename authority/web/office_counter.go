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
	"example.jp/jpkimock/authority/jpki"
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
	name, tone := standingName(r.Standing)
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
func (o *office) counter(c echo.Context, who desk.Officer) error {
	s, _ := o.sittings.Load(c)
	v := counterView{Terms: s.Search, Town: townName(who.Municipality)}
	if !s.Search.Done {
		return o.show(c, http.StatusOK, "counter", pageTitles.counter, who, v)
	}
	birth, ok := parseDay(s.Search.Birth)
	if v.BadBirth = s.Search.Birth != "" && !ok; v.BadBirth {
		return o.show(c, http.StatusUnprocessableEntity, "counter", pageTitles.counter, who, v)
	}
	all, err := o.cfg.Authority.Residents(c.Request().Context())
	if err != nil {
		return err
	}
	for _, r := range all {
		if who.Serves(r.Municipality) != nil {
			if s.Search.names(r) && r.Standing != register.StandingDead {
				v.Incoming = append(v.Incoming, incomingLine{lineOf(r), townName(r.Municipality)})
			}
			continue
		}
		if !s.Search.matches(r, birth) {
			continue
		}
		if len(v.Found) == maxFound {
			v.More++
			continue
		}
		v.Found = append(v.Found, lineOf(r))
	}
	return o.show(c, http.StatusOK, "counter", pageTitles.counter, who, v)
}

// names reports whether the terms name a resident exactly, by name and date of
// birth: whoever comes from another municipality is found so, and not by a part.
func (t searchTerms) names(r register.Resident) bool {
	birth, ok := parseDay(t.Birth)
	name := folded(t.Name)
	return ok && name != "" && r.BasicFour.DateOfBirth == birth &&
		slices.ContainsFunc([]string{r.BasicFour.CommonName, r.RegisterName, r.Kana}, func(s string) bool { return folded(s) == name })
}

// matches reports whether a resident is one that the terms describe.
func (t searchTerms) matches(r register.Resident, birth jpki.DateOfBirth) bool {
	in := func(term string, texts ...string) bool {
		term = folded(term)
		return slices.ContainsFunc(texts, func(s string) bool { return strings.Contains(folded(s), term) })
	}
	return in(t.Name, r.BasicFour.CommonName, r.RegisterName, r.Kana, r.Romaji) &&
		in(t.Address, r.BasicFour.Address, r.RegisterAddress) &&
		(t.Birth == "" || r.BasicFour.DateOfBirth == birth)
}

// search keeps the terms and leads back; without any it clears the search.
func (o *office) search(c echo.Context, _ desk.Officer) error {
	var t searchTerms
	for field, to := range map[string]*string{"name": &t.Name, "birth": &t.Birth, "address": &t.Address} {
		text, ok := oneLine(c.FormValue(field))
		if !ok {
			return &desk.InvalidError{Field: "search", Reason: "not a text of one line"}
		}
		*to, t.Done = text, t.Done || text != ""
	}
	o.sittings.Update(c, func(s *sitting) { s.Search = t })
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

func (o *office) residentPage(c echo.Context, who desk.Officer) error {
	r, err := o.cfg.Authority.Resident(c.Request().Context(), c.Param("id"))
	if err == nil {
		err = who.Serves(r.Municipality)
	}
	if err != nil {
		return err
	}
	v, err := o.residentView(c.Request().Context(), r, who)
	if err != nil {
		return err
	}
	return o.show(c, http.StatusOK, "resident", v.Resident.Shown, who, v)
}

func (o *office) residentView(ctx context.Context, r register.Resident, who desk.Officer) (residentView, error) {
	agency, id, now := o.cfg.Authority, r.ID, o.cfg.Clock.Now()
	v := residentView{Resident: lineOf(r), Town: townName(r.Municipality), Gender: genderName(r.BasicFour.Gender), Age: r.BasicFour.DateOfBirth.Age(now)}
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
	if v.Journal, err = o.journal(ctx, authority.EventQuery{ResidentID: id}); err != nil {
		return v, err
	}
	if v.Former, err = o.former(ctx, id, r); err != nil {
		return v, err
	}
	v.Acts, err = o.acts(ctx, r, who, v)
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
func (o *office) acts(ctx context.Context, r register.Resident, who desk.Officer, v residentView) ([]actList, error) {
	var lists []actList
	for _, g := range actGroups() {
		list := actList{Name: g.Name}
		for _, e := range g.Events {
			link := actLink{Event: e, actWords: eventWords(e)}
			_, err := o.cfg.Authority.Preview(ctx, forPreview(noticeOf(e, r, who, "")))
			var invalid *desk.InvalidError
			if err != nil && !errors.As(err, &invalid) {
				rule, known := ruleOf(err)
				if !known {
					return nil, err
				}
				link.Off, link.WhyOff = true, rule.say.title
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
