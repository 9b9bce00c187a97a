package e2e

import (
	"example.jp/jpkimock/authority" // want import
	"example.jp/jpkimock/internal/ecosystem"
	"example.jp/jpkimock/seed"
	"github.com/labstack/echo/v4"
	"github.com/mxschmitt/playwright-go"
)
