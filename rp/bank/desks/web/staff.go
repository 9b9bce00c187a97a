package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/held"
	"example.jp/jpkimock/internal/staffroom"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp/bank"
)

// signInPath is where staff sign in.
const signInPath = "/staff/signin"

// newStaff opens the sign-in of staff: one key for the desks and the branch counter.
func newStaff(cfg Config, pages *ui.Pages) *staffroom.Room[post] {
	return staffroom.New(staffroom.Config[post]{
		At: signInPath, Out: "/staff/signout", Front: "/staff", Rooms: []string{"/staff", "/branch"},
		Pages: pages, Key: cfg.StaffKey, Now: cfg.Now, Cookie: "jpkimock_bank_staff",
		Post: func(string) post { return post{SignedIn: true, Counter: held.Name()} },
		Words: staffroom.Words{
			Called: staffName, Key: ui.Text{JA: "行員用の鍵", EN: "Staff key"},
			Note: ui.Text{JA: "お客さまのカードの暗証番号は入力しないでください。", EN: "Never type a customer’s PIN."},
		},
		Marks: staffroom.Marks{Form: "staff-signin", Wrong: "staff-key-error", Enter: "staff-signin-button"},
	})
}

// frontPage is the first page of staff.
type frontPage struct {
	Tally   bank.Tally
	Last    *bank.Report
	Waiting bank.Waiting
}

// front shows what there is to do.
func (w *desks) front(c echo.Context) error {
	ctx := c.Request().Context()
	var page frontPage
	var err error
	if page.Tally, err = w.bank.Tally(ctx); err != nil {
		return err
	}
	last, err := w.bank.Reports(ctx, 1)
	if err != nil {
		return err
	}
	if len(last) > 0 {
		page.Last = &last[0]
	}
	if page.Waiting, err = w.bank.CountWaiting(ctx); err != nil {
		return err
	}
	return w.pages.Render(c, http.StatusOK, "staff", titles.front, page)
}
