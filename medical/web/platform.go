package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/medical"
	"example.jp/jpkimock/medical/platform"
)

// platformPath is where the common platform is.
const platformPath = "/platform"

// exchange is the common platform: its interface for institutions, and its log.
type exchange struct {
	staffRoom
	platform     *platform.Platform
	institutions []Institution
	insurers     map[string]ui.Text
	desks        []door.Key
}

func newExchange(cfg Config, pages *ui.Pages, insurers map[string]ui.Text) *exchange {
	x := &exchange{
		staffRoom: newStaffRoom(cfg, "platform", platformPath, cfg.PlatformStaffKey, names.platform, pages),
		platform:  cfg.Platform, institutions: cfg.Institutions, insurers: insurers,
	}
	for _, i := range cfg.Institutions {
		x.desks = append(x.desks, door.NewKey(i.Key))
	}
	return x
}

func (x *exchange) mount(e *echo.Echo) {
	x.open(e).GET("", x.log)
	v := e.Group(platformPath+"/v1", door.ScriptsOnly())
	v.POST("/challenges", x.of(x.challenge))
	v.POST("/confirmations", x.of(x.confirm))
	v.POST("/links", x.of(x.link))
	v.POST("/numbers", x.of(x.numbers))
}

// of lets an institution in that shows its key.
func (x *exchange) of(next func(echo.Context, platform.Institution) error) echo.HandlerFunc {
	return func(c echo.Context) error {
		key, _ := door.Bearer(c.Request())
		for i, k := range x.desks {
			if k.Matches(key) {
				return next(c, x.institutions[i].Institution)
			}
		}
		c.Response().Header().Set("WWW-Authenticate", `Bearer realm="medical platform"`)
		return door.Problem{Status: http.StatusUnauthorized, Code: "wrong_key", Detail: "this is the key of no medical institution"}
	}
}

func (x *exchange) challenge(c echo.Context, by platform.Institution) error {
	nonce, err := x.platform.Challenge(c.Request().Context(), by)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, challengeBody{Nonce: nonce})
}

func (x *exchange) confirm(c echo.Context, by platform.Institution) error {
	in, err := door.Read[tokenBody](c)
	if err != nil {
		return err
	}
	answer, err := x.platform.Confirm(c.Request().Context(), by, in.Nonce, in.Token)
	return answered(c, answer, err)
}

func (x *exchange) link(c echo.Context, by platform.Institution) error {
	in, err := door.Read[linkBody](c)
	if err != nil {
		return err
	}
	answer, err := x.platform.Link(c.Request().Context(), by, in.Inquiry, in.Member)
	return answered(c, answer, err)
}

func (x *exchange) numbers(c echo.Context, by platform.Institution) error {
	in, err := door.Read[medical.Member](c)
	if err != nil {
		return err
	}
	answer, err := x.platform.ConfirmByNumber(c.Request().Context(), by, in)
	return answered(c, answer, err)
}

// answered answers another party.
func answered(c echo.Context, v any, err error) error {
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, v)
}

// logPage is the platform's log: who asked whom, and how far it came.
type logPage struct{ Lines []logLine }

type logLine struct {
	platform.Entry
	Institution, Kind, Outcome ui.Text
	Insurers                   []ui.Text
	Tone                       string
	Picture                    picture
}

func (x *exchange) log(c echo.Context) error {
	entries, err := x.platform.Log(c.Request().Context())
	if err != nil {
		return err
	}
	page := logPage{}
	for _, e := range entries {
		line := logLine{Entry: e, Kind: kinds[e.Kind], Outcome: outcome(e.Validity, e.Code), Picture: pictureOf(e.Steps)}
		switch {
		case e.Code != "":
			line.Tone = "bad"
		case e.Validity.Confirms():
			line.Tone = "good"
		default:
			line.Tone = "wait"
		}
		for _, i := range x.institutions {
			if i.ID == e.Institution {
				line.Institution = ui.Text{JA: i.Name, EN: i.NameEN}
			}
		}
		for _, number := range e.Insurers {
			line.Insurers = append(line.Insurers, x.insurers[string(number)])
		}
		page.Lines = append(page.Lines, line)
	}
	return x.show(c, "log", titles.log, page)
}
