// Package embedded runs the servers Egret needs inside its own process: an MQTT broker and a time-series database.
package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/nats-io/nats-server/v2/server"
)

const (
	// DefaultBrokerMaxBytes keeps weeks of a city's readings and still leaves room on a small disk.
	DefaultBrokerMaxBytes int64 = 10 << 30

	// BrokerMaxPayload is the largest MQTT packet a station may send, in bytes. The broker closes the connection of
	// a station that sends more, and the station's library usually sends the same message again for ever.
	BrokerMaxPayload = 16 << 20

	// brokerAckWait is how long the broker waits before it sends an unacknowledged message again. It counts over a
	// reconnection too: what was on its way when Egret's connection broke comes again only after this time (after a
	// restart at once, see redeliverBrokerStore), so it is not longer than a very slow fsync.
	brokerAckWait = 30 * time.Second

	// brokerAckPending is the window of one subscription. A session may have 65,535 in all and a filter ending in #
	// counts twice, so this allows 31 subscriptions; Egret commits far more often than once in 2,048 messages.
	brokerAckPending = 2048

	// brokerStoreTimeout is how long a publish may wait for the disk before the station has to send it again.
	brokerStoreTimeout = 30 * time.Second

	// brokerWriteTimeout is how long a subscriber may leave its connection unread: one that waits for its disk is not
	// dead, and closing its connection would only send everything again.
	brokerWriteTimeout = 5 * time.Minute

	// brokerMaxPending is what may wait in memory for one slow subscriber, in bytes: several of the largest messages.
	brokerMaxPending = 256 << 20

	brokerStopTimeout = 2 * time.Second
)

// BrokerConfig says where the embedded broker listens and keeps its messages.
type BrokerConfig struct {
	Directory string // sessions, retained and undelivered messages; made if it does not exist
	Listen    string // host:port of the MQTT listener; port 0 takes any free port
	MaxBytes  int64  // limit of undelivered messages, in bytes; retained ones may take another quarter; 0 means DefaultBrokerMaxBytes
	Logger    *slog.Logger

	syncOnTimer bool // benchmarks only: fsync every two minutes instead of every message
}

// Broker is an MQTT 3.1.1 broker in this process. A QoS 1 message is acknowledged to the station after it has been
// fsynced in the broker's directory, if a session subscribes to its topic; a message that nobody subscribes to is
// acknowledged and dropped.
type Broker struct {
	server *server.Server
	gate   *brokerGate
	log    *brokerLog
	url    string
	close  func() error
}

// StartBroker opens the store and the MQTT listener. Until Admit is called only Egret's own account may connect. The
// error says whether the address or the directory is at fault and what to do.
func StartBroker(cfg BrokerConfig) (*Broker, error) {
	if cfg.MaxBytes == 0 {
		cfg.MaxBytes = DefaultBrokerMaxBytes
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	host, port, err := brokerAddress(cfg.Listen)
	if err != nil {
		return nil, err
	}
	lock, err := brokerLock(cfg.Directory)
	if err != nil {
		return nil, err
	}

	log := &brokerLog{log: cfg.Logger}
	gate := newBrokerGate(cfg.Logger)
	options := &server.Options{
		ServerName:                 "egret",
		DontListen:                 true,
		NoSigs:                     true,
		MaxPayload:                 BrokerMaxPayload,
		MaxPending:                 brokerMaxPending,
		WriteDeadline:              brokerWriteTimeout,
		CustomClientAuthentication: gate,
		JetStream:                  true,
		StoreDir:                   cfg.Directory,
		JetStreamMaxStore:          brokerStoreLimit(cfg.MaxBytes),
		SyncAlways:                 !cfg.syncOnTimer,
		MQTT: server.MQTTOpts{
			Host:          host,
			Port:          port,
			AckWait:       brokerAckWait,
			MaxAckPending: brokerAckPending,
			JSAPITimeout:  brokerStoreTimeout,
		},
	}
	srv, err := server.NewServer(options)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("prepare the embedded broker: %w", err), lock.Close())
	}
	srv.SetLoggerV2(log, log.debug(), false, false)
	srv.Start() // returns when the listener is open, because there is no NATS port to serve
	b := &Broker{server: srv, gate: gate, log: log}
	b.close = sync.OnceValue(func() error { return errors.Join(b.stop(), lock.Close()) })
	if err := log.fatal(); err != nil {
		err = brokerStartError(cfg, err)
		return nil, errors.Join(err, b.Close())
	}
	if err := prepareBrokerStore(context.Background(), srv, brokerUser, gate.password, cfg.MaxBytes); err != nil {
		return nil, errors.Join(err, b.Close())
	}
	b.url = "tcp://" + net.JoinHostPort(brokerReachable(host), strconv.Itoa(options.MQTT.Port))
	return b, nil
}

