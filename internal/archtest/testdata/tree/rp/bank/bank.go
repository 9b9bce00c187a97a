package bank

import (
	"example.jp/jpkimock/authority" // want import
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/catv" // want import
	"example.jp/jpkimock/portal/partner"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank/web"        // want import
	"example.jp/jpkimock/rp/platform"        // want import
	"example.jp/jpkimock/rp/rptest"          // want import
	"example.jp/jpkimock/virtualcard"        // want import
	"example.jp/jpkimock/virtualcard/client" // want import
	"html/template"                          // want domain
	"net/http"                               // want domain
)
