package ui

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"io/fs"
	"net/http"
	"path"
	"time"

	"github.com/labstack/echo/v4"
)

// MountAssets serves the shared assets at /ui/, and a house's own at /assets/
// if it has any. They carry no data: they may be cached for five minutes, and
// after that are asked for again by their hash.
func MountAssets(e *echo.Echo, own fs.FS) {
	shared, err := fs.Sub(files, "assets")
	if err != nil {
		panic(err) // the folder is embedded: it is there or the program was not built
	}
	e.GET(AssetPath+"*", serve(shared))
	if own != nil {
		e.GET("/assets/*", serve(own))
	}
}

func serve(fsys fs.FS) echo.HandlerFunc {
	return func(c echo.Context) error {
		name := path.Clean(c.Param("*"))
		b, err := fs.ReadFile(fsys, name)
		if err != nil {
			return echo.ErrNotFound
		}
		hash := sha256.Sum256(b)
		h := c.Response().Header()
		h.Set("Cache-Control", "public, max-age=300")
		h.Set("ETag", `"`+base64.RawURLEncoding.EncodeToString(hash[:12])+`"`)
		http.ServeContent(c.Response(), c.Request(), path.Base(name), time.Time{}, bytes.NewReader(b))
		return nil
	}
}
