package shown_test

import (
	"errors"
	"testing"

	"example.jp/jpkimock/internal/shown"
)

func TestVersions(t *testing.T) {
	was := shown.Of("sign revoked", "auth unchanged")
	if err := was.Still(shown.Of("sign revoked", "auth unchanged")); err != nil || len(was) != 32 {
		t.Errorf("%q: %v", was, err)
	}
	if err := shown.Version("").Still(was); err != nil {
		t.Errorf("who was shown nothing: %v", err)
	}
	for _, now := range []shown.Version{"", shown.Of(), shown.Of("sign revoked"), shown.Of("auth unchanged", "sign revoked"), shown.Of("sign revokedauth unchanged")} {
		if err := was.Still(now); !errors.Is(err, shown.ErrChanged) {
			t.Errorf("%q now: %v", now, err)
		}
	}
}
