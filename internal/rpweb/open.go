package rpweb

import (
	"embed"
	"io/fs"
	"strings"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp/browser"
)

// Open opens the door of a relying party with the pages of its site. It serves
// the shared assets and those in the folder assets of files, and card.js, by which
// pages reach the card. House and Pages of cfg are filled in.
func Open(cfg door.Config, site ui.Site, files embed.FS, templates func() (ui.Templates, error)) (*echo.Echo, *ui.Pages, error) {
	parsed, err := templates()
	if err != nil {
		return nil, nil, err
	}
	assets, err := fs.Sub(files, "assets")
	if err != nil {
		return nil, nil, err
	}
	if cfg.Pages, err = parsed.Pages(site); err != nil {
		return nil, nil, err
	}
	cfg.House = site.House
	e := door.New(cfg)
	ui.MountAssets(e, assets)
	e.GET("/card.js", echo.WrapHandler(browser.Handler()))
	return e, cfg.Pages, nil
}

// Private keeps what a house that was opened with Open answers out of every cache, but for
// assets.
func Private(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if !strings.HasPrefix(c.Path(), "/assets") && !strings.HasPrefix(c.Path(), ui.AssetPath) && c.Path() != "/card.js" {
			c.Response().Header().Set("Cache-Control", "no-store")
		}
		return next(c)
	}
}
