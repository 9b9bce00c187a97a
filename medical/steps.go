package medical

import (
	"errors"
	"time"

	"example.jp/jpkimock/rp"
)

// StepsOf says how far the question about a card came that was verified, or refused with
// a code: ① asked, ② the authority asked, ③ its answer. What the certificate itself breaks
// is found before the authority is asked; the authority's silence is at ②, and what it
// says at ③.
func StepsOf(by InsurerNumber, began, now time.Time, code string, err error) []Step {
	first, second := Step{N: 1, Insurer: by, At: began.UTC()}, Step{N: 2, Insurer: by, At: now.UTC()}
	if err == nil {
		return []Step{first, second, {N: 3, Insurer: by, At: now.UTC()}}
	}
	if check, ok := errors.AsType[*rp.CheckError](err); !ok || check.Check != rp.StatusCheck {
		first.Trouble = code
		return []Step{first}
	}
	if errors.Is(err, rp.ErrStatusUnavailable) || errors.Is(err, rp.ErrNotAccredited) {
		second.Trouble = code
		return []Step{first, second}
	}
	return []Step{first, second, {N: 3, Insurer: by, At: now.UTC(), Trouble: code}}
}
