package door

import (
	"errors"
	"net"
	"strconv"
	"syscall"
)

// Loopback is the address by which a house is found at this machine alone.
const Loopback = "127.0.0.1"

// pairTries is how many free ports are tried to find one that is free at both
// addresses.
const pairTries = 20

// Listen opens the listeners of a house: at an address, or for an empty one at both
// loopback addresses with the same port, since "localhost" may lead to either. Where
// the machine has no IPv6, it is one. Port 0 is any free one.
func Listen(address string, port int) ([]net.Listener, error) {
	if address != "" {
		l, err := net.Listen("tcp", net.JoinHostPort(address, strconv.Itoa(port)))
		if err != nil {
			return nil, err
		}
		return []net.Listener{l}, nil
	}
	for try := 1; ; try++ {
		pair, err := listenPair(port)
		if err == nil || port != 0 || try == pairTries || !errors.Is(err, syscall.EADDRINUSE) {
			return pair, err
		}
	}
}

func listenPair(port int) ([]net.Listener, error) {
	first, err := net.Listen("tcp4", net.JoinHostPort(Loopback, strconv.Itoa(port)))
	if err != nil {
		return nil, err
	}
	second, err := net.Listen("tcp6", net.JoinHostPort("::1", strconv.Itoa(first.Addr().(*net.TCPAddr).Port)))
	switch {
	case err == nil:
		return []net.Listener{first, second}, nil
	case errors.Is(err, syscall.EADDRINUSE) || errors.Is(err, syscall.EACCES):
		return nil, errors.Join(err, first.Close())
	}
	return []net.Listener{first}, nil // no IPv6 here
}
