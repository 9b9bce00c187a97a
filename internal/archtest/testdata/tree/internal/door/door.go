package door

import (
	"example.jp/jpkimock/internal/session" // want import
	"example.jp/jpkimock/internal/ui"
	"github.com/labstack/echo/v4/middleware"
)
