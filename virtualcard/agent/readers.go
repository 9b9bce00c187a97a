package agent

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/virtualcard"
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

// scriptReaders lists the virtual readers.
func (h *house) scriptReaders(c echo.Context) error {
	views := make([]readerView, 0, len(h.cfg.Readers.All()))
	for _, r := range h.cfg.Readers.All() {
		views = append(views, readerViewOf(r))
	}
	return c.JSON(http.StatusOK, map[string]any{"readers": views})
}

// readerOf is the reader that a route names; /v1/reader is the first one.
func (h *house) readerOf(c echo.Context) (*vpcd.Reader, error) {
	name := c.Param("name")
	if all := h.cfg.Readers.All(); name == "" && len(all) > 0 {
		return all[0], nil
	}
	r, err := h.cfg.Readers.Reader(name)
	if errors.Is(err, vpcd.ErrNoReader) {
		return nil, errNoReader()
	}
	return r, err
}

// scriptReader shows what lies in a virtual reader.
func (h *house) scriptReader(c echo.Context) error {
	r, err := h.readerOf(c)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, readerViewOf(r))
}

// scriptPlace puts a card in a virtual reader in place of what is there, and takes it
// out of the one where it lay; an empty card empties the reader.
func (h *house) scriptPlace(c echo.Context) error {
	r, err := h.readerOf(c)
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
	if err := h.cfg.Readers.Place(c.Request().Context(), r.Name(), *in.Card); err != nil {
		return err
	}
	return c.JSON(http.StatusOK, readerViewOf(r))
}
