package lobby

import (
	"example.jp/jpkimock/authority" // want import
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/fault"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp"          // want import
	"example.jp/jpkimock/rp/bank/web" // want import
	"example.jp/jpkimock/seed"
	"github.com/labstack/echo/v4"
)
