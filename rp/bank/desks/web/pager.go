package web

import (
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/rp/bank"
	room "example.jp/jpkimock/rp/bank/room/web"
)

// pager leads through a list of which one page is shown. Pages count from 1.
type pager struct {
	Page, All int
	address   *url.URL
}

// pagerOf returns the pager of the page that a request asks for.
func pagerOf(c echo.Context) pager {
	page := min(room.Number(c.QueryParam("page")), 1<<20)
	return pager{Page: max(int(page), 1), address: c.Request().URL}
}

// Pages is how many pages there are.
func (p pager) Pages() int { return (p.All + bank.PerPage - 1) / bank.PerPage }

// Previous returns the address of the page before this one; empty if there is none.
func (p pager) Previous() string { return p.at(p.Page - 1) }

// Next returns the address of the page after this one; empty if there is none.
func (p pager) Next() string { return p.at(p.Page + 1) }

func (p pager) at(page int) string {
	if page < 1 || page > p.Pages() {
		return ""
	}
	query := p.address.Query()
	query.Set("page", strconv.Itoa(page))
	return p.address.Path + "?" + query.Encode()
}
