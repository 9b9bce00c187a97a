package health

import (
	"errors"
	"fmt"

	"example.jp/jpkimock/catv"
)

// Rules of the programme that a request can break.
var (
	ErrNotYours    = errors.New("health: this health information is another's")
	ErrNotFamily   = errors.New("health: only a viewer of the same household can be chosen")
	ErrReading     = errors.New("health: a reading out of what can be measured")
	ErrText        = errors.New("health: a text is 1 to 400 characters")
	ErrNoMessage   = errors.New("health: there is no such message")
	ErrAnswered    = errors.New("health: the message has been answered")
	ErrNoChoice    = errors.New("health: this is none of the message's answers")
	ErrNoReminder  = errors.New("health: there is no such reminder")
	ErrSpan        = errors.New("health: a chart covers 7, 30 or 365 days")
	ErrMeasure     = errors.New("health: there is no such measure")
	ErrNotInTheDay = errors.New("health: this is not a day of the past year")
)

// RangeError is ErrReading with what can be measured at all, for whoever typed
// it in.
type RangeError struct {
	What      catv.Name
	Unit      string
	Low, High float64
}

func (e *RangeError) Error() string {
	return fmt.Sprintf("%v: %s is from %g to %g %s", ErrReading, e.What.EN, e.Low, e.High, e.Unit)
}

// Unwrap gives ErrReading.
func (e *RangeError) Unwrap() error { return ErrReading }
