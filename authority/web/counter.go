package web

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/accreditation"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/internal/door"
)

// isOfficerKey reports whether a key is the officer key. The time it takes does
// not tell a near miss from a far one.
func (cfg Config) isOfficerKey(key string) bool {
	got, want := sha256.Sum256([]byte(key)), sha256.Sum256([]byte(cfg.OfficerKey))
	return subtle.ConstantTimeCompare(got[:], want[:]) == 1 && cfg.OfficerKey != ""
}

// officersOnly lets in who holds the officer key.
func (h *house) officersOnly(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		key := verifierKey(c.Request(), "")
		if key == "" {
			c.Response().Header().Set("WWW-Authenticate", `Bearer realm="municipal counter"`)
			return door.Problem{Status: http.StatusUnauthorized, Code: "no_key", Detail: "send Authorization: Bearer <officer key>"}
		}
		right := h.cfg.isOfficerKey(key)
		if err := h.attempts.Allow(c, right); err != nil {
			return err
		}
		if !right {
			c.Response().Header().Set("WWW-Authenticate", `Bearer realm="municipal counter", error="invalid_token"`)
			return door.Problem{Status: http.StatusUnauthorized, Code: "wrong_key", Detail: "this is not the officer key"}
		}
		return next(c)
	}
}

// newcomerRequest is a first entry in the register.
type newcomerRequest struct {
	register.Resident
	desk.By
}

func (h *house) registerResident(c echo.Context) error {
	var r newcomerRequest
	if err := readJSON(c, &r); err != nil {
		return err
	}
	entered, err := h.cfg.Authority.RegisterResident(c.Request().Context(), r.Resident, by(c, r.By))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, entered)
}

// served gives a resident, if the request's officer serves that municipality.
func (h *house) served(c echo.Context) (register.Resident, error) {
	r, err := h.cfg.Authority.Resident(c.Request().Context(), c.Param("id"))
	if err != nil {
		return r, err
	}
	if officer, ok := c.Get(officerKeyName).(desk.Officer); ok {
		err = officer.Serves(r.Municipality)
	}
	return r, err
}

func (h *house) residents(c echo.Context) error {
	all, err := h.cfg.Authority.Residents(c.Request().Context())
	if err != nil {
		return err
	}
	officer, _ := c.Get(officerKeyName).(desk.Officer)
	all = slices.DeleteFunc(all, func(r register.Resident) bool { return officer.Serves(r.Municipality) != nil })
	if all == nil {
		all = []register.Resident{}
	}
	return c.JSON(http.StatusOK, map[string]any{"residents": all})
}

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

func viewOf(c register.Certificate) certificateView {
	v := certificateView{
		Kind: c.Kind, Serial: c.Serial, Card: c.CardID, Resident: c.ResidentID, NotBefore: c.NotBefore, NotAfter: c.NotAfter,
		State: c.Status.State.String(), Since: c.Status.Since,
	}
	if c.Status.State != register.Good {
		v.Reason = c.Status.Reason.String()
	}
	return v
}

func (h *house) resident(c echo.Context) error {
	r, err := h.served(c)
	if err != nil {
		return err
	}
	certificates, err := h.cfg.Authority.CertificatesOf(c.Request().Context(), r.ID)
	if err != nil {
		return err
	}
	views := make([]certificateView, 0, len(certificates))
	for _, cert := range certificates {
		views = append(views, viewOf(cert))
	}
	return c.JSON(http.StatusOK, map[string]any{"resident": r, "certificates": views})
}

// issueRequest is an application for a card, or for certificates on one.
type issueRequest struct {
	Card        string               `json:"card"`
	PINs        map[jpki.Kind]string `json:"pins"`
	Kinds       []jpki.Kind          `json:"kinds"`
	CardExpires string               `json:"cardExpires"` // YYYY-MM-DD, Japanese civil time
	desk.By
}

