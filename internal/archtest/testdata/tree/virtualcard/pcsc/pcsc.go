package pcsc

import (
	"example.jp/jpkimock/virtualcard/jpkiap"
	"github.com/ElMostafaIdrassi/goscard"
)
