package door

import (
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/labstack/echo/v4"
)

// SignInFor returns the address of a sign-in that goes on to the page which a
// request asked for, as NextPage reads it; an act has no such page.
func SignInFor(c echo.Context, signIn string) string {
	if c.Request().Method != http.MethodGet {
		return signIn
	}
	before := "?"
	if strings.Contains(signIn, "?") {
		before = "&"
	}
	return signIn + before + "next=" + url.QueryEscape(c.Request().URL.EscapedPath())
}

// SignInFirst answers a request to a staff room from somebody who is not signed in.
// A person who has only asked for a page is led to the sign-in, which goes on to it.
// For a program, and for an act that has not been done, it returns err.
func SignInFirst(c echo.Context, signIn string, err error) error {
	if r := c.Request(); r.Method != http.MethodGet || !WantsPage(r) {
		return err
	}
	return c.Redirect(http.StatusSeeOther, SignInFor(c, signIn))
}

// NextPage returns the page that a sign-in goes on to: asked, which a query or a
// form names, if it is a path below one of the rooms; else the front page.
func NextPage(asked, front string, rooms ...string) string {
	u, err := url.Parse(asked)
	if err != nil || u.Host != "" || u.Scheme != "" || u.RawQuery != "" || strings.ContainsAny(asked, "\\\r\n\t") || path.Clean(u.Path) != u.Path {
		return front
	}
	for _, room := range rooms {
		if strings.HasPrefix(u.Path+"/", room+"/") {
			return asked
		}
	}
	return front
}
