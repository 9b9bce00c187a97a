package web

import (
	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/db" // want import
	"example.jp/jpkimock/authority/ocsp"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/ecosystem" // want import
	"example.jp/jpkimock/internal/lobby"     // want import
	"example.jp/jpkimock/internal/session"
	"example.jp/jpkimock/internal/simclock"
	"example.jp/jpkimock/internal/ui"
	"github.com/labstack/echo/v4"
	"go.step.sm/crypto/kms/softkms" // want confined
	"gorm.io/gorm/clause"           // want confined
	"net/http"
)