// URL is where a client on this machine reaches the broker, for example tcp://127.0.0.1:1883.
func (b *Broker) URL() string { return b.url }

// Credentials are the user and password of Egret's own account. The password is made anew at each start. A client id
// that this account has used is refused to everybody else, so that nobody can take over Egret's session.
func (b *Broker) Credentials() (user, password string) { return brokerUser, b.gate.password }

// Admit lets stations connect. Call it when Egret has subscribed: a QoS 1 message that arrives before is acknowledged
// and dropped, because no session asks for it yet.
func (b *Broker) Admit() { b.gate.admitted.Store(true) }

// Suspend refuses stations until the next Admit, and ends the connections of those that are there, so that nothing
// more is acknowledged to them. Calling it again ends those that slipped in meanwhile.
func (b *Broker) Suspend() error {
	b.gate.admitted.Store(false)
	connections, err := b.server.Connz(&server.ConnzOptions{Username: true, Limit: math.MaxInt32})
	if err != nil {
		return fmt.Errorf("list the embedded broker's connections: %w", err)
	}
	for _, c := range connections.Conns {
		if c.AuthorizedUser == brokerUser {
			continue
		}
		if err := b.server.DisconnectClientByID(c.Cid); err != nil {
			b.gate.log.Debug("station was gone already", "connection", c.Cid, "reason", err.Error())
		}
	}
	return nil
}

// Refused is the number of publishes since the start that were refused: outside the sender's permission, larger than
// BrokerMaxPayload, or malformed (a space in the topic, for example).
func (b *Broker) Refused() uint64 { return b.log.refused.Load() }

// Err is nil while the broker can store messages. While it is full it says so. After the file system has refused a write (a full disk) it says so,
// and nothing more is acknowledged until Egret is started anew; what was acknowledged before is still delivered.
func (b *Broker) Err() error { return b.log.failure() }

// Close stops the broker within two seconds. What was acknowledged stays in the directory. Calls after the first
// return the same result.
func (b *Broker) Close() error { return b.close() }

func (b *Broker) stop() error {
	stopped := make(chan struct{})
	go func() {
		b.server.Shutdown()
		b.server.WaitForShutdown()
		close(stopped)
	}()
	select {
	case <-stopped:
		return nil
	case <-time.After(brokerStopTimeout):
		return fmt.Errorf("stop the embedded broker: still busy after %v; acknowledged messages are safe", brokerStopTimeout)
	}
}

// brokerAddress splits host:port; the server takes -1 for any free port.
func brokerAddress(listen string) (host string, port int, err error) {
	host, text, err := net.SplitHostPort(listen)
	if err != nil {
		return "", 0, fmt.Errorf("read broker.listen %q: %w; write host:port, for example 127.0.0.1:1883", listen, err)
	}
	number, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return "", 0, fmt.Errorf("read broker.listen %q: the port must be a number from 0 to 65535", listen)
	}
	if number == 0 {
		return host, -1, nil
	}
	return host, int(number), nil
}

// brokerReachable is the address that a client on this machine uses for a listener on all interfaces.
func brokerReachable(host string) string {
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		return "127.0.0.1"
	}
	return host
}

// brokerLock makes the directory and takes it for this process: the store has no lock of its own, and two brokers in
// one directory would destroy it.
func brokerLock(directory string) (lock interface{ Close() error }, err error) {
	if err := os.MkdirAll(directory, 0o750); err != nil {
		return nil, fmt.Errorf("make the broker's directory %s: %w; name a writable one under data", directory, err)
	}
	lock, err = vfs.Default.Lock(filepath.Join(directory, "LOCK"))
	if errors.Is(err, os.ErrPermission) {
		return nil, fmt.Errorf("write in the broker's directory: %w; give this user the directory or name another under data", err)
	}
	if err != nil {
		return nil, fmt.Errorf("lock the broker's directory %s: %w; stop the other process that uses it or name another directory under data", directory, err)
	}
	return lock, nil
}

func brokerStartError(cfg BrokerConfig, err error) error {
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("start the embedded broker: %s is taken by another process; stop it or name another address under broker.listen: %w", cfg.Listen, err)
	}
	var network *net.OpError
	if errors.As(err, &network) {
		return fmt.Errorf("start the embedded broker: cannot listen on %s; name another address under broker.listen: %w", cfg.Listen, err)
	}
	return fmt.Errorf("start the embedded broker: cannot open the store in %s; check that it is writable and the disk is not full: %w", cfg.Directory, err)
}
