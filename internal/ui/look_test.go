package ui_test

import (
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

func sheet(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile("assets/ui.css")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestTheSheetFetchesNothing(t *testing.T) {
	for _, word := range []string{"url(", "@import", "@font-face", "http:", "https:", "//"} {
		if i := strings.Index(sheet(t), word); i >= 0 {
			t.Errorf("the style sheet has %q: …%.60s", word, sheet(t)[i:])
		}
	}
}

func TestTheSheetIsBalanced(t *testing.T) {
	css := regexp.MustCompile(`(?s)/\*.*?\*/|"[^"]*"`).ReplaceAllString(sheet(t), "")
	if open, shut := strings.Count(css, "{"), strings.Count(css, "}"); open != shut {
		t.Errorf("%d { and %d }", open, shut)
	}
	for _, m := range regexp.MustCompile(`var\((--[a-z-]+)`).FindAllStringSubmatch(css, -1) {
		if !strings.Contains(css, m[1]+":") {
			t.Errorf("var(%s) is never set", m[1])
		}
	}
	for _, word := range []string{"@media print", "prefers-reduced-motion", "forced-colors: active", "prefers-contrast"} {
		if !strings.Contains(css, word) {
			t.Errorf("no %s", word)
		}
	}
}

// luminance is WCAG 2.2's relative luminance of #rrggbb.
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	n, err := strconv.ParseUint(strings.TrimPrefix(hex, "#"), 16, 32)
	if err != nil || len(hex) != 7 {
		t.Fatalf("colour %q", hex)
	}
	sum := 0.0
	for i, weight := range []float64{0.0722, 0.7152, 0.2126} {
		v := float64(n>>(8*i)&0xff) / 255
		if v <= 0.04045 {
			v /= 12.92
		} else {
			v = math.Pow((v+0.055)/1.055, 2.4)
		}
		sum += weight * v
	}
	return sum
}

func contrast(t *testing.T, a, b string) float64 {
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// tokens reads the custom properties of one rule that are colours.
func tokens(t *testing.T, selector string) map[string]string {
	t.Helper()
	_, rest, ok := strings.Cut(sheet(t), "\n"+selector+" ")
	if !ok {
		t.Fatalf("no rule %s", selector)
	}
	rule, _, _ := strings.Cut(rest, "}")
	colours := map[string]string{}
	for _, m := range regexp.MustCompile(`--([a-z-]+):\s*(#[0-9a-f]{6})`).FindAllStringSubmatch(rule, -1) {
		colours[m[1]] = m[2]
	}
	return colours
}

// TestContrast holds the palette to WCAG 2.2 AA: 4.5:1 for text, 3:1 for the
// edges of what can be operated and for the focus mark.
func TestContrast(t *testing.T) {
	c := tokens(t, ":root")
	cases := []struct {
		text, ground string
		atLeast      float64
	}{
		{"ink", "paper", 7}, {"ink", "ground", 7}, {"ink-strong", "shade", 7}, {"ink-muted", "paper", 4.5}, {"ink-muted", "ground", 4.5}, {"ink-muted", "shade", 4.5},
		{"link", "paper", 4.5}, {"link", "ground", 4.5}, {"link-visited", "ground", 4.5}, {"ink-strong", "band", 7},
		{"info", "info-ground", 4.5}, {"success", "success-ground", 4.5}, {"warning", "warning-ground", 4.5}, {"error", "error-ground", 4.5},
		{"error-line", "paper", 4.5}, {"success-line", "paper", 3}, {"warning-line", "paper", 3}, {"line-strong", "paper", 3}, {"line-strong", "ground", 3},
		{"focus-line", "paper", 3}, {"focus-line", "ground", 3}, {"focus-halo", "focus-line", 3},
	}
	for _, tc := range cases {
		if got := contrast(t, c[tc.text], c[tc.ground]); got < tc.atLeast {
			t.Errorf("%s on %s: %.2f, want %.1f", tc.text, tc.ground, got, tc.atLeast)
		}
	}
	for _, house := range []string{"bank", "authority", "card", "lobby", "catv", "medical", "portal", "platform"} {
		a := tokens(t, ".house-"+house)
		for _, pair := range [][2]string{{a["accent"], c["paper"]}, {a["accent"], c["ground"]}, {a["accent-deep"], a["accent-ground"]}, {a["accent"], a["accent-ground"]}, {c["link"], a["accent-ground"]}, {c["ink-muted"], a["accent-ground"]}} {
			if got := contrast(t, pair[0], pair[1]); got < 4.5 {
				t.Errorf("house %s: %s on %s: %.2f", house, pair[0], pair[1], got)
			}
		}
	}
}
