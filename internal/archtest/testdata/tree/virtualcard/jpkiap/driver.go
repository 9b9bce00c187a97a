package jpkiap

import (
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/virtualcard" // want import
	"example.jp/jpkimock/virtualcard/apdu"
)
