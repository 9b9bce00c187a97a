//go:build cgo

package dbopen

import (
	"net/url"

	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
)

func sqliteWriter(path, synchronous string) gorm.Dialector {
	return sqlite.Open("file:" + url.PathEscape(path) + "?_journal_mode=WAL&_busy_timeout=5000&_synchronous=" + synchronous + "&_foreign_keys=on&_txlock=immediate&_stmt_cache_size=64")
}

func sqliteReader(path string) gorm.Dialector {
	return sqlite.Open("file:" + url.PathEscape(path) + "?mode=ro&_query_only=1&_busy_timeout=5000&_stmt_cache_size=64")
}
