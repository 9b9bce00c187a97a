package lobby

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/peer"
)

// steps are the moves that the clock's buttons offer.
func steps() map[string]time.Duration {
	const day = 24 * time.Hour
	return map[string]time.Duration{"10m": 10 * time.Minute, "1h": time.Hour, "1d": day, "30d": 30 * day, "365d": 365 * day}
}

// moveClock moves the one clock by asking the authority, which owns it.
func (l *lobby) moveClock(c echo.Context) error {
	change := map[string]any{"offsetSeconds": 0}
	if step := c.FormValue("step"); step != "back" {
		d, ok := steps()[step]
		if !ok {
			return door.Problem{Status: http.StatusBadRequest, Code: "bad_step", Detail: "step is one of back, 10m, 1h, 1d, 30d, 365d"}
		}
		change = map[string]any{"advanceSeconds": d.Seconds()}
	}
	if err := l.ask(c.Request().Context(), http.MethodPut, l.cfg.Authority+"/clock", change, nil); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/clock-room")
}

// answers is the value that ends every fault of a house.
const answers = "answers"

// switchFault begins a fault, as in authority=silent, or ends those of a house,
// as in authority=answers.
func (l *lobby) switchFault(c echo.Context) error {
	change, house := map[string]bool{}, ""
	for _, f := range l.cfg.Faults {
		if value := c.FormValue(f.House); (value == f.Name || value == answers) && (house == "" || house == f.URL) {
			change[f.Name], house = value == f.Name, f.URL
		}
	}
	if house == "" {
		return door.Problem{Status: http.StatusBadRequest, Code: "bad_fault", Detail: "want the name of a house, with one of its faults or answers"}
	}
	if err := l.ask(c.Request().Context(), http.MethodPut, house+"/faults", change, nil); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/clock-room")
}

// ask sends a question or a change to a house's management interface.
func (l *lobby) ask(ctx context.Context, method, url string, change, answer any) error {
	house := peer.Peer{HTTP: l.client, MaxAnswer: 4096}
	err := house.Call(ctx, method, url, change, answer)
	if refused, ok := errors.AsType[*peer.Refused](err); ok {
		return door.Problem{Status: http.StatusBadGateway, Code: "refused", Detail: fmt.Sprintf("%s answered %d: %s", url, refused.Status, refused.Body)}
	}
	if err != nil {
		return door.Problem{Status: http.StatusBadGateway, Code: "no_answer", Detail: fmt.Sprintf("%s does not answer", url)}
	}
	return nil
}
