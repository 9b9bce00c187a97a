//go:build !linux

package vpcd

import "net"

// quick reads from a connection. Only Linux lets a reader ask for an immediate
// acknowledgement; elsewhere a command may take 50 ms.
type quick struct{ conn net.Conn }

// Read reads as the connection does.
func (q quick) Read(p []byte) (int, error) { return q.conn.Read(p) }
