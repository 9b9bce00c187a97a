package dbopen

import (
	"example.jp/jpkimock/internal/simclock" // want import
	"github.com/glebarez/sqlite"
	"gorm.io/driver/sqlite"
)
