package web

// Pages is of a package that is larger than twelve lines,
// and no root of a house.
var Pages = []string{
	"a",
	"b",
	"c",
	"d",
	"e",
	"f",
	"g",
}
