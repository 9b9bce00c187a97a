//go:build !cgo

package dbopen

import (
	"net/url"

	"github.com/glebarez/sqlite"
	"gorm.io/gorm"
)

func sqliteWriter(path, synchronous string) gorm.Dialector {
	return sqlite.Open("file:" + url.PathEscape(path) + "?_pragma=journal_mode(WAL)&_pragma=busy_timeout(5000)&_pragma=synchronous(" + synchronous + ")&_pragma=foreign_keys(1)&_txlock=immediate")
}

func sqliteReader(path string) gorm.Dialector {
	return sqlite.Open("file:" + url.PathEscape(path) + "?mode=ro&_pragma=query_only(1)&_pragma=busy_timeout(5000)")
}
