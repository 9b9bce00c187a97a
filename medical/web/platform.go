package web

import (
	"context"
	"net/http"
	"slices"

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
	holders      *door.Staff
}

func newExchange(cfg Config, pages *ui.Pages, insurers map[string]ui.Text) *exchange {
	return &exchange{
		staffRoom: newStaffRoom(cfg, "platform", platformPath, cfg.PlatformStaffKey, word("name.platform"), pages),
		platform:  cfg.Platform, institutions: cfg.Institutions, insurers: insurers, holders: door.NewStaff(cfg.HoldersKey, cfg.Now),
	}
}

func (x *exchange) mount(e *echo.Echo) {
	x.open(e).GET("", x.log)
	var all callers[platform.Institution]
	for _, i := range x.institutions {
		all = append(all, caller[platform.Institution]{door.NewKey(i.Key), i.Institution})
	}
	v := e.Group(platformPath+"/v1", door.ScriptsOnly())
	v.POST("/challenges", asked(all, x.challenge))
	v.POST("/confirmations", asked(all, func(ctx context.Context, by platform.Institution, in tokenBody) (medical.Answer, error) {
		return x.platform.Confirm(ctx, by, in.Nonce, in.Token)
	}))
	v.POST("/links", asked(all, func(ctx context.Context, by platform.Institution, in linkBody) (medical.Answer, error) {
		return x.platform.Link(ctx, by, in.Inquiry, in.Member)
	}))
	v.POST("/numbers", asked(all, x.platform.ConfirmByNumber))
	e.POST(platformPath+"/relay/holders", x.holder, door.ScriptsOnly(), x.holders.Scripts("medical platform, holders"))
}

func (x *exchange) challenge(ctx context.Context, by platform.Institution, _ struct{}) (out challengeBody, err error) {
	out.Nonce, err = x.platform.Challenge(ctx, by)
	return out, err
}

func (x *exchange) holder(c echo.Context) error {
	in, err := door.Read[holderBody](c)
	if err != nil {
		return err
	}
	serial, err := x.platform.Holder(c.Request().Context(), in.Institution, in.Inquiry)
	return answered(c, holderBody{Serial: serial}, err)
}

// caller is who may ask another party, and the key under which it is known there.
type caller[P any] struct {
	key door.Key
	who P
}

// callers are all that may.
type callers[P any] []caller[P]

// asked lets a caller in that shows its key, and answers its question.
func asked[P, Q, A any](all callers[P], answer func(ctx context.Context, by P, in Q) (A, error)) echo.HandlerFunc {
	return func(c echo.Context) error {
		key, _ := door.Bearer(c.Request())
		i := slices.IndexFunc(all, func(one caller[P]) bool { return one.key.Matches(key) })
		if i < 0 {
			c.Response().Header().Set("WWW-Authenticate", `Bearer realm="medical"`)
			return door.Problem{Status: http.StatusUnauthorized, Code: "wrong_key", Detail: "this is the key of nobody who may ask this"}
		}
		in, err := door.Read[Q](c)
		if err != nil {
			return err
		}
		out, err := answer(c.Request().Context(), all[i].who, in)
		return answered(c, out, err)
	}
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
		line := logLine{Entry: e, Kind: word("kind." + string(e.Kind)), Outcome: outcome(e.Validity, e.Code), Picture: pictureOf(e.Steps)}
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
	return x.show(c, "log", word("title.log"), page)
}
