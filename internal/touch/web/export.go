package web

import (
	"bytes"
	"html/template"
	"net/http"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/ui"
)

// exported is a touch as one file.
type exported struct {
	View  *ui.View
	Page  page
	Style template.CSS
	Touch view
}

// export gives the picture as one HTML file that needs no server, with the touch as JSON
// in it.
func (w *room) export(c echo.Context) error {
	t, err := w.find(c)
	if err != nil {
		return err
	}
	p := pageOf(t, "")
	v := &ui.View{Lang: ui.LangOf(c).Written(), Title: p.Story.Title}
	var b bytes.Buffer
	if err := w.file.ExecuteTemplate(&b, "export", exported{v, p, template.CSS(w.Style), viewOf(t)}); err != nil {
		return err
	}
	return attach(c, "jpkimock-"+t.ID+".html", "text/html; charset=utf-8", b.Bytes())
}

// mermaid gives the sequence diagram as Mermaid text.
func (w *room) mermaid(c echo.Context) error {
	t, err := w.find(c)
	if err != nil {
		return err
	}
	lang := ui.LangOf(c).Written()
	return attach(c, "jpkimock-"+t.ID+".mmd", "text/plain; charset=utf-8", []byte(t.Mermaid(func(text ui.Text) string { return text.In(lang) })))
}

func attach(c echo.Context, name, kind string, octets []byte) error {
	c.Response().Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	return c.Blob(http.StatusOK, kind, octets)
}
