package web

import (
	"time"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/internal/shown"
)

// certificateView is a certificate as the counter sees it.
type certificateView struct {
	Kind      jpki.Kind         `json:"kind"`
	Serial    jpki.SerialNumber `json:"serial"`
	Card      string            `json:"card"`
	Resident  string            `json:"resident"`
	NotBefore time.Time         `json:"notBefore"`
	NotAfter  time.Time         `json:"notAfter"`
	State     string            `json:"state"`
	Reason    string            `json:"reason,omitempty"`
	Since     time.Time         `json:"since"`
}

func certificateViewOf(c register.Certificate) certificateView {
	v := certificateView{
		Kind: c.Kind, Serial: c.Serial, Card: c.CardID, Resident: c.ResidentID, NotBefore: c.NotBefore, NotAfter: c.NotAfter,
		State: c.Status.State.String(), Since: c.Status.Since,
	}
	if c.Status.State != register.Good {
		v.Reason = c.Status.Reason.String()
	}
	return v
}

// issuedViews are the certificates of an issue, by kind.
func issuedViews(issued authority.Issued) map[jpki.Kind]certificateView {
	views := map[jpki.Kind]certificateView{}
	for kind, cert := range issued.Certificates {
		views[kind] = certificateViewOf(cert)
	}
	return views
}

// effectView is what an act does to a certificate. State is the one before it.
type effectView struct {
	Kind   jpki.Kind         `json:"kind"`
	Serial jpki.SerialNumber `json:"serial"`
	Card   string            `json:"card"`
	State  string            `json:"state"`
	Act    string            `json:"act"`
	Reason string            `json:"reason,omitempty"`
}

// actView is a preview, or an act that was done.
type actView struct {
	Event   register.LifeEvent            `json:"event"`
	Done    bool                          `json:"done"`
	Version shown.Version                 `json:"version,omitempty"` // of a preview
	At      time.Time                     `json:"at,omitzero"`
	Before  register.Resident             `json:"before"`
	After   register.Resident             `json:"after"`
	Card    *cardView                     `json:"card,omitempty"`
	Cards   []cardView                    `json:"cards,omitempty"` // all whose state or deadline changes
	Effects []effectView                  `json:"effects"`
	Issues  []jpki.Kind                   `json:"issues,omitempty"`
	Resets  []jpki.Kind                   `json:"resets,omitempty"`
	Issued  map[jpki.Kind]certificateView `json:"issued,omitempty"`
	// Chip is "killed" or "not reached" after the return of a card.
	Chip string `json:"chip,omitempty"`
}

type cardView struct {
	ID       string    `json:"id"`
	State    string    `json:"state"`
	IssuedAt time.Time `json:"issuedAt"`
	Expires  time.Time `json:"expires"`
	Since    time.Time `json:"since,omitzero"`
	Lapses   time.Time `json:"lapses,omitzero"` // unless it is taken on in use before
}

func cardViewOf(c register.Card) cardView {
	v := cardView{c.ID, string(c.State), c.IssuedAt, c.Expires, c.Since, c.Lapses}
	if c.State == register.CardInUse {
		v.State = "in-use"
	}
	return v
}

func previewOf(p register.Preview) actView {
	v := actView{Event: p.Event, Before: p.Before, After: p.After, Effects: []effectView{}, Issues: p.Issues, Resets: p.Resets}
	if p.Card != nil {
		card := cardViewOf(*p.Card)
		v.Card = &card
	}
	for _, c := range p.Cards {
		v.Cards = append(v.Cards, cardViewOf(c))
	}
	for _, e := range p.Effects {
		c := e.Certificate
		view := effectView{Kind: c.Kind, Serial: c.Serial, Card: c.CardID, State: c.Status.State.String(), Act: e.Act}
		if e.Act != register.ActResumed {
			view.Reason = e.Reason.String()
		}
		v.Effects = append(v.Effects, view)
	}
	return v
}

func doneOf(d authority.Done) actView {
	v := previewOf(d.Preview)
	v.Done, v.At = true, d.At
	if d.Issued != nil {
		v.Issued = issuedViews(*d.Issued)
	}
	if d.Kills {
		v.Chip = "killed"
		if d.ChipError != nil {
			v.Chip = "not reached"
		}
	}
	return v
}

// formerView is an entry of the register that no longer holds.
type formerView struct {
	Until    time.Time          `json:"until"`
	Cause    register.LifeEvent `json:"cause"`
	Officer  string             `json:"officer,omitempty"`
	Why      string             `json:"why,omitempty"`
	Resident register.Resident  `json:"resident"`
}

func formerViewOf(e register.FormerEntry) formerView {
	return formerView{e.Until, e.Cause, e.Officer, e.Why, e.Resident}
}

// eventView is a line of the journal.
type eventView struct {
	At      time.Time          `json:"at"`
	Act     string             `json:"act"`
	Cause   register.LifeEvent `json:"cause,omitempty"`
	Kind    string             `json:"kind,omitempty"`
	Serial  jpki.SerialNumber  `json:"serial,omitempty"`
	Card    string             `json:"card,omitempty"`
	Reason  string             `json:"reason,omitempty"`
	Officer string             `json:"officer,omitempty"`
	Why     string             `json:"why,omitempty"`
}

func eventViewOf(e register.Event) eventView {
	v := eventView{At: e.At, Act: e.Act, Cause: e.Cause, Serial: e.Serial, Card: e.CardID, Officer: e.Officer, Why: e.Why}
	if e.Kind.Valid() {
		v.Kind = e.Kind.String()
	}
	switch e.Act {
	case register.ActRevoked, register.ActSuspended, register.ActDiscarded:
		v.Reason = e.Reason.String()
	}
	return v
}
