package webtest

import "errors"

// Code gives what an error of type E says with of, its code mostly; the text of every other error,
// and "" for none.
func Code[E error](err error, of func(E) string) string {
	if known, ok := errors.AsType[E](err); ok {
		return of(known)
	}
	if err != nil {
		return err.Error()
	}
	return ""
}
