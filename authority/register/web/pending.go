package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/internal/shown"
	"example.jp/jpkimock/internal/ui"
)

// pendingView is the page that says what an act will do.
type pendingView struct {
	Key      string
	Resident residentLine
	Gender   ui.Text
	Event    register.LifeEvent
	actWords
	Why      ui.Text
	Effects  []effectLine
	Register []difference
	Card     *faceLine // after the act
	CardFrom ui.Text   // its state before, if that changes
	Deadline ui.Text   // of taking the card on in use, if that changes
	Kills    bool
	PINs     []pinField
	Back     string
	Changed  bool // something else would happen than was shown
	Final    bool // something ends that no other certificate follows
	Version  shown.Version
}

// pinField is a PIN that the holder types.
type pinField struct {
	Kind       jpki.Kind
	Name, Rule ui.Text
	Length     int
	Digits     bool
	Required   bool
	Error      *ui.Text
}

// showPending shows an act that waits for confirmation.
func (d *desks) showPending(c echo.Context, who desk.Officer) error {
	p, err := d.look(c)
	if err != nil {
		return err
	}
	if p.Newcomer != nil {
		return d.showNewcomerEntry(c, who, p)
	}
	return d.showAct(c, who, p)
}

// showAct shows an act as it would be now.
func (d *desks) showAct(c echo.Context, who desk.Officer, p pending) error {
	v, _, err := d.pendingView(c.Request().Context(), p)
	if err != nil {
		return err
	}
	changed, status := again(c, p, v.Version)
	v.Changed, v.Back = changed, back(who, v.Resident.Resident)
	return d.Show(c, status, "pending", v.Name, who, v)
}

// pendingView asks the authority again what the act would do now.
func (d *desks) pendingView(ctx context.Context, p pending) (pendingView, []register.Certificate, error) {
	preview, err := d.agency.Preview(ctx, forPreview(p.Notice))
	if err != nil {
		return pendingView{}, nil, err
	}
	held, err := d.agency.CertificatesOf(ctx, p.Notice.ResidentID)
	if err != nil {
		return pendingView{}, nil, err
	}
	v := d.viewOfPreview(preview, held)
	v.Key, v.Why, v.Version = p.key, whyText(p.Notice.Why), preview.Version()
	v.PINs = pinFields(preview, held)
	if preview.Card != nil {
		cards, err := d.agency.CardsOf(ctx, p.Notice.ResidentID)
		if err != nil {
			return v, nil, err
		}
		i := slices.IndexFunc(cards, func(k register.Card) bool { return k.ID == preview.Card.ID })
		if i >= 0 && cards[i].State != preview.Card.State {
			v.CardFrom, _ = cardLabels.Of(cards[i].State)
		}
	}
	return v, held, nil
}

// viewOfPreview gives what a preview says in words.
func (d *desks) viewOfPreview(p register.Preview, held []register.Certificate) pendingView {
	now := d.now()
	v := pendingView{
		Resident: lineOf(p.Before), Gender: genderName(p.Before.BasicFour.Gender), Event: p.Event, actWords: eventWords(p.Event),
		Effects: effects(p, held, now), Register: differences(p.Before, p.After), Kills: p.Kills,
	}
	if p.Card != nil {
		k := faceLineOf(p.After, *p.Card, now)
		v.Card = &k
		if p.Event == register.MoveOut || p.Event == register.TakeOn || p.Event == register.MoveIn && !k.Lapses.IsZero() {
			v.Deadline = deadline(p.Event, k.Card)
		}
	}
	v.Final = slices.ContainsFunc(p.Effects, func(e register.Effect) bool {
		return e.Act == "revoked" && e.Reason != jpki.AffiliationChanged && e.Reason != jpki.Superseded
	})
	return v
}

// pinFields lists what the holder is asked to type. A card keeps its PINs when
// certificates are written onto it again, but for a kind it never had.
func pinFields(p register.Preview, held []register.Certificate) []pinField {
	var fields []pinField
	add := func(kind jpki.Kind, required bool) {
		f := pinField{Kind: kind, Length: 16, Required: required}
		f.Name, f.Rule = pinName(kind)
		if kind == jpki.UserAuthentication {
			f.Length, f.Digits = 4, true
		}
		fields = append(fields, f)
	}
	for _, kind := range p.Resets {
		add(kind, true)
	}
	for _, kind := range p.Issues {
		had := slices.ContainsFunc(held, func(c register.Certificate) bool {
			return c.Kind == kind && c.Delivered && p.Card != nil && c.CardID == p.Card.ID
		})
		add(kind, p.Event == register.CardIssue || !had)
	}
	return fields
}

// readPINs reads what the holder typed, each twice. It reports false if a
// field has to be typed again.
func readPINs(c echo.Context, fields []pinField) (map[jpki.Kind]string, bool) {
	pins, good := map[jpki.Kind]string{}, true
	for i := range fields {
		f := &fields[i]
		pin, again := c.FormValue("pin-"+f.Kind.String()), c.FormValue("pin-"+f.Kind.String()+"-again")
		switch {
		case pin == "" && again == "" && !f.Required:
			continue
		case pin == "":
			f.Error = &sayPINMissing
		case pin != again:
			f.Error = &sayPINsDiffer
		case register.CheckPIN(f.Kind, pin) != nil:
			f.Error = &f.Rule
		}
		pins[f.Kind], good = pin, good && f.Error == nil
	}
	return pins, good
}

