package browser

import (
	"example.jp/jpkimock/rp" // want import
	"net/http"
)
