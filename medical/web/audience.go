package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/medical"
	"example.jp/jpkimock/medical/insurer"
	"example.jp/jpkimock/medical/payment"
	"example.jp/jpkimock/medical/prescription"
	"example.jp/jpkimock/medical/reception"
)

// audience shows to whoever watches what each party has got of a visit and what it has not,
// from the records of all of them. It is no party: nobody works by what it shows, and it
// shows no value of any record, only which kinds there are and since when.
type audience struct {
	cfg   Config
	pages *ui.Pages
}

// column is what a party has got of a visit.
type column struct {
	ID           string
	Who          ui.Text
	Since, Until time.Time // Until: it was gone from then on; zero if it was not
	Got          []string  // kinds of things, by their words
}

// Role is what the party is, without its name.
func (col column) Role() string {
	role, _, _ := strings.Cut(col.ID, "-")
	return role
}

// add adds a kind of thing that the party has since a time, if it has it.
func (col *column) add(has bool, at time.Time, kind string) {
	if !has {
		return
	}
	if !slices.Contains(col.Got, kind) {
		col.Got = append(col.Got, kind)
	}
	if col.Since.IsZero() || at.Before(col.Since) {
		col.Since = at
	}
}

// watched is a visit as the audience sees it: by its ticket, without a name.
type watched struct {
	Place   ui.Text
	Visit   reception.Visit
	Href    string
	Columns []column
}

func (a audience) mount(e *echo.Echo) {
	e.GET("/audience", a.list)
	e.GET("/audience/:place/:id", a.show)
}

// shownVisits is how many visits of an institution are listed.
const shownVisits = 10

func (a audience) list(c echo.Context) error {
	var all []watched
	for _, i := range a.cfg.Institutions {
		q, err := i.Desk.Queue(c.Request().Context())
		if err != nil {
			return err
		}
		visits := append(q.Done, q.Waiting...)
		slices.SortFunc(visits, func(a, b reception.Visit) int { return int(b.ID - a.ID) })
		for _, v := range visits[:min(len(visits), shownVisits)] {
			all = append(all, watched{Place: ui.Text{JA: i.Name, EN: i.NameEN}, Visit: v, Href: fmt.Sprintf("/audience/%s/%d", i.ID, v.ID)})
		}
	}
	return a.pages.Render(c, http.StatusOK, "audience", word("title.audience"), all)
}

func (a audience) show(c echo.Context) error {
	at := slices.IndexFunc(a.cfg.Institutions, func(i Institution) bool { return i.ID == c.Param("place") })
	if at < 0 {
		return placed("/audience", reception.ErrNoVisit)
	}
	i, ctx := a.cfg.Institutions[at], c.Request().Context()
	v, err := i.Desk.Visit(ctx, id(c))
	if err != nil {
		return placed("/audience", err)
	}
	page := watched{Place: ui.Text{JA: i.Name, EN: i.NameEN}, Visit: v}
	for _, of := range []func(context.Context, Institution, reception.Visit) ([]column, error){a.hospital, a.platform, a.insurers, a.prescriptions, a.gateway} {
		columns, err := of(ctx, i, v)
		if err != nil {
			return err
		}
		page.Columns = append(page.Columns, columns...)
	}
	return a.pages.Render(c, http.StatusOK, "watched", word("title.watched"), page)
}

func (a audience) hospital(ctx context.Context, i Institution, v reception.Visit) ([]column, error) {
	col := column{ID: "hospital", Who: ui.Text{JA: i.Name, EN: i.NameEN}}
	col.add(v.Answer != nil, v.At, "answer")
	col.add(v.Answer == nil && v.Reason != "", v.At, "reason")
	col.add(v.Paper != nil, v.At, "paper")
	col.add(v.Consents.Any(), v.Consents.At, "items")
	paid, err := a.paid(ctx, i, v.ID)
	for _, m := range paid {
		col.add(m.Progress == payment.Done && m.Of == "", m.At, "paid")
	}
	return []column{col}, err
}

// paid gives the movements by credit card of a visit's bill.
func (a audience) paid(ctx context.Context, i Institution, visit int64) ([]payment.Movement, error) {
	if i.Cashier == nil {
		return nil, nil
	}
	b, err := i.Cashier.Store.Bill(ctx, visit)
	if errors.Is(err, payment.ErrNoBill) {
		err = nil
	}
	return slices.DeleteFunc(b.Movements, func(m payment.Movement) bool { return m.Way != payment.Credit }), err
}

// gateway asks the card company itself, as the merchant that it knows.
func (a audience) gateway(ctx context.Context, i Institution, v reception.Visit) ([]column, error) {
	col := column{ID: "gateway", Who: word("name.gateway")}
	paid, err := a.paid(ctx, i, v.ID)
	for _, m := range paid {
		if p, err := i.Cashier.Gateway.Order(ctx, m.ID); err == nil {
			col.add(true, p.At, "order")
		}
	}
	return []column{col}, err
}

func (a audience) platform(ctx context.Context, _ Institution, v reception.Visit) ([]column, error) {
	col := column{ID: "platform", Who: word("name.platform")}
	log, err := a.cfg.Platform.Log(ctx, v.Inquiry)
	for _, e := range log {
		col.add(v.Inquiry != "", e.At, map[bool]string{true: "numbers", false: "serial"}[e.Serial == ""])
	}
	return []column{col}, err
}

func (a audience) insurers(ctx context.Context, _ Institution, v reception.Visit) (all []column, err error) {
	for _, i := range a.cfg.Insurers {
		col := column{ID: "insurer-" + i.ID, Who: ui.Text{JA: i.Office.Name, EN: i.NameEN}}
		log, err := i.Office.Log(ctx, insurer.Entry{Inquiry: v.Inquiry})
		if err != nil {
			return nil, err
		}
		for _, e := range log {
			col.add(v.Inquiry != "", e.At, "question")
		}
		all = append(all, col)
	}
	return all, nil
}

// prescriptions gives the columns of the inquiry system and of each pharmacy, which sees a
// patient's prescriptions from when a card is laid there until it is taken away.
func (a audience) prescriptions(ctx context.Context, i Institution, v reception.Visit) ([]column, error) {
	if a.cfg.Rx.System == nil {
		return nil, nil
	}
	rx, all := column{ID: "rx", Who: word("name.rx")}, []column{}
	var written []medical.Prescription
	var log []prescription.Entry
	err := error(nil)
	if v.Inquiry != "" {
		written, log, err = a.cfg.Rx.System.About(ctx, i.ID, v.Inquiry)
	}
	for _, p := range written {
		rx.add(true, p.At, "prescription")
	}
	for _, shop := range a.cfg.Pharmacies {
		col := column{ID: "pharmacy-" + shop.ID, Who: ui.Text{JA: shop.Name, EN: shop.NameEN}}
		for _, e := range slices.Backward(log) {
			switch {
			case e.By != shop.ID || e.Code != "":
			case e.Act == prescription.ActOpened, e.Act == prescription.ActCopied:
				col.add(true, e.At, "seen")
				if col.Until = e.At.Add(prescription.GrantLife); col.Until.After(a.cfg.Now()) {
					col.Until = time.Time{}
				}
			case e.Act == prescription.ActClosed:
				col.Until = e.At
			default:
				col.add(e.Act == medical.DoAccept || e.Act == medical.DoDispense, e.At, "book")
			}
		}
		all = append(all, col)
	}
	return append([]column{rx}, all...), err
}
