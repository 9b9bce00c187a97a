package bank

// Amendment is a change of a customer's record, written as a whole.
type Amendment struct {
	// Before is the record that the change starts from. A store refuses with
	// ErrRecordChanged if certificates or consent have changed since.
	Before, After Customer
	Form          *SignedForm // nil if nothing was signed
	History       HistoryEntry
	Receipt       *Notice // a message to write; nil for none
	ClosesNotices bool    // the open messages to the customer are answered
}
