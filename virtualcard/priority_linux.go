package virtualcard

import "syscall"

// lowerPriority makes the calling thread the nicest there is. On Linux "this
// process" (0) means the thread.
func lowerPriority() { _ = syscall.Setpriority(syscall.PRIO_PROCESS, 0, 19) }
