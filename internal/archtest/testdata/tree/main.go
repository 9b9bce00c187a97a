package main

import (
	"example.jp/jpkimock/authority" // want import
	"example.jp/jpkimock/internal/ecosystem"
	"net/http"
)
