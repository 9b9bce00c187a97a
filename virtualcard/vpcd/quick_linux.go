package vpcd

import (
	"net"
	"syscall"
)

// quick reads from a connection and has what it reads acknowledged at once. The
// option does not stick, so it is set before every read.
type quick struct{ conn net.Conn }

// Read reads as the connection does.
func (q quick) Read(p []byte) (int, error) {
	if tcp, ok := q.conn.(*net.TCPConn); ok {
		if raw, err := tcp.SyscallConn(); err == nil {
			_ = raw.Control(func(fd uintptr) {
				_ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_QUICKACK, 1)
			})
		}
	}
	return q.conn.Read(p)
}
