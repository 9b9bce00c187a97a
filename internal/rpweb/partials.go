package rpweb

import (
	"embed"
	"io/fs"
)

//go:embed all:templates
var files embed.FS

// Partials are the forms by which a page reaches the card, for ui.Embedded, before a house's
// own: "sign-form" (View, Action, Agent, Document, Base64, Button; Tone, a class of the button,
// may be empty) and "answer-form" (View, Action, Agent, Nonce, Button, TestID). What the card's
// script says stands in "card-says", which a house or a page may define anew.
func Partials() fs.FS {
	shared, err := fs.Sub(files, "templates")
	if err != nil {
		panic(err) // only for a path that is not one
	}
	return shared
}
