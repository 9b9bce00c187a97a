package fault

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.jp/jpkimock/internal/ui"
)

// MostStrikes bounds Setting.Count.
const MostStrikes = 1_000_000

// Setting narrows when a fault that is on strikes. The zero value: at every request that the
// fault covers.
type Setting struct {
	// Percent of what the fault covers, 1 to 100; 0 is all. Which, is the same each time the
	// fault is switched on.
	Percent int `json:"percent,omitempty"`
	// Count is how often it strikes before it is off by itself, up to MostStrikes; 0 is
	// without end.
	Count int `json:"count,omitempty"`
	// Delay of a slow answer in place of the fault's own, such as "10s", up to LongestDelay.
	Delay string `json:"delay,omitempty"`
	// Caller is the one house, or the one verifier, whose requests fail.
	Caller string `json:"caller,omitempty"`
	// Person is the one about whom requests fail, where a fault takes one: "hanako".
	Person string `json:"person,omitempty"`
}

// longestName bounds Caller and Person, in octets.
const longestName = 64

// Known are those to whom faults of a house can be kept.
type Known struct {
	Callers []string // the names of those who ask it; none where it does not know who asks
	People  []string // the names of the town's people
}

// Unfit says of a setting what is wrong with it, and what is possible.
type Unfit struct{ Says ui.Text }

// Error is what it says in English.
func (u Unfit) Error() string { return u.Says.EN }

func unfit(ja, en string, args ...any) error {
	return Unfit{ui.Text{JA: fmt.Sprintf(ja, args...), EN: fmt.Sprintf(en, args...)}}
}

// bounds refuses what a fault does not take, whoever is named.
func (s Setting) bounds(f Fault) error {
	delay, err := time.ParseDuration(s.Delay)
	switch {
	case s.Percent < 0 || s.Percent > 100:
		return unfit("割合は、1から100までの整数です。", "percent is a whole number from 1 to 100")
	case s.Count < 0 || s.Count > MostStrikes:
		return unfit("回数は、1から%dまでの整数です。", "count is a whole number from 1 to %d", MostStrikes)
	case s.Delay != "" && f.delay == 0:
		return unfit("遅れは、応答が遅い障害にだけ付けられます。", "delay is for a slow answer")
	case s.Delay != "" && (err != nil || delay <= 0 || delay > LongestDelay):
		return unfit("遅れは、%.0f秒までです。", "delay is such as \"5s\", and at most %.0fs", LongestDelay.Seconds())
	case len(s.Caller) > longestName || len(s.Person) > longestName:
		return unfit("名前は、%d文字までです。", "a caller or a person has at most %d octets", longestName)
	case s.Person != "" && !f.ByPerson:
		return unfit("この障害は、人を選んで起こせません。", "person is for faults that can be kept to one person")
	}
	return nil
}

// Check refuses what a fault does not take, and who is not known.
func (s Setting) Check(f Fault, k Known) error {
	if err := s.bounds(f); err != nil {
		return err
	}
	switch {
	case s.Caller != "" && len(k.Callers) == 0:
		return unfit("この機関の障害は、問い合わせ元を選んで起こせません。", "caller is for houses that know who asks")
	case s.Caller != "" && !slices.Contains(k.Callers, s.Caller):
		return unfit("問い合わせ元に「%s」はありません。選べるのは次のとおりです：%s", "there is no caller %q: want one of %s", s.Caller, strings.Join(k.Callers, ", "))
	case s.Person != "" && !slices.Contains(k.People, s.Person):
		return unfit("「%s」という人はいません。選べるのは次のとおりです：%s", "there is nobody called %q: want one of %s", s.Person, strings.Join(k.People, ", "))
	}
	return nil
}

// State is whether a fault is on, and how. In JSON it is false, true, or the setting of one
// that is narrowed.
type State struct {
	On bool
	Setting
}

// MarshalJSON writes false, true, or the setting.
func (s State) MarshalJSON() ([]byte, error) {
	if s.On && s.Setting != (Setting{}) {
		return json.Marshal(s.Setting)
	}
	return json.Marshal(s.On)
}

// UnmarshalJSON reads what MarshalJSON writes, and nothing else.
func (s *State) UnmarshalJSON(b []byte) error {
	switch {
	case string(b) == "true", string(b) == "false":
		*s = State{On: string(b) == "true"}
		return nil
	case b[0] != '{':
		return errors.New(`want true, false, or an object such as {"count":3}`)
	}
	*s = State{On: true}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	return d.Decode(&s.Setting)
}

// SaysWith gives a fault as it is narrowed in words, as short as a label.
func (f Fault) SaysWith(s Setting) ui.Text {
	words, how := f.Says(), s.Says()
	if how.JA == "" {
		return words
	}
	return ui.Text{JA: words.JA + "、" + how.JA, EN: words.EN + ", " + how.EN}
}

// Says gives the conditions in words; empty for none.
func (s Setting) Says() ui.Text {
	var ja, en []string
	for _, part := range []struct {
		narrows bool
		ja, en  string
	}{
		{s.Percent > 0 && s.Percent < 100, fmt.Sprintf("%d%%の割合", s.Percent), fmt.Sprintf("%d%% of requests", s.Percent)},
		{s.Count > 0, fmt.Sprintf("あと%d回", s.Count), fmt.Sprintf("%d to go", s.Count)},
		{s.Delay != "", seconds(s.Delay) + "秒の遅れ", seconds(s.Delay) + " seconds late"},
		{s.Caller != "", s.Caller + "からだけ", "for " + s.Caller + " alone"},
		{s.Person != "", s.Person + "についてだけ", "about " + s.Person + " alone"},
	} {
		if part.narrows {
			ja, en = append(ja, part.ja), append(en, part.en)
		}
	}
	return ui.Text{JA: strings.Join(ja, "、"), EN: strings.Join(en, ", ")}
}

// seconds gives a delay as a number of seconds.
func seconds(delay string) string {
	d, _ := time.ParseDuration(delay) // it was checked
	return strconv.FormatFloat(d.Seconds(), 'f', -1, 64)
}

// Case is a request at which a fault may strike. A nil function knows nobody. They are
// called only while a fault is narrowed to somebody.
type Case struct {
	Callers func() []string // who asks, by each of its names
	People  func() []string // about whom, by each of their names
}

// fits reports whether a fault with this setting is for a request.
func (s Setting) fits(c Case) bool {
	names := func(one string, all func() []string) bool {
		return one == "" || all != nil && slices.Contains(all(), one)
	}
	return names(s.Caller, c.Callers) && names(s.Person, c.People)
}
