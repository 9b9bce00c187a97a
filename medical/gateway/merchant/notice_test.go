package merchant_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/medical/gateway/merchant"
)

// A notice is taken once, by its signature, near its time.
func TestANoticeIsTakenOnce(t *testing.T) {
	now := time.Date(2026, 4, 1, 3, 0, 0, 0, time.UTC)
	box := merchant.NewMailbox("secret", func() time.Time { return now })
	body := []byte(`{"order":"1","amount":870,"state":"captured"}`)
	good := merchant.Sign("secret", now, body)
	for _, c := range []struct {
		name, header string
		body         string
		err          error
	}{
		{"no signature", "", string(body), merchant.ErrSignature},
		{"nonsense", "t=x,v1=zz", string(body), merchant.ErrSignature},
		{"another secret", merchant.Sign("other", now, body), string(body), merchant.ErrSignature},
		{"another body", good, strings.Replace(string(body), "870", "880", 1), merchant.ErrSignature},
		{"another time", strings.Replace(good, "t=1", "t=2", 1), string(body), merchant.ErrSignature},
		{"too old", merchant.Sign("secret", now.Add(-merchant.Window-time.Second), body), string(body), merchant.ErrOld},
		{"of the future", merchant.Sign("secret", now.Add(merchant.Window+time.Second), body), string(body), merchant.ErrOld},
		{"good", good, string(body), nil},
		{"replayed", good, string(body), merchant.ErrReplayed},
		{"sent again", merchant.Sign("secret", now.Add(time.Second), body), string(body), nil},
	} {
		p, err := box.Take(c.header, []byte(c.body))
		if !errors.Is(err, c.err) || err == nil && p.Order != "1" {
			t.Errorf("%s: %+v, %v; want %v", c.name, p, err, c.err)
		}
	}
	now = now.Add(merchant.Window + time.Minute)
	if _, err := box.Take(good, body); !errors.Is(err, merchant.ErrOld) {
		t.Errorf("replayed later: %v", err)
	}
	if _, err := merchant.NewMailbox("", func() time.Time { return now }).Take(merchant.Sign("", now, body), body); !errors.Is(err, merchant.ErrSignature) {
		t.Errorf("without a secret: %v", err)
	}
}
