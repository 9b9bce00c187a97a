package virtualcard

import (
	"C"                             // want stranger
	"example.jp/jpkimock/authority" // want import
	"example.jp/jpkimock/virtualcard/apdu"
	"example.jp/jpkimock/virtualcard/jpkiap"
	"github.com/ElMostafaIdrassi/goscard" // want confined
)
