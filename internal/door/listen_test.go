package door_test

import (
	"errors"
	"net"
	"strconv"
	"syscall"
	"testing"

	"example.jp/jpkimock/internal/door"
)

func portOf(l net.Listener) int { return l.Addr().(*net.TCPAddr).Port }

func closeAll(t *testing.T, all []net.Listener) {
	t.Helper()
	for _, l := range all {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestAHouseListensAtBothLoopbackAddresses, with one port, also one that it finds.
func TestAHouseListensAtBothLoopbackAddresses(t *testing.T) {
	if l, err := net.Listen("tcp6", "[::1]:0"); err != nil {
		t.Skip("no IPv6:", err)
	} else {
		closeAll(t, []net.Listener{l})
	}
	both, err := door.Listen("", 0)
	if err != nil || len(both) != 2 || portOf(both[0]) != portOf(both[1]) || !both[1].Addr().(*net.TCPAddr).IP.Equal(net.IPv6loopback) {
		t.Fatalf("%v, %v", both, err)
	}
	if _, err := door.Listen("", portOf(both[0])); !errors.Is(err, syscall.EADDRINUSE) {
		t.Errorf("a port that is taken: %v", err)
	}
	// Who has the port at one of them would answer for half of "localhost".
	port := portOf(both[0])
	closeAll(t, both[:1])
	if _, err := door.Listen("", port); !errors.Is(err, syscall.EADDRINUSE) {
		t.Errorf("a port that is taken at [::1]: %v", err)
	}
	first, err := net.Listen("tcp4", net.JoinHostPort(door.Loopback, strconv.Itoa(port)))
	if err != nil {
		t.Fatalf("the refusal keeps the port: %v", err)
	}
	closeAll(t, []net.Listener{first, both[1]})
}

func TestAHouseListensWhereItIsTold(t *testing.T) {
	one, err := door.Listen("127.0.0.2", 0)
	if err != nil || len(one) != 1 || one[0].Addr().(*net.TCPAddr).IP.String() != "127.0.0.2" {
		t.Fatalf("%v, %v", one, err)
	}
	closeAll(t, one)
}
