package digest

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"testing"
)

func TestADigestIsReadStrictly(t *testing.T) {
	sum := sha256.Sum256([]byte("a contract"))
	good := base64.StdEncoding.EncodeToString(sum[:])
	ask, err := Parse("みらい不動産", good)
	if err != nil || ask.SHA256 != sum || ask.Service != "みらい不動産" {
		t.Fatalf("%+v, %v", ask, err)
	}
	if groups := ask.Groups(); len(groups) != 8 || len(groups[0]) != 8 {
		t.Errorf("%q", groups)
	}
	for _, bad := range [][2]string{
		{"", good}, {strings.Repeat("あ", 61), good}, {"a\u202eb", good}, {"a\nb", good}, {"a\xff", good},
		{"A", ""}, {"A", good[:40]}, {"A", good + "\n"}, {"A", strings.TrimRight(good, "=")},
		{"A", base64.StdEncoding.EncodeToString(sum[:31])}, {"A", base64.StdEncoding.EncodeToString(append(sum[:], 0))},
		{"A", strings.ReplaceAll(strings.ReplaceAll(good, "+", "-"), "/", "_") + "*"},
	} {
		if _, err := Parse(bad[0], bad[1]); err == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
}
