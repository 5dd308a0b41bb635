package subscription

import (
	"bufio"
	"net"
	"net/url"

	mqtt "github.com/eclipse/paho.mqtt.golang"
	"github.com/eclipse/paho.mqtt.golang/packets"
	"golang.org/x/net/proxy"
)

// readBytes is what one call reads from the broker at most: a hundred messages or more where many are waiting.
const readBytes = 32 << 10

// dial connects to a broker at a tcp:// address as the client itself would, and reads through a buffer: the client
// asks for a packet in three reads, and without one each of them is a system call. TLS and WebSocket have their own.
func dial(address *url.URL, options mqtt.ClientOptions) (net.Conn, error) {
	connection, err := proxy.FromEnvironmentUsing(options.Dialer).Dial("tcp", address.Host)
	if err != nil {
		return nil, err
	}
	return &buffered{Conn: connection, reader: bufio.NewReaderSize(connection, readBytes)}, nil
}

// buffered is a connection that is read through a buffer.
type buffered struct {
	net.Conn
	reader *bufio.Reader
}

// Read implements [net.Conn].
func (b *buffered) Read(to []byte) (int, error) { return b.reader.Read(to) }

// noStore keeps nothing. What is not acknowledged the broker sends again after a reconnect; a store in memory would
// only have the client hand it over a second time.
type noStore struct{}

func (noStore) Open()                             {}
func (noStore) Put(string, packets.ControlPacket) {}
func (noStore) Get(string) packets.ControlPacket  { return nil }
func (noStore) All() []string                     { return nil }
func (noStore) Del(string)                        {}
func (noStore) Close()                            {}
func (noStore) Reset()                            {}