// confirm does an act, if it is still the one that was shown.
func (d *desks) confirm(c echo.Context, who desk.Officer) error {
	ctx := c.Request().Context()
	p, err := d.look(c)
	if err != nil {
		return err
	}
	if p.Newcomer != nil {
		return d.enterNewcomer(c, who, p)
	}
	v, held, err := d.pendingView(ctx, p)
	if err != nil {
		return err
	}
	if v.Version != seen(c, p) {
		return d.showAct(c, who, p)
	}
	pins, good := readPINs(c, v.PINs)
	if !good {
		v.Back = back(who, v.Resident.Resident)
		return d.Show(c, http.StatusUnprocessableEntity, "pending", v.Name, who, v)
	}
	err = d.once(c, func(a act) (outcome, error) {
		a.Notice.Seen = v.Version
		done, err := d.agency.Do(ctx, withPINs(a.Notice, pins))
		if done.Issued != nil {
			done.Issued = withoutBytes(*done.Issued)
		}
		return outcome{Done: done, Before: held}, err
	})
	if errors.Is(err, shown.ErrChanged) {
		return d.showAct(c, who, p)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/office/counter/done/"+p.key)
}

// withPINs gives the notice that is done: what the kinds of a PIN reset said
// is said by its PINs.
func withPINs(n register.Notice, pins map[jpki.Kind]string) register.Notice {
	if len(pins) > 0 {
		n.PINs = pins
	}
	if n.Event == register.PINReset {
		n.Kinds = nil
	}
	return n
}

// withoutBytes drops the certificates' DER, which a result does not show.
func withoutBytes(i authority.Issued) *authority.Issued {
	lines := map[jpki.Kind]register.Certificate{}
	for kind, c := range i.Certificates {
		c.DER = nil
		lines[kind] = c
	}
	i.Certificates = lines
	return &i
}

// doneView is the page after an act.
type doneView struct {
	pendingView
	At        time.Time
	Issued    []certificateLine
	Tell      []ui.Text // to the holder
	ChipError bool
	Next      []register.LifeEvent // what the counter would do now
	NextWords []actWords
}

// showDone shows what was done.
func (d *desks) showDone(c echo.Context, who desk.Officer) error {
	r, err := d.result(c)
	if err != nil {
		return err
	}
	if r.Newcomer != nil {
		return d.showEntered(c, who, r)
	}
	v := doneView{pendingView: d.viewOfPreview(r.Done.Preview, r.Before), At: r.Done.At, ChipError: r.Done.ChipError != nil}
	v.Resident = lineOf(r.Done.After)
	if r.Done.Issued != nil {
		for _, kind := range jpki.Kinds() {
			if cert, ok := r.Done.Issued.Certificates[kind]; ok {
				v.Issued = append(v.Issued, certificateLineOf(cert, r.Done.At))
			}
		}
	}
	if len(v.Issued) > 0 {
		v.Tell = tellHolder(r.Done.Event, v.Issued)
	}
	if v.Deadline.JA != "" {
		v.Tell = append(v.Tell, v.Deadline)
	}
	for i, e := range v.Effects {
		for _, issued := range v.Issued {
			if e.Act == "issued" && e.Kind == issued.Kind {
				v.Effects[i].Serial = issued.Serial
			}
		}
	}
	for _, e := range nextActs(r.Done) {
		v.Next, v.NextWords = append(v.Next, e), append(v.NextWords, eventWords(e))
	}
	return d.Show(c, http.StatusOK, "done", v.Name, who, v)
}

// nextActs gives what is usually done next at the counter.
func nextActs(d authority.Done) []register.LifeEvent {
	switch d.Event {
	case register.MoveIn:
		if d.Card == nil || d.Card.State != register.CardInUse {
			return []register.LifeEvent{register.CardIssue}
		}
		if d.After.TooYoung(d.At) {
			return []register.LifeEvent{register.TakeOn}
		}
		return []register.LifeEvent{register.TakeOn, register.Reissue} // moving out ended the signature certificate
	case register.MoveHouse, register.NameChange, register.Correction:
		if len(d.Effects) > 0 && d.Card != nil && d.Card.State == register.CardInUse {
			return []register.LifeEvent{register.Reissue}
		}
	case register.Found:
		if !d.After.TooYoung(d.At) {
			return []register.LifeEvent{register.Reissue}
		}
	case register.LossFinal:
		return []register.LifeEvent{register.CardIssue}
	case register.Loss:
		return []register.LifeEvent{register.Found, register.LossFinal}
	}
	return nil
}

func firstMoment(d jpki.DateOfBirth) time.Time {
	return time.Date(d.Year, time.Month(d.Month), d.Day, 0, 0, 0, 0, jpki.JST)
}
