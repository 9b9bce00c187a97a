package db

import (
	"example.jp/jpkimock/catv/db" // want import
	"example.jp/jpkimock/internal/dbopen"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank"
	"gorm.io/gorm"
)
