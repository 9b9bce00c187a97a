package memory_test

import (
	"testing"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/memory"
)

func TestStore(t *testing.T) {
	authoritytest.StoreSuite(t, func(*testing.T) authority.Store { return memory.New() })
}

func TestLatestStore(t *testing.T) {
	authoritytest.LatestSuite(t, func(*testing.T) authoritytest.LatestStore { return memory.New() })
}
