package booking

import "errors"

// Rules of the facilities that a request can break. What the card or its
// certificate breaks is an error of the kit.
var (
	ErrNoFacility    = errors.New("booking: there is no such facility")
	ErrNoSlot        = errors.New("booking: the facility has no such hours")
	ErrSlotTaken     = errors.New("booking: somebody has booked it")
	ErrSlotPast      = errors.New("booking: it has begun or is over")
	ErrTooFar        = errors.New("booking: bookings for this day are not open yet")
	ErrResidentsOnly = errors.New("booking: the facility is for residents")
	ErrTooMany       = errors.New("booking: this viewer has as many bookings as one may have")
	ErrNoBooking     = errors.New("booking: this viewer has no such booking")
	ErrTooLate       = errors.New("booking: the time for cancelling is over")
	ErrCancelled     = errors.New("booking: the booking has been cancelled")
	ErrPriceChanged  = errors.New("booking: the price is not the one that was shown")
	ErrNotResident   = errors.New("booking: the address is not in this municipality")
	ErrUsed          = errors.New("booking: this application has been received before")
	ErrNoResidency   = errors.New("booking: this viewer has no residency that stands")
)
