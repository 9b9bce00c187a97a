package fuse

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// judged collects what a test of an act would have complained of.
type judged struct {
	testing.TB
	said []string
}

func (*judged) Helper() {}

func (j *judged) Errorf(format string, args ...any) {
	j.said = append(j.said, fmt.Sprintf(format, args...))
}

func TestEveryCallIsOutOfOrderOnce(t *testing.T) {
	var f Fuse
	var failed []int
	f.Everywhere(t, "an act of three calls", func() func() error {
		return func() error {
			for i := range 3 {
				if _, err := Call(&f, func() (int, error) { return i, nil }); err != nil {
					failed = append(failed, i)
					return fmt.Errorf("call %d: %w", i, err)
				}
			}
			return nil
		}
	})
	if fmt.Sprint(failed) != "[0 1 2]" {
		t.Errorf("failed at %v", failed)
	}
	if err := f.Do(func() error { return nil }); err != nil {
		t.Errorf("when nobody tries it: %v", err)
	}
}

func TestActsThatAreNotAsTheyShouldBe(t *testing.T) {
	other := errors.New("another error")
	var f Fuse
	for want, act := range map[string]func() error{
		"call 1 out of order: <nil>":         func() error { _ = f.Do(func() error { return nil }); return nil },
		"call 1 out of order: another error": func() error { return errors.Join(swap(f.Do(func() error { return nil }), other)) },
		"after 1 failures: another error": func() error {
			if err := f.Do(func() error { return nil }); err != nil {
				return err
			}
			return other
		},
		"calls nothing": func() error { return nil },
		"more than": func() error {
			for {
				if err := f.Do(func() error { return nil }); err != nil {
					return err
				}
			}
		},
	} {
		j := &judged{}
		f.Everywhere(j, "an act", func() func() error { return act })
		if len(j.said) == 0 || !strings.Contains(j.said[0], want) {
			t.Errorf("said %q, want %q", j.said, want)
		}
	}
}

// swap gives another error in the place of one.
func swap(err, other error) error {
	if err == nil {
		return nil
	}
	return other
}
