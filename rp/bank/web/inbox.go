package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/rp/bank"
	room "example.jp/jpkimock/rp/bank/room/web"
)

// inboxPage is all messages of a customer.
type inboxPage struct{ Lines []room.Notice }

// inbox shows the customer's messages.
func (w *entrance) inbox(c echo.Context) error {
	who, err := w.customer(c)
	if err != nil {
		return err
	}
	inbox, err := w.bank.Inbox(c.Request().Context(), who.Account)
	if err != nil {
		return err
	}
	return door.Answer(c, http.StatusOK, map[string]any{"notices": room.JSONOfAll(inbox)}, w.show("inbox", titles.inbox, inboxPage{room.NoticesOf(inbox)}))
}

// newestOpenNotice returns the newest message that is still open, or nil.
func (w *entrance) newestOpenNotice(c echo.Context, no bank.AccountNumber) (*room.Notice, error) {
	inbox, err := w.bank.Inbox(c.Request().Context(), no)
	if err != nil {
		return nil, err
	}
	for _, n := range inbox {
		if n.Open() {
			line := room.NoticeOf(n)
			return &line, nil
		}
	}
	return nil, nil
}

// notice shows one message.
func (w *entrance) notice(c echo.Context) error {
	who, err := w.customer(c)
	if err != nil {
		return err
	}
	n, err := w.bank.Notice(c.Request().Context(), who.Account, bank.NoticeID(room.Number(c.Param("id"))))
	if err != nil {
		return err
	}
	return door.Answer(c, http.StatusOK, map[string]any{"notice": room.JSONOf(n)}, w.show("notice", titles.notice, room.NoticeOf(n)))
}
