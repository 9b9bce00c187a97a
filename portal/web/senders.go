package web

import (
	"errors"
	"mime"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/portal"
	"example.jp/jpkimock/portal/postbox"
)

// take is the post-office box's interface for senders: the seal says who it is. The
// answer is the receipt, also to one that is repeated.
func (w *entrance) take(c echo.Context, in struct {
	Notice string `json:"notice"`
}) error {
	l, err := w.portal.Take(c.Request().Context(), in.Notice)
	if err != nil {
		return err
	}
	receipt := map[string]any{"id": l.Notice, "delivered": l.ReceivedAt}
	if !l.OpenedAt.IsZero() {
		receipt["opened"] = l.OpenedAt
	}
	return c.JSON(http.StatusOK, receipt)
}

// saved answers with a file to be saved.
func saved(c echo.Context, name, mediaType string, content []byte) error {
	c.Response().Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	return c.Blob(http.StatusOK, mediaType, content)
}

func (w *entrance) sealed(c echo.Context, l portal.Opened) error {
	return saved(c, "notice.jws", "application/jose", []byte(l.Sealed))
}

func (w *entrance) letterKeys(c echo.Context, l portal.Opened) error {
	return saved(c, "keys.json", "application/json", l.Keys)
}

// proof is the portal's word on when a letter was delivered and opened.
func (w *entrance) proof(c echo.Context, l portal.Opened) error {
	sealed, err := w.portal.Proof(c.Request().Context(), l.Owner, l.ID)
	if err != nil {
		return err
	}
	return saved(c, "proof.jws", "application/jose", []byte(sealed))
}

func (w *entrance) attachment(c echo.Context, l portal.Opened) error {
	n, err := strconv.Atoi(c.Param("n"))
	if err != nil || n < 0 || n >= len(l.Content.Notice.Attachments) {
		return errors.Join(postbox.ErrLetter, err)
	}
	a := l.Content.Notice.Attachments[n]
	return saved(c, a.Name, a.MediaType, a.Content)
}
