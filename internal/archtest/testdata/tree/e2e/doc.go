package e2e

import (
	"example.jp/jpkimock/internal/ecosystem" // want import
	"github.com/mxschmitt/playwright-go"
)
