package bank

// Open is within the limit of four lines.
func Open() int {
	return 1
}

// Close is not.
func Close() int {
	n := 1
	n++
	return n
}

// Forget is not either, and listed.
func Forget() int {
	n := 1
	n++
	return n
}
