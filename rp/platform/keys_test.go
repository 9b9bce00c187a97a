package platform_test

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"example.jp/jpkimock/internal/fuse"
	"example.jp/jpkimock/rp/platform"
)

// knows reports whether a key of a set verifies an ID token.
func knows(t *testing.T, set jose.JSONWebKeySet, tokens platform.Tokens) bool {
	t.Helper()
	id, err := jwt.ParseSigned(tokens.IDToken, []jose.SignatureAlgorithm{jose.ES256, jose.RS256})
	must(t, err)
	var claims map[string]any
	return id.Claims(set, &claims) == nil
}

// In a rotation a service that has kept the keys of the step before verifies every token, before and
// after a restart; one that has kept older ones does not, in the end.
func TestKeysAreRotated(t *testing.T) {
	address := filepath.Join(t.TempDir(), "p.db")
	h := open(t, address)
	kept := []jose.JSONWebKeySet{h.Keys()}
	issued := []platform.Tokens{h.signsIn("0A21C3F0")}
	for i, step := range platform.KeySteps() {
		for _, other := range platform.KeySteps() {
			if err := h.RotateKeys(t.Context(), other, staff); other != step && !errors.Is(err, platform.ErrKeyStep) {
				t.Fatalf("%s in place of %s: %v", other, step, err)
			} else if other == step && err != nil {
				t.Fatal(err)
			}
			if other == step {
				break
			}
		}
		sp := h.sp
		h = openAgain(t, address)
		h.sp = sp
		kept, issued = append(kept, h.Keys()), append(issued, h.signsIn("0A21C3F0"))
		if n := len(h.Keys().Keys); n != []int{4, 4, 2}[i] {
			t.Errorf("after %s %d keys are published", step, n)
		}
		for _, tokens := range issued[len(issued)-2:] {
			if step != platform.RetireKeys && !knows(t, kept[len(kept)-1], tokens) || !knows(t, kept[len(kept)-2], issued[len(issued)-1]) {
				t.Errorf("after %s a token is not verified by who has the keys of the step before", step)
			}
		}
	}
	if knows(t, kept[0], issued[3]) || !knows(t, kept[1], issued[3]) || knows(t, kept[3], issued[0]) || !knows(t, kept[3], issued[2]) {
		t.Error("the keys did not change at the step that says so")
	}
	if h.NextKeyStep() != platform.AnnounceKeys {
		t.Errorf("next is %s", h.NextKeyStep())
	}
	log, err := h.RegisterLog(t.Context(), "")
	if err != nil || len(log) != 3 || log[0].Acts[0] != platform.ActKeysRetired || log[2].Acts[0] != platform.ActKeysAnnounced || log[1].By != staff {
		t.Errorf("%+v, %v", log, err)
	}
}

// Who rotates says who it is and why, and what the step is; a step that fails was not taken.
func TestAStepOfARotation(t *testing.T) {
	s := openShaky(t)
	for name, c := range map[string]struct {
		step  platform.KeyStep
		by    platform.By
		field string
	}{
		"nobody": {platform.AnnounceKeys, platform.By{Why: "x"}, "staff"}, "for no reason": {platform.AnnounceKeys, platform.By{Staff: "kiban-1"}, "why"},
		"no step": {"", staff, "step"}, "another step": {"rotate", staff, "step"},
	} {
		err := s.RotateKeys(t.Context(), c.step, c.by)
		if field, ok := errors.AsType[*platform.FieldError](err); !ok || field.Field != c.field {
			t.Errorf("%s: %v", name, err)
		}
	}
	before := len(s.Keys().Keys)
	s.Arm(1)
	if err := s.RotateKeys(t.Context(), platform.AnnounceKeys, staff); !errors.Is(err, fuse.ErrBlown) || len(s.Keys().Keys) != before || s.NextKeyStep() != platform.AnnounceKeys {
		t.Errorf("a step that failed: %v, %d keys", err, len(s.Keys().Keys))
	}
	s.Arm(0)
	must(t, s.RotateKeys(t.Context(), platform.AnnounceKeys, staff))
	if len(s.Keys().Keys) != 2*before {
		t.Errorf("%d keys", len(s.Keys().Keys))
	}
}