func (h *house) issue(c echo.Context) error {
	var r issueRequest
	if err := readJSON(c, &r); err != nil {
		return err
	}
	app := authority.Application{ResidentID: c.Param("id"), CardID: r.Card, PINs: r.PINs, Kinds: r.Kinds, By: by(c, r.By)}
	if r.CardExpires != "" {
		day, err := time.ParseInLocation(time.DateOnly, r.CardExpires, jpki.JST)
		if err != nil {
			return malformed("cardExpires must be a day, YYYY-MM-DD")
		}
		app.CardExpires = day
	}
	issued, err := h.cfg.Authority.Issue(c.Request().Context(), app)
	if err != nil {
		return err
	}
	views := map[jpki.Kind]certificateView{}
	for kind, cert := range issued.Certificates {
		views[kind] = viewOf(cert)
	}
	return c.JSON(http.StatusCreated, map[string]any{"card": issued.Card.ID, "cardExpires": issued.Card.Expires, "certificates": views})
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

func (h *house) revoke(c echo.Context) error {
	kind, serial, err := certificate(c)
	if err != nil {
		return err
	}
	var r struct {
		Reason *jpki.Reason `json:"reason"`
		desk.By
	}
	if err := readJSON(c, &r); err != nil {
		return err
	}
	if r.Reason == nil {
		return malformed("reason: missing")
	}
	cert, err := h.cfg.Authority.Revoke(c.Request().Context(), kind, serial, *r.Reason, by(c, r.By))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, viewOf(cert))
}

func (h *house) suspend(c echo.Context) error {
	kind, serial, err := certificate(c)
	if err != nil {
		return err
	}
	var said desk.By
	if err := readJSON(c, &said); err != nil {
		return err
	}
	cert, err := h.cfg.Authority.Suspend(c.Request().Context(), kind, serial, by(c, said))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, viewOf(cert))
}

func (h *house) resume(c echo.Context) error {
	kind, serial, err := certificate(c)
	if err != nil {
		return err
	}
	var said desk.By
	if err := readJSON(c, &said); err != nil {
		return err
	}
	cert, err := h.cfg.Authority.Resume(c.Request().Context(), kind, serial, by(c, said))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, viewOf(cert))
}

// verifierView is an entry of the verifiers' register; the key is not in it.
type verifierView struct {
	ID    string      `json:"id"`
	Name  string      `json:"name"`
	Kinds []jpki.Kind `json:"kinds"`
	State string      `json:"state"`
	Since time.Time   `json:"since"`
	Why   string      `json:"why,omitempty"`
}

func verifierViewOf(v accreditation.Verifier) verifierView {
	return verifierView{v.ID, v.Name, v.Kinds, string(v.State), v.Since, v.Why}
}

func (h *house) registerVerifier(c echo.Context) error {
	var r struct {
		ID    string      `json:"id"`
		Name  string      `json:"name"`
		Key   string      `json:"key"`
		Kinds []jpki.Kind `json:"kinds"`
	}
	if err := readJSON(c, &r); err != nil {
		return err
	}
	v, err := h.cfg.Authority.Ministry.Register(c.Request().Context(), accreditation.Registration{ID: r.ID, Name: r.Name, Key: r.Key, Kinds: r.Kinds})
	if err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, verifierViewOf(v))
}

func (h *house) verifiers(c echo.Context) error {
	views := []verifierView{}
	for _, v := range h.cfg.Authority.Ministry.Verifiers() {
		views = append(views, verifierViewOf(v))
	}
	return c.JSON(http.StatusOK, map[string]any{"verifiers": views})
}

func (h *house) verifierState(c echo.Context) error {
	var r struct {
		State accreditation.VerifierState `json:"state"`
		Why   string                      `json:"why"`
	}
	if err := readJSON(c, &r); err != nil {
		return err
	}
	v, err := h.cfg.Authority.Ministry.SetState(c.Request().Context(), c.Param("id"), r.State, desk.By{Why: r.Why})
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, verifierViewOf(v))
}
