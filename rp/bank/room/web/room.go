// Package web is what the bank's two sets of pages share, rp/bank/web (customers) and
// rp/bank/desks/web (staff and the branch counter): the words for a customer's messages
// and data, the form of a refusal, and the comparison of costs. Both import it as room.
package web

import (
	"embed"
	"io/fs"
	"strconv"

	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/ui"
)

//go:embed all:templates
var files embed.FS

// Partials are the templates that all pages of the bank may use.
func Partials() fs.FS {
	shared, err := fs.Sub(files, "templates")
	if err != nil {
		panic(err) // only for a path that is not one
	}
	return shared
}

// Refusal is a line of a Table. Its ways out are links, the recommended one first.
type Refusal = rpweb.Refusal[ui.Link]

// Table is everything that a set of pages refuses.
type Table = rpweb.Table[ui.Link]

// Blanks returns the values of the blanks in the sentences about an error, such as
// {reason}.
func Blanks(err error) ui.Blanks { return rpweb.Blanks(err, 0, theBank) }

// Number reads a number in an address. It returns 0, which no ID is, if s is not a
// number or is negative.
func Number(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}
