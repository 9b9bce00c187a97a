package gateway

import (
	"example.jp/jpkimock/medical" // want import
	"example.jp/jpkimock/rp"
)
