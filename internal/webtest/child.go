package webtest

import (
	"bufio"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"
)

// Kills names the variable that says how many processes a test kills; a few without it.
const Kills = "JPKIMOCK_KILLS"

// KillsOf gives how many processes a test is to kill.
func KillsOf(t testing.TB, otherwise int) int {
	t.Helper()
	said := os.Getenv(Kills)
	if said == "" {
		return otherwise
	}
	n, err := strconv.Atoi(said)
	Must(t, err)
	return n
}

// Killed runs a test of this program in a process of its own, with a variable of its
// environment, and kills it with SIGKILL within some time after it has printed so many lines,
// at no instant in particular. It gives all that the process printed before it died, line by line. Such a test skips
// without its variable.
func Killed(t testing.TB, test, variable, value string, after int, within time.Duration) (said []string) {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+test+"$")
	child.Env = append(os.Environ(), variable+"="+value)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	Must(t, err)
	Must(t, child.Start())
	lines := bufio.NewScanner(out)
	for range after {
		if !lines.Scan() {
			break
		}
		said = append(said, lines.Text())
	}
	<-time.After(rand.N(within)) // the instant at which it dies
	_ = child.Process.Kill()
	for lines.Scan() { // what it had printed before
		said = append(said, lines.Text())
	}
	if err := child.Wait(); err == nil || child.ProcessState.Exited() {
		t.Fatalf("the process ended by itself: %v, after %q", err, said)
	}
	return said
}
