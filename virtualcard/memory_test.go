package virtualcard_test

import (
	"testing"

	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/cardtest"
)

func TestMemoryStore(t *testing.T) {
	cardtest.TestStore(t, func(*testing.T) virtualcard.Store { return virtualcard.NewMemoryStore() })
}
