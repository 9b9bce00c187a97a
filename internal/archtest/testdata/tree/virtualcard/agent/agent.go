package agent

import (
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/rp" // want import
	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/client"
	"example.jp/jpkimock/virtualcard/db" // want import
	"github.com/labstack/echo/v4"
)
