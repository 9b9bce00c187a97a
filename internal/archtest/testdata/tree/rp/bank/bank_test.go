package bank_test

import (
	"example.jp/jpkimock/authority" // want import
	"example.jp/jpkimock/internal/simclock"
	"example.jp/jpkimock/rp/bank/db"
	"example.jp/jpkimock/rp/rptest"
	"example.jp/jpkimock/virtualcard" // want import
)
