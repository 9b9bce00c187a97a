package rp_test

import (
	"example.jp/jpkimock/authority" // want import
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/rptest"
)
