package picture

import (
	"embed"
	"fmt"

	"example.jp/jpkimock/authority/jpki"
)

//go:embed portrait-*.jp2
var portraits embed.FS

// The ages at which a drawn person looks older.
const (
	middleAge = 36
	oldAge    = 63
)

// Look names the drawing that stands for a person: "f2". An unknown age is negative.
func Look(gender jpki.Gender, age int) string {
	kind, look := "n", 1
	switch gender {
	case jpki.Male:
		kind = "m"
	case jpki.Female:
		kind = "f"
	}
	switch {
	case kind == "n":
	case age >= oldAge:
		look = 3
	case age >= middleAge:
		look = 2
	}
	return fmt.Sprintf("%s%d", kind, look)
}

// Portrait returns a drawn portrait, 240 by 320 pixels, as a JPEG 2000 file. It shows
// nobody, and is marked 見本. An unknown age is negative.
func Portrait(gender jpki.Gender, age int) []byte {
	b, err := portraits.ReadFile("portrait-" + Look(gender, age) + ".jp2")
	if err != nil {
		panic(err) // it is part of the program
	}
	return b
}
