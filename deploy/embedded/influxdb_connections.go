package embedded

import (
	"net"
	"net/http"
	"sync"
)

// influxSilent are the connections on which nothing has been asked yet. Clients open more than they need, and a
// server that shuts down waits five seconds for a first request on each.
type influxSilent struct {
	mutex       sync.Mutex
	connections map[net.Conn]bool
	closed      bool
}

// watch makes the server close such connections when it shuts down.
func (s *influxSilent) watch(server *http.Server) {
	s.connections = make(map[net.Conn]bool)
	server.ConnState = s.note
	server.RegisterOnShutdown(s.close)
}

func (s *influxSilent) note(connection net.Conn, state http.ConnState) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	switch {
	case state != http.StateNew:
		delete(s.connections, connection)
	case s.closed:
		_ = connection.Close() // it has said nothing and is told nothing
	default:
		s.connections[connection] = true
	}
}

func (s *influxSilent) close() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.closed = true
	for connection := range s.connections {
		_ = connection.Close() // as above
	}
}
