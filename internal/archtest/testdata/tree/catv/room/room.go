package room

import (
	"example.jp/jpkimock/catv"
	"github.com/labstack/echo/v4" // want confined
)
