package web

import (
	"example.jp/jpkimock/authority/web" // want import
	"example.jp/jpkimock/internal/session"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank"
	"example.jp/jpkimock/rp/browser"
	"net/http"
)
