package authority_test

import (
	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/db"
	"example.jp/jpkimock/authority/memory"
	"example.jp/jpkimock/internal/simclock"
	"example.jp/jpkimock/rp/rptest"   // want import
	"example.jp/jpkimock/virtualcard" // want import
	"golang.org/x/crypto/ocsp"
	"net/http"
	"time"
)

var deadline = time.Now()

func wait() { time.Sleep(1) } // want sleep
