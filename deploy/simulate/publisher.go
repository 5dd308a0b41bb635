package simulate

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"sync"
	"sync/atomic"
	"time"
)

// Config says where and how messages are published. Zero fields take the defaults.
type Config struct {
	Broker   string // tcp://host:1883 or ssl://host:8883
	User     string
	Password string
	ClientID string // the prefix of the connections' client ids; default [DefaultClientID]
	Source   Source
	Clients  int  // connections; default 1. Connection c sends the messages c, c+Clients, c+2·Clients …
	QoS      byte // 0 or 1
	Window   int  // QoS 1: unacknowledged messages per connection; default [DefaultWindow]
	// Progress, if set, is called every second and once at the end, from one goroutine at a time.
	Progress func(Report)
}

// ConfigError is a configuration that cannot be meant.
type ConfigError struct{ error }

func (e ConfigError) Unwrap() error { return e.error }

// DefaultClientID is the prefix of client ids. Two publishers at one broker need different ones.
const DefaultClientID = "egret-simulate"

// DefaultWindow keeps a connection busy over a network with some milliseconds of delay, and is less than a broker
// queues for one client.
const DefaultWindow = 100

// maxWindow leaves most message ids unused, so that a late acknowledgement never meets a new message with its id.
const maxWindow = 10_000

// Report counts what happened so far.
type Report struct {
	Sent         int // messages handed to the connections; what is sent again after a reconnect counts once
	Acknowledged int // messages for which a PUBACK came; with QoS 0: which were written
	Lost         int // connections that broke; they are made again and resume their session
	Elapsed      time.Duration
}

// Run publishes what the source holds and returns when everything is acknowledged or ctx has ended, with what was
// done so far in either case. With QoS 1 a run that ends without error has Acknowledged = Sent = the source's Count.
// It fails at once if the broker cannot be reached at the start; later it reconnects until ctx ends. The error of a
// ctx that ended is the context's, except for a source without end, for which that is how it ends.
func Run(ctx context.Context, config Config) (Report, error) {
	if err := config.complete(); err != nil {
		return Report{}, ConfigError{err}
	}
	tally := &tally{begin: time.Now()}
	connections, err := connectAll(ctx, &config, tally)
	if err != nil {
		return tally.report(), fmt.Errorf("publish simulated stations: %w", err)
	}
	stopProgress := tally.show(config.Progress)
	failures := make([]error, len(connections))
	var publishing sync.WaitGroup
	for i, c := range connections {
		publishing.Go(func() { failures[i] = c.publish(ctx, config.Source, i, config.Clients) })
	}
	publishing.Wait()
	closeAll(connections)
	stopProgress()
	err = errors.Join(failures...)
	if config.Source.Count() == 0 && ctx.Err() != nil {
		err = nil
	}
	if err != nil {
		err = fmt.Errorf("publish simulated stations: %w", err)
	}
	return tally.report(), err
}

// complete fills in the defaults and says what is wrong.
func (c *Config) complete() error {
	if c.ClientID == "" {
		c.ClientID = DefaultClientID
	}
	if c.Clients == 0 {
		c.Clients = 1
	}
	if c.Window == 0 {
		c.Window = DefaultWindow
	}
	broker, err := url.Parse(c.Broker)
	switch {
	case err != nil || broker.Host == "":
		return fmt.Errorf("broker %q is not an address such as tcp://127.0.0.1:1883", c.Broker)
	case c.Source == nil:
		return errors.New("there is no source of messages")
	case c.Clients < 1:
		return fmt.Errorf("%d connections: at least one is needed", c.Clients)
	case c.QoS > 1:
		return fmt.Errorf("QoS %d: use 0 or 1", c.QoS)
	case c.Window < 1 || c.Window > maxWindow:
		return fmt.Errorf("window %d is outside 1 to %d", c.Window, maxWindow)
	}
	if load, ok := c.Source.(*Load); ok {
		return load.check()
	}
	if demo, ok := c.Source.(*Demo); ok && (len(demo.Stations) == 0 || demo.Speed <= 0 || demo.Model == nil) {
		return errors.New("a demonstration needs stations, a model and a speed above 0")
	}
	return nil
}

func (l *Load) check() error {
	switch {
	case l.Messages < 1 || l.Stations < 1:
		return fmt.Errorf("load of %d messages from %d stations: both must be at least 1", l.Messages, l.Stations)
	case l.Values < 1 || l.Values > len(LoadParameters):
		return fmt.Errorf("load with %d values a message: use 1 to %d", l.Values, len(LoadParameters))
	case l.Interval < time.Millisecond:
		return fmt.Errorf("load with an interval of %s: messages of a station must be at least 1 ms apart", l.Interval)
	case l.Rate < 0:
		return fmt.Errorf("load with a rate of %g messages a second", l.Rate)
	case l.Format == HJ212:
		return l.checkHJ212()
	}
	return nil
}

// tally counts for all connections.
type tally struct {
	begin                    time.Time
	sent, acknowledged, lost atomic.Int64
}

func (t *tally) report() Report {
	return Report{Sent: int(t.sent.Load()), Acknowledged: int(t.acknowledged.Load()), Lost: int(t.lost.Load()), Elapsed: time.Since(t.begin)}
}

// show calls progress every second until stop is called, and a last time then.
func (t *tally) show(progress func(Report)) (stop func()) {
	if progress == nil {
		return func() {}
	}
	ended := make(chan struct{})
	var showing sync.WaitGroup
	showing.Go(func() {
		ticker := time.NewTicker(time.Second)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				progress(t.report())
			case <-ended:
				progress(t.report())
				return
			}
		}
	})
	return func() { close(ended); showing.Wait() }
}
