// Package webtest is what the tests of every house's pages share: a house that
// answers on a listener, a browser that asks it, the page that comes back, and a
// card reader from which a card can be taken.
//
//	url := webtest.Serve(t, func(url string) http.Handler { return handlerOf(url) })
//	hanako := webtest.NewBrowser(t, url)
//	hanako.Visits("/signin").Says(200, "Sign in")
//	hanako.Fills("/signin", "key", "wrong").Says(403, "The key is wrong")
//	hanako.Calls("POST", "/signin", map[string]string{"key": "wrong"}, nil).Refuses(403, "wrong_key")
//
// A house's own tests add its people and what they do: they embed a Browser.
package webtest
