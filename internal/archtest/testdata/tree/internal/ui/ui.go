package ui

import (
	"example.jp/jpkimock/internal/door" // want import
	"github.com/labstack/echo/v4"
)
