package stagetool

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// A story on the command line does what has a button, waits for what is done by hand, and
// says what is missing.
func TestAStoryOnTheCommandLine(t *testing.T) {
	var asked []string
	confirmed := map[string]string{}
	town := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Method+" "+r.URL.RequestURI())
		switch r.Method + " " + r.URL.RequestURI() {
		case "POST /v1/stories/move/steps/1":
			confirmed["1"] = `,"confirmed":"2026-11-30T09:00:00+09:00"`
		case "GET /v1/stories/move?known=1":
			confirmed["2"] = `,"confirmed":"2026-11-30T09:01:00+09:00"`
		}
		w.Header().Set("Content-Type", "application/json")
		whole := map[bool]string{true: "true", false: "false"}[len(confirmed) == 2]
		_, _ = io.WriteString(w, `{"id":"move","title":{"ja":"","en":""},"begun":"2026-11-30T09:00:00+09:00","again":true,"done":`+string(rune('0'+len(confirmed)))+`,"whole":`+whole+`,"steps":[`+
			`{"no":1,"say":{"ja":"引っ越します。","en":"Moves."},"button":true,"check":"moved"`+confirmed["1"]+`},`+
			`{"no":2,"say":{"ja":"調べます。","en":"Looks."},"button":false,"check":"asked"`+confirmed["2"]+`}]}`)
	}))
	defer town.Close()
	run := func(words ...string) (string, error) {
		var out strings.Builder
		err := Run(t.Context(), append([]string{"story", "--manage", town.URL}, words...), &out)
		return out.String(), err
	}
	if _, err := run("check", "move"); !errors.As(err, &ErrNotWhole{}) || !strings.Contains(err.Error(), "not step 1: Moves.") {
		t.Errorf("before: %v", err)
	}
	asked = nil
	out, err := run("run", "move")
	want := "POST /v1/stories/move/begin, POST /v1/stories/move/steps/1, GET /v1/stories/move?known=1"
	if got := strings.Join(asked, ", "); err != nil || got != want || !strings.Contains(out, "jpkimock snapshot restore beginning") || !strings.Contains(out, "Looks. (by hand)") || !strings.Contains(out, `"whole": true`) {
		t.Errorf("%v: asked %s: want %s: %s", err, got, want, out)
	}
	if _, err := run("check", "move"); err != nil {
		t.Errorf("after: %v", err)
	}
	if _, err := run("sing"); !errors.Is(err, ErrUsage) {
		t.Errorf("no command: %v", err)
	}
}
