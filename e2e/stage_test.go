package e2e

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/mxschmitt/playwright-go"
)

// stage is the one driver and the one browser that all stories share: to start
// them takes two seconds, to open a fresh context in them a few milliseconds.
type stage struct {
	once    sync.Once
	driver  *playwright.Playwright
	browser playwright.Browser
	err     error
}

var theStage = &stage{}

func TestMain(m *testing.M) {
	code := m.Run()
	if err := theStage.close(); err != nil {
		fmt.Fprintln(os.Stderr, "e2e: close the browser:", err)
	}
	if err := theTown.close(); err != nil {
		fmt.Fprintln(os.Stderr, "e2e: close the town:", err)
		code = max(code, 1)
	}
	os.Exit(code)
}

// browser gives the shared browser. Without one the test skips, or fails in
// continuous integration, where a skipped story would be a green lie.
func browser(t *testing.T) playwright.Browser {
	t.Helper()
	theStage.once.Do(theStage.open)
	if theStage.err != nil {
		unavailable(t, "no browser (make setup): %v", theStage.err)
	}
	return theStage.browser
}

// unavailable ends a test that lacks a tool.
func unavailable(t *testing.T, format string, args ...any) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf(format, args...)
	}
	t.Skipf(format, args...)
}

func (s *stage) open() {
	useOwnNode()
	if s.driver, s.err = playwright.Run(&playwright.RunOptions{SkipInstallBrowsers: true}); s.err != nil {
		return
	}
	// No page lives long enough to win back what compiling its scripts better costs.
	options := playwright.BrowserTypeLaunchOptions{Args: []string{"--js-flags=--no-opt --no-maglev"}}
	if path := systemBrowser(); path != "" {
		options.ExecutablePath = playwright.String(path)
	}
	s.browser, s.err = s.driver.Chromium.Launch(options)
}

func (s *stage) close() error {
	if s.driver == nil {
		return nil
	}
	var err error
	if s.browser != nil {
		err = s.browser.Close()
	}
	return errors.Join(err, s.driver.Stop())
}

// systemBrowser finds a browser of the operating system; empty means
// Playwright's own. The headless shell is twice as fast as the whole browser.
func systemBrowser() string {
	names := []string{"chromium-headless-shell", "chromium"}
	if own := os.Getenv("E2E_CHROMIUM"); own != "" {
		names = []string{own}
	}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// useOwnNode lets the driver run on the node of this machine if it is new
// enough (20), as setup.sh decided too; else it runs on the one it brought.
func useOwnNode() {
	if os.Getenv("PLAYWRIGHT_NODEJS_PATH") != "" {
		return
	}
	path, err := exec.LookPath("node")
	if err != nil {
		return
	}
	out, err := exec.Command(path, "--version").Output()
	if err != nil {
		return
	}
	major, _, _ := strings.Cut(strings.TrimPrefix(string(out), "v"), ".")
	if n, err := strconv.Atoi(major); err == nil && n >= 20 {
		_ = os.Setenv("PLAYWRIGHT_NODEJS_PATH", path)
	}
}
