// Package web is the card house's readers, for scripts and at the card desk: which cards lie in them,
// what goes wrong in them on purpose, what was said at them, and commands of a script's
// own.
package web

import (
	"errors"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/pcsc"
	"example.jp/jpkimock/virtualcard/vpcd"
)

// readerView is a reader as scripts see it.
type readerView struct {
	Name string `json:"name"`
	vpcd.State
}

func readerViewOf(r *vpcd.Reader) readerView { return readerView{Name: r.Name(), State: r.State()} }

// errNoReader refuses a reader that there is not.
func errNoReader() error {
	return door.Problem{Status: http.StatusNotFound, Code: "no_reader", Detail: "there is no virtual reader of this name: GET /v1/readers lists them"}
}

// Config is what the scripts' interface works on. All fields but Real are required.
type Config struct {
	Cabinet *virtualcard.Cabinet
	Readers *vpcd.Readers
	Real    pcsc.Allowed
	// CardWait is how long a script waits for a card that another program holds, and
	// Busy what it gets then.
	CardWait time.Duration
	Busy     error
}

// desk answers.
type desk struct{ Config }

// Mount lists the routes below a group that browsers cannot reach.
func Mount(v *echo.Group, cfg Config) {
	d := desk{cfg}
	v.GET("/readers", d.listReaders)
	for _, path := range []string{"/readers/:name", "/reader"} {
		v.GET(path, d.showReader)
		v.PUT(path, d.placeCard, door.UpTo(small))
	}
	v.GET("/readers/:name/faults", d.showFaults)
	v.PUT("/readers/:name/faults", d.setFaults, door.UpTo(small))
	v.GET("/readers/:name/log", d.showLog)
	v.GET("/cards/:id/faults", d.showCardFaults)
	v.PUT("/cards/:id/faults", d.setCardFaults, door.UpTo(small))
	v.POST("/cards/:id/apdus", d.sendCommands, door.UpTo(small*64))
}

// small bounds a request, in octets.
const small = 16 << 10

// listReaders lists the virtual readers.
func (d desk) listReaders(c echo.Context) error {
	views := make([]readerView, 0, len(d.Readers.All()))
	for _, r := range d.Readers.All() {
		views = append(views, readerViewOf(r))
	}
	return c.JSON(http.StatusOK, map[string]any{"readers": views})
}

// readerOf is the reader that a route names; /v1/reader is the first one.
func (d desk) readerOf(c echo.Context) (*vpcd.Reader, error) {
	name := c.Param("name")
	if all := d.Readers.All(); name == "" && len(all) > 0 {
		return all[0], nil
	}
	r, err := d.Readers.Reader(name)
	if errors.Is(err, vpcd.ErrNoReader) {
		return nil, errNoReader()
	}
	return r, err
}

// showReader shows what lies in a virtual reader.
func (d desk) showReader(c echo.Context) error {
	r, err := d.readerOf(c)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, readerViewOf(r))
}

// placeCard puts a card in a virtual reader in place of what is there, and takes it
// out of the one where it lay; an empty card empties the reader.
func (d desk) placeCard(c echo.Context) error {
	r, err := d.readerOf(c)
	if err != nil {
		return err
	}
	in, err := door.Read[struct {
		Card *virtualcard.CardID `json:"card"`
	}](c)
	if err != nil {
		return err
	}
	if in.Card == nil {
		return malformed(`card: missing; "" empties the reader`)
	}
	if err := d.Readers.Place(c.Request().Context(), r.Name(), *in.Card); err != nil {
		return err
	}
	return c.JSON(http.StatusOK, readerViewOf(r))
}

func malformed(detail string) error {
	return door.Problem{Status: http.StatusBadRequest, Code: "malformed", Detail: detail}
}

// showFaults tells what goes wrong on purpose in a reader.
func (d desk) showFaults(c echo.Context) error {
	r, err := d.readerOf(c)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, r.Faults())
}

// setFaults makes these faults and no others, until they are set anew or the process
// ends.
func (d desk) setFaults(c echo.Context) error {
	r, err := d.readerOf(c)
	if err != nil {
		return err
	}
	return d.makeFaults(c, r.SetFaults)
}

// showCardFaults tells what goes wrong on purpose with a card.
func (d desk) showCardFaults(c echo.Context) error {
	f, err := d.Cabinet.Faults(c.Request().Context(), virtualcard.CardID(c.Param("id")))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, f)
}

// setCardFaults is setFaults for one card, wherever it is used.
func (d desk) setCardFaults(c echo.Context) error {
	return d.makeFaults(c, func(f virtualcard.Faults) error {
		return d.Readers.SetCardFaults(c.Request().Context(), d.Cabinet, virtualcard.CardID(c.Param("id")), f)
	})
}

func (d desk) makeFaults(c echo.Context, set func(virtualcard.Faults) error) error {
	in, err := door.Read[virtualcard.Faults](c)
	if err != nil {
		return err
	}
	switch err := set(in); {
	case errors.Is(err, virtualcard.ErrFaults):
		return malformed(err.Error())
	case err != nil:
		return err
	}
	return c.JSON(http.StatusOK, in)
}

// showLog writes what was said at a reader as a transcript.
func (d desk) showLog(c echo.Context) error {
	r, err := d.readerOf(c)
	if err != nil {
		return err
	}
	return c.String(http.StatusOK, r.Log().Text())
}
