// Package delivery takes messages from the outbox and hands them to the channels through which they leave Egret.
// A message is tried until its channel takes it or refuses it for good; channels do not wait for each other.
package delivery

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"egret/rules/outbox"
)

// Channel is a way out of Egret.
type Channel interface {
	// Name is the channel's name in the outbox, in metrics and in logs.
	Name() string
	// Deliver sends one message. It returns nil only when the other side has taken it. After an error, retry says
	// whether trying again makes sense; the payload is not changed and not kept.
	Deliver(ctx context.Context, payload []byte) (retry bool, err error)
}

// Outbox is what delivery needs of [outbox.Outbox].
type Outbox interface {
	Read(ctx context.Context, channel string, after uint64, maxBytes int) ([]outbox.Entry, error)
	Attempt(channel string, entry *outbox.Entry) error
	Done(channel string, through uint64, sync bool) error
	Pending(channel string) (count, oldestSequence uint64)
}

const (
	// deliverTimeout is what one attempt may take: longer than a slow web service needs, short enough that a dead
	// one is soon reported as failing.
	deliverTimeout = 10 * time.Second
	// readBytes bounds what is held in memory while a channel is away: some hundred alerts.
	readBytes = 256 << 10
)

// Run delivers the channel's messages one after the other, in order, until ctx ends (it returns nil) or the outbox
// fails (its error). Each channel has one Run. jitter returns numbers from 0 up to 1, such as [math/rand/v2.Float64]:
// it spreads the attempts of many senders.
//
// A message that was tried before this Run began may have been received: when it leaves again, it is counted as repeated.
func Run(ctx context.Context, box Outbox, channel Channel, metrics *Metrics, logger *slog.Logger, jitter func() float64) error {
	logger = logger.With("channel", channel.Name())
	metrics.watch(channel.Name(), box)
	defer metrics.forget(channel.Name())
	sender := sender{box: box, channel: channel, counts: metrics.of(channel.Name()), logger: logger, jitter: jitter}
	var after uint64
	for {
		entries, err := box.Read(ctx, channel.Name(), after, readBytes)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return fmt.Errorf("deliver by %s: %w", channel.Name(), err)
		}
		for i := range entries {
			if err = sender.send(ctx, &entries[i]); err != nil {
				break
			}
			after = entries[i].Sequence
		}
		// The attempt at the next message records that one is done; behind the last there is no other to do so.
		if done := box.Done(channel.Name(), after, true); done != nil {
			return fmt.Errorf("deliver by %s: %w", channel.Name(), done)
		}
		if err != nil && ctx.Err() == nil {
			return fmt.Errorf("deliver by %s: %w", channel.Name(), err)
		}
	}
}

// sender is one channel's Run.
type sender struct {
	box     Outbox
	channel Channel
	counts  counts
	logger  *slog.Logger
	jitter  func() float64
}

// send tries one message until it is taken or refused; its caller records that. Its error is the outbox's or, when ctx
// ends, the context's.
func (s *sender) send(ctx context.Context, entry *outbox.Entry) error {
	repeated := entry.Attempts > 0
	if repeated {
		s.logger.Warn("message may have left before the restart and is sent again", "sequence", entry.Sequence, "attempts", entry.Attempts)
	}
	for failures := 0; ; failures++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := s.box.Attempt(s.channel.Name(), entry); err != nil {
			return err
		}
		retry, err := s.deliver(ctx, entry.Payload)
		switch {
		case err == nil:
			s.counts.sent.Inc()
			if repeated {
				s.counts.repeated.Inc()
			}
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case !retry:
			s.counts.refused.Inc()
			s.logger.Error("message is refused and given up", "sequence", entry.Sequence, "payload", string(entry.Payload), "err", err)
			return nil
		}
		s.counts.failed.Inc()
		wait := pause(failures, s.jitter(), err)
		s.logger.Warn("message could not be delivered and will be tried again", "sequence", entry.Sequence, "failures", failures+1, "wait", wait, "err", err)
		if err := sleep(ctx, wait); err != nil {
			return err
		}
	}
}

func (s *sender) deliver(ctx context.Context, payload []byte) (retry bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, deliverTimeout)
	defer cancel()
	return s.channel.Deliver(ctx, payload)
}

const (
	firstPause = time.Second
	// longestPause keeps an alert from waiting much longer than a channel is away.
	longestPause = time.Minute
	// longestRetryAfter bounds what a receiver may ask for: an alert that is hours old helps nobody.
	longestRetryAfter = time.Hour
)

// pause returns how long to wait after so many earlier failures: one second doubling to a minute, up to a quarter
// longer by jitter, and never shorter than the receiver asked for.
func pause(failures int, jitter float64, err error) time.Duration {
	wait := min(firstPause<<min(failures, 6), longestPause)
	wait += time.Duration(jitter * float64(wait) / 4)
	var asked *RetryAfterError
	if errors.As(err, &asked) {
		wait = max(wait, min(asked.After, longestRetryAfter))
	}
	return wait
}

// RetryAfterError is a failure whose receiver said how long to wait before the next attempt.
type RetryAfterError struct {
	After time.Duration
	Err   error
}

func (e *RetryAfterError) Error() string { return e.Err.Error() }
func (e *RetryAfterError) Unwrap() error { return e.Err }

func sleep(ctx context.Context, wait time.Duration) error {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
