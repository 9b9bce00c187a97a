package rptest

import (
	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/web"
	"example.jp/jpkimock/internal/ecosystem" // want import
	"example.jp/jpkimock/internal/simclock"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank" // want import
	"example.jp/jpkimock/virtualcard"
)

// Clock is a type of this project's inside.
type Clock = simclock.Clock // want exported
