package db

import (
	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/web" // want import
	"example.jp/jpkimock/internal/dbopen"
	"example.jp/jpkimock/internal/ui" // want import
	"github.com/labstack/echo/v4"     // want confined
	"gorm.io/gorm"
)
