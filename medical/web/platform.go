package web

import (
	"context"

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
	x.open(e).GET("", shows(x.staffRoom, "log", x.log))
	var all door.Callers[platform.Institution]
	for _, i := range x.institutions {
		all = append(all, door.Caller[platform.Institution]{Key: door.NewKey(i.Key), Who: i.Institution})
	}
	v := e.Group(platformPath+"/v1", door.ScriptsOnly())
	v.POST("/challenges", asked(all, func(ctx context.Context, by platform.Institution, _ struct{}) (out challengeBody, err error) {
		out.Nonce, err = x.platform.Challenge(ctx, by)
		return out, err
	}))
	v.POST("/confirmations", asked(all, func(ctx context.Context, by platform.Institution, in tokenBody) (medical.Answer, error) {
		return x.platform.Confirm(ctx, by, in.Nonce, in.Token)
	}))
	v.POST("/links", asked(all, func(ctx context.Context, by platform.Institution, in linkBody) (medical.Answer, error) {
		return x.platform.Link(ctx, by, in.Inquiry, in.Member)
	}))
	v.POST("/numbers", asked(all, x.platform.ConfirmByNumber))
	e.POST(platformPath+"/relay/holders", door.Asks(func(ctx context.Context, in holderBody) (holderBody, error) {
		serial, err := x.platform.Holder(ctx, in.Institution, in.Inquiry)
		return holderBody{Serial: serial}, err
	}), door.ScriptsOnly(), x.holders.Scripts("medical platform, holders"))
}

// asked answers a party's question.
func asked[P, In, Out any](all door.Callers[P], answer func(ctx context.Context, by P, in In) (Out, error)) echo.HandlerFunc {
	return door.AsksAs(all, "medical", answer)
}

// logLine is a line of the platform's log: who asked whom, and how far it came.
type logLine struct {
	platform.Entry
	Institution, Outcome ui.Text
	Insurers             []ui.Text
}

// Tone is the tone of the outcome's badge.
func (l logLine) Tone() string {
	switch {
	case l.Code != "":
		return "bad"
	case l.Validity.Confirms():
		return "good"
	}
	return "wait"
}

func (x *exchange) log(c echo.Context) (lines []logLine, err error) {
	entries, err := x.platform.Log(c.Request().Context(), "")
	for _, e := range entries {
		line := logLine{Entry: e, Outcome: outcome(e.Validity, e.Code)}
		for _, i := range x.institutions {
			if i.ID == e.Institution {
				line.Institution = ui.Text{JA: i.Name, EN: i.NameEN}
			}
		}
		for _, number := range e.Insurers {
			line.Insurers = append(line.Insurers, x.insurers[string(number)])
		}
		lines = append(lines, line)
	}
	return lines, err
}
