package platform_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"example.jp/jpkimock/rp/platform"
)

func TestTheRegisterRemembersWhoDidWhatAndWhy(t *testing.T) {
	address := filepath.Join(t.TempDir(), "p.db")
	h := open(t, address)
	began := h.clock.Now()
	does := func(staff, why string, change func(*platform.ServiceProvider)) {
		t.Helper()
		h.clock.Advance(time.Hour)
		sp, err := h.ServiceProvider(t.Context(), "RP00000001")
		must(t, err)
		change(&sp)
		_, err = h.Register(t.Context(), sp, platform.By{Staff: staff, Why: why})
		must(t, err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	old := h.sp.Keys.Keys[0]
	does("kiban-2", "鍵の定期更新", func(sp *platform.ServiceProvider) {
		sp.Keys.Keys = []jose.JSONWebKey{{Key: key.Public(), KeyID: "2"}}
	})
	does("kiban-1", "何も変えない", func(*platform.ServiceProvider) {})
	does("kiban-1", "届出第5号", func(sp *platform.ServiceProvider) {
		sp.Suspended, sp.RedirectURIs = true, append(sp.RedirectURIs, "http://sp.example.jp/second")
	})
	does("kiban-2", "届出第6号", func(sp *platform.ServiceProvider) { sp.Suspended = false })
	must(t, h.store.Close())

	h2 := openAgain(t, address)
	log, err := h2.RegisterLog(t.Context(), "RP00000001")
	must(t, err)
	want := []struct {
		staff, why string
		hours      int
		acts       []platform.Act
		fields     []string
	}{
		{"kiban-2", "届出第6号", 4, []platform.Act{platform.ActResumed}, []string{"suspended"}},
		{"kiban-1", "届出第5号", 3, []platform.Act{platform.ActChanged, platform.ActSuspended}, []string{"redirectUris", "suspended"}},
		{"kiban-2", "鍵の定期更新", 1, []platform.Act{platform.ActKeys}, []string{"jwks"}},
		{"kiban-1", "ためし", 0, []platform.Act{platform.ActRegistered}, nil},
	}
	if len(log) != len(want) {
		t.Fatalf("%d lines: %+v", len(log), log)
	}
	for i, w := range want {
		got := log[i]
		if got.By.Staff != w.staff || got.By.Why != w.why || !slices.Equal(got.Acts, w.acts) || got.At.Sub(began).Round(time.Minute) != time.Duration(w.hours)*time.Hour {
			t.Errorf("line %d: %+v", i, got)
		}
		for j, f := range w.fields {
			if len(got.Fields) != len(w.fields) || got.Fields[j].Field != f {
				t.Errorf("line %d: fields %+v", i, got.Fields)
			}
		}
	}
	keys := log[2].Fields[0]
	if !strings.HasPrefix(keys.Before, old.KeyID+" ") || !strings.HasPrefix(keys.After, "2 ") || len(keys.After) != len("2 ")+43 {
		t.Errorf("keys: %+v", keys)
	}
	if f := log[1].Fields[0]; strings.Count(f.Before, "\n") != 0 || f.After != f.Before+"\nhttp://sp.example.jp/second" {
		t.Errorf("redirect URIs: %+v", f)
	}
}

func TestNobodyChangesTheRegisterWithoutANameAndAReason(t *testing.T) {
	h := open(t, filepath.Join(t.TempDir(), "p.db"))
	for field, by := range map[string][]platform.By{
		"staff": {{Why: "届出"}, {Staff: "a\nb", Why: "届出"}, {Staff: strings.Repeat("x", 61), Why: "届出"}},
		"why":   {{Staff: "kiban-1"}, {Staff: "kiban-1", Why: " \n"}, {Staff: "kiban-1", Why: strings.Repeat("理", 201)}, {Staff: "kiban-1", Why: "a\x00"}, {Staff: "kiban-1", Why: "\xff"}},
	} {
		for _, b := range by {
			sp := h.sp
			sp.Name = "変えた"
			var wrong *platform.FieldError
			if _, err := h.Register(t.Context(), sp, b); !errors.As(err, &wrong) || wrong.Field != field {
				t.Errorf("%+v: %v", b, err)
			}
		}
	}
	if sp, err := h.ServiceProvider(t.Context(), h.sp.ID); err != nil || sp.Name != h.sp.Name {
		t.Errorf("%+v, %v", sp, err)
	}
	if log, err := h.RegisterLog(t.Context(), h.sp.ID); err != nil || len(log) != 1 {
		t.Errorf("%+v, %v", log, err)
	}
}
