package slots

import (
	"reflect"
	"testing"
)

func TestParse(t *testing.T) {
	for text, want := range map[string][]Reader{
		"":                {},
		"127.0.0.1:35963": {{Name: "home", Address: "127.0.0.1:35963"}},
		"tv=[::1]:1":      {{Name: "tv", Address: "[::1]:1"}},
		"home=localhost:35963,branch-2=localhost:35964": {{Name: "home", Address: "localhost:35963"}, {Name: "branch-2", Address: "localhost:35964"}},
	} {
		got, err := Parse(text)
		if err != nil || len(got)+len(want) > 0 && !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"35963", "home=", "=localhost:1", "Home=localhost:1", "a=localhost:1,a=localhost:2", "localhost:1,home=localhost:2", ","} {
		if got, err := Parse(text); err == nil {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestTheUsualReadersAreAlwaysThere(t *testing.T) {
	readers := All([]Reader{{Name: "tv", Address: "localhost:1"}, {Name: "branch"}})
	want := []Reader{{Name: "home"}, {Name: "tv", Address: "localhost:1"}, {Name: "reception"}, {Name: "pharmacy"}, {Name: "branch"}}
	if !reflect.DeepEqual(readers, want) {
		t.Errorf("%v", readers)
	}
}
