package catv

import (
	"example.jp/jpkimock/medical" // want import
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank" // want import
	"gorm.io/gorm"                // want confined
)
