package web

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/internal/shown"
)

// newcomerRequest is a first entry in the register.
type newcomerRequest struct {
	register.Resident
	desk.By
}

func (h *house) registerResident(c echo.Context, in newcomerRequest) (any, error) {
	return h.agency.RegisterResident(c.Request().Context(), in.Resident, by(c, in.By))
}

func (h *house) residents(c echo.Context) (any, error) {
	all, err := h.agency.Residents(c.Request().Context())
	all = slices.DeleteFunc(all, func(r register.Resident) bool { return officer(c).Serves(r.Municipality) != nil })
	return listed("residents", all, itself[register.Resident]), err
}

// served gives the resident in the address, if the request's officer
// serves that municipality.
func (h *house) served(c echo.Context) (register.Resident, error) {
	r, err := h.agency.Resident(c.Request().Context(), c.Param("id"))
	if err == nil {
		err = officer(c).Serves(r.Municipality)
	}
	return r, err
}

// ofResident makes the handler of a question about a resident's things.
func ofResident[T, V any](h *house, name string, ask func(context.Context, string) ([]T, error), view func(T) V) echo.HandlerFunc {
	return show(func(c echo.Context) (any, error) {
		r, err := h.served(c)
		if err != nil {
			return nil, err
		}
		all, err := ask(c.Request().Context(), r.ID)
		return listed(name, all, view), err
	})
}

func (h *house) resident(c echo.Context) (any, error) {
	r, err := h.served(c)
	if err != nil {
		return nil, err
	}
	certificates, err := h.agency.CertificatesOf(c.Request().Context(), r.ID)
	view := listed("certificates", certificates, certificateViewOf)
	view["resident"] = r
	return view, err
}

// journal gives the latest lines about a resident.
func (h *house) journal(ctx context.Context, residentID string) ([]register.Event, error) {
	return h.agency.Events(ctx, authority.EventQuery{ResidentID: residentID, Limit: 500})
}

// issueRequest is an application for a card, or for certificates on one.
type issueRequest struct {
	Card        string               `json:"card"`
	PINs        map[jpki.Kind]string `json:"pins"`
	Kinds       []jpki.Kind          `json:"kinds"`
	CardExpires string               `json:"cardExpires"` // YYYY-MM-DD, Japanese civil time
	Variant     jpki.CardVariant     `json:"variant"`     // of a new card
	desk.By
}

// lastDay reads the last day of a card; none is the zero time.
func lastDay(day string) (time.Time, error) {
	if day == "" {
		return time.Time{}, nil
	}
	t, err := time.ParseInLocation(time.DateOnly, day, jpki.JST)
	if err != nil {
		return t, malformed("cardExpires must be a day, YYYY-MM-DD")
	}
	return t, nil
}

func (h *house) issue(c echo.Context, in issueRequest) (any, error) {
	expires, err := lastDay(in.CardExpires)
	if err != nil {
		return nil, err
	}
	issued, err := h.agency.Issue(c.Request().Context(), authority.Application{
		ResidentID: c.Param("id"), CardID: in.Card, PINs: in.PINs, Kinds: in.Kinds, CardExpires: expires, Variant: in.Variant, By: by(c, in.By),
	})
	return map[string]any{"card": issued.Card.ID, "cardExpires": issued.Card.Expires, "certificates": issuedViews(issued)}, err
}

// eventRequest is a notice at the counter.
type eventRequest struct {
	register.Notice
	CardExpires string        `json:"cardExpires,omitempty"` // YYYY-MM-DD, Japanese civil time
	Seen        shown.Version `json:"seen,omitempty"`        // version of the preview
}

func (h *house) lifeEvent(c echo.Context, in eventRequest) (any, error) {
	in.ResidentID, in.By = c.Param("id"), by(c, in.By.Having(in.Seen))
	var err error
	if in.Notice.CardExpires, err = lastDay(in.CardExpires); err != nil {
		return nil, err
	}
	ctx := c.Request().Context()
	switch c.QueryParam("preview") {
	case "1":
		p, err := h.agency.Preview(ctx, in.Notice)
		view := previewOf(p)
		view.Version = p.Version()
		return view, err
	case "":
		done, err := h.agency.Do(ctx, in.Notice)
		return doneOf(done), err
	}
	return nil, malformed("preview must be 1 or absent")
}

// certificate reads which certificate an act is about.
func certificate(c echo.Context) (jpki.Kind, jpki.SerialNumber, error) {
	kind, err := kindOf(c.Param("kind"))
	if err != nil {
		return 0, "", err
	}
	serial, err := jpki.ParseSerialNumber(c.Param("serial"))
	if err != nil {
		return 0, "", malformed("the serial number must be 1 to 40 hexadecimal digits")
	}
	return kind, serial, nil
}

// changeStatus makes the handler of an act on one certificate.
func changeStatus(change func(context.Context, jpki.Kind, jpki.SerialNumber, desk.By) (register.Certificate, error)) echo.HandlerFunc {
	return act(http.StatusOK, func(c echo.Context, said desk.By) (any, error) {
		kind, serial, err := certificate(c)
		if err != nil {
			return nil, err
		}
		cert, err := change(c.Request().Context(), kind, serial, by(c, said))
		return certificateViewOf(cert), err
	})
}

type revokeRequest struct {
	Reason *jpki.Reason `json:"reason"`
	desk.By
}

func (h *house) revoke(c echo.Context, in revokeRequest) (any, error) {
	kind, serial, err := certificate(c)
	if err != nil {
		return nil, err
	}
	if in.Reason == nil {
		return nil, malformed("reason: missing")
	}
	cert, err := h.agency.Revoke(c.Request().Context(), kind, serial, *in.Reason, by(c, in.By))
	return certificateViewOf(cert), err
}

// findHolder finds the resident that a caller describes. It shows no more than is
// needed to be sure, and to say what will be suspended.
func (h *house) findHolder(c echo.Context, in register.HolderSearch) (any, error) {
	found, err := h.agency.FindHolder(c.Request().Context(), in)
	view := listed("cards", found.Cards, cardViewOf)
	view["certificates"] = listed("", found.Certificates, certificateViewOf)[""]
	if p, failed := h.agency.PreviewSuspension(c.Request().Context(), in); failed == nil { // else there is nothing to suspend
		view["version"] = p.Version()
	}
	view["resident"], view["name"], view["municipality"] = found.Resident.ID, found.Resident.FaceName(), found.Resident.Municipality.City
	return view, err
}

type suspendRequest struct {
	register.HolderSearch
	Seen shown.Version `json:"seen"` // version of what was found
	desk.By
}

// suspendHolder answers with what happened, and nothing of the register's entry.
func (h *house) suspendHolder(c echo.Context, in suspendRequest) (any, error) {
	done, err := h.agency.SuspendHolder(c.Request().Context(), in.HolderSearch, by(c, in.By.Having(in.Seen)))
	view := doneOf(done)
	return map[string]any{"at": view.At, "cards": append([]cardView{}, view.Cards...), "effects": view.Effects}, err
}
