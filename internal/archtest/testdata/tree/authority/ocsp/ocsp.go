package ocsp

import (
	"example.jp/jpkimock/authority" // want import
	"golang.org/x/crypto/cryptobyte"
)
