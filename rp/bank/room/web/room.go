// Package web is what the pages of the bank's rooms share: the words for a
// customer's messages and data, how the bank says no, and the comparison of costs.
// The rooms are rp/bank/web (customers) and rp/bank/desks/web (staff and the
// branch counter).
package web

import (
	"embed"
	"io/fs"

	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/ui"
)

//go:embed all:templates
var files embed.FS

// Partials are the templates that the pages of every room may use.
func Partials() fs.FS {
	shared, err := fs.Sub(files, "templates")
	if err != nil {
		panic(err) // only for a path that is not one
	}
	return shared
}

// Refusal is a line of a room's table; its ways out are links, the first of which
// is the one to take.
type Refusal = rpweb.Refusal[ui.Link]

// Table is everything that a room refuses.
type Table = rpweb.Table[ui.Link]

// Blanks fills what the sentences about an error leave open.
func Blanks(err error) ui.Blanks { return rpweb.Blanks(err, rpweb.KindOf(err), theBank) }
