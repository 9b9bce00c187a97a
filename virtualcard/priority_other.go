//go:build !linux

package virtualcard

// lowerPriority does nothing where a priority is not a thread's.
func lowerPriority() {}
