package dbopen

import (
	"example.jp/jpkimock/internal/door" // want import
	"github.com/glebarez/sqlite"
	"gorm.io/driver/sqlite"
)
