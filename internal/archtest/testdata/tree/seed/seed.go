package seed

import (
	"example.jp/jpkimock/authority" // want import
	"example.jp/jpkimock/authority/jpki"
	"gopkg.in/yaml.v3"
)

func plant() {
	go plant() // want unraced
}
