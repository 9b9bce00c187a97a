package jpki

import (
	"crypto/x509"
	"example.jp/jpkimock/authority"   // want import
	"example.jp/jpkimock/internal/ui" // want import
	"gopkg.in/yaml.v3"                // want confined
)

// Shown is exported.
type Shown struct {
	Page   ui.Page // want exported
	hidden ui.Page
}
