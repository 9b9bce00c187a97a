package apdu

import (
	"example.jp/jpkimock/virtualcard" // want import
)
