package partner

import (
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/portal" // want import
	"example.jp/jpkimock/rp"
	"gorm.io/gorm" // want confined
)

// Row shows a row.
type Row struct{ gorm.Model } // want exported
