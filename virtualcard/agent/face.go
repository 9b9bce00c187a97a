package agent

import (
	"net/url"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/ui"
)

// face is the shape in which a person sees the one flow.
type face string

// The three faces: the window beside a relying party's page, the terminal of a
// reception or branch counter, and the set in the living room.
const (
	windowFace face = "window"
	kioskFace  face = "kiosk"
	tvFace     face = "tv"
)

// page is the address of a request's page.
func (f face) page(id string) string { return "/" + string(f) + "/requests/" + url.PathEscape(id) }

// template is the page that shows a pending request.
func (f face) template() string {
	if f == windowFace {
		return "request"
	}
	return string(f)
}

// layout is the face's name in ui.
func (f face) layout() string {
	if f == windowFace {
		return "bare"
	}
	return string(f)
}

const faceKey = "agent.face"

// shaped returns the pages of a group a face, its error pages included.
func shaped(f face) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			c.Set(faceKey, f)
			ui.Face(c, f.layout())
			return private(next)(c)
		}
	}
}

func faceOf(c echo.Context) face {
	f, _ := c.Get(faceKey).(face)
	return f
}

// caller is who does something to a request: a browser, at the face where the
// request was made.
type caller struct {
	Browser string // empty for one that is not remembered, to which nothing belongs
	Face    face
}

// caller returns who makes the request, and what is remembered of the browser.
func (h *house) caller(c echo.Context) (caller, browser) {
	mine, _ := h.browsers.Load(c)
	return caller{Browser: mine.ID, Face: faceOf(c)}, mine
}
