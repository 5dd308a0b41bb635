package simulate

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// HJ212Config says where and how HJ 212 frames are sent over TCP. Zero fields take the defaults.
type HJ212Config struct {
	Address string // host:port
	Source  Source // of frames that want an answer, each with a QN of its own, such as [HJ212Load]
	Loggers int    // connections; default 1. Connection c sends the messages c, c+Loggers, c+2·Loggers …
	Window  int    // unanswered frames per connection; default 1: most loggers wait for each answer
	// MarkResent puts RF=1 into frames that are sent again, as HJ 212-2025 has it.
	MarkResent bool
	// Progress, if set, is called every second and once at the end, from one goroutine at a time.
	Progress func(Report)
}

// HJ212Report counts what happened so far. Acknowledged are frames for which a 9014 came.
type HJ212Report struct {
	Report
	Resent int // frames that were sent once more, after a reconnect, each time
}

// RunHJ212 sends what the source holds and returns when everything is answered or ctx has ended, as [Run] does: a run
// that ends without error has Acknowledged = Sent = the source's Count. It fails at once if nobody listens at the start,
// or if a frame is refused (9011); later it reconnects until ctx ends.
func RunHJ212(ctx context.Context, config HJ212Config) (HJ212Report, error) {
	if err := config.complete(); err != nil {
		return HJ212Report{}, ConfigError{err}
	}
	tally := &tally{begin: time.Now()}
	var resent atomic.Int64
	stopProgress := tally.show(config.Progress)
	failures := make([]error, config.Loggers)
	var sending sync.WaitGroup
	for i := range failures {
		l := &hj212Logger{config: &config, tally: tally, resent: &resent, next: i, answered: make(chan struct{}, 1)}
		sending.Go(func() { failures[i] = l.run(ctx) })
	}
	sending.Wait()
	stopProgress()
	err := errors.Join(failures...)
	if config.Source.Count() == 0 && ctx.Err() != nil {
		err = nil
	}
	if err != nil {
		err = fmt.Errorf("simulate HJ 212 data loggers: %w", err)
	}
	return HJ212Report{Report: tally.report(), Resent: int(resent.Load())}, err
}

func (c *HJ212Config) complete() error {
	if c.Loggers == 0 {
		c.Loggers = 1
	}
	if c.Window == 0 {
		c.Window = 1
	}
	switch _, _, err := net.SplitHostPort(c.Address); {
	case err != nil:
		return fmt.Errorf("%q is not an address such as 127.0.0.1:9212", c.Address)
	case c.Source == nil:
		return errors.New("there is no source of frames")
	case c.Loggers < 1:
		return fmt.Errorf("%d connections: at least one is needed", c.Loggers)
	case c.Window < 1 || c.Window > maxWindow:
		return fmt.Errorf("window %d is outside 1 to %d", c.Window, maxWindow)
	}
	if load, ok := c.Source.(*HJ212Load); ok {
		return load.check()
	}
	return nil
}
