package ui

import (
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"
)

// Pager leads through a list of which one page is shown. Pages count from 1. The partial
// "pager" draws it.
type Pager struct {
	Page, All, Each int
	name            string // of the field of the address that has the page
	address         *url.URL
}

// PagerOf returns the pager of the page that a request asks for, of lists with so many lines
// on each.
func PagerOf(c echo.Context, each int) Pager { return PagerNamed(c, "page", each) }

// PagerNamed is PagerOf for one of several lists on a page: name is the list's.
func PagerNamed(c echo.Context, name string, each int) Pager {
	page, err := strconv.Atoi(c.QueryParam(name))
	if err != nil {
		page = 1 // what is no number asks for the first
	}
	return Pager{Page: max(min(page, 1<<20), 1), Each: each, name: name, address: c.Request().URL}
}

// Pages is how many pages there are.
func (p Pager) Pages() int { return (p.All + p.Each - 1) / p.Each }

// Previous returns the address of the page before this one; empty if there is none.
func (p Pager) Previous() string { return p.at(p.Page - 1) }

// Next returns the address of the page after this one; empty if there is none.
func (p Pager) Next() string { return p.at(p.Page + 1) }

func (p Pager) at(page int) string {
	if page < 1 || page > p.Pages() {
		return ""
	}
	query := p.address.Query()
	query.Set(p.name, strconv.Itoa(page))
	return p.address.Path + "?" + query.Encode()
}

// Paged takes in how long a list is, and gives the lines of it that are on the page.
func Paged[T any](p *Pager, list []T) []T {
	p.All = len(list)
	from := min((p.Page-1)*p.Each, len(list))
	return list[from:min(from+p.Each, len(list))]
}
