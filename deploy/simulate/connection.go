package simulate

import (
	"context"
	"fmt"
	"sync"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"
)

const (
	connectTimeout   = 10 * time.Second
	longestReconnect = 5 * time.Second // a simulated station has nothing better to do than to come back
)

// connection is one MQTT session and the messages it has not yet been acknowledged.
type connection struct {
	client mqtt.Client
	window *window
	tally  *tally
	qos    byte
	level  string // the last one of its topics
}

// connectAll opens all connections side by side; if one fails, all are closed and the errors returned.
func connectAll(ctx context.Context, config *Config, tally *tally) ([]*connection, error) {
	connections := make([]*connection, config.Clients)
	failures := make([]error, config.Clients)
	var connecting sync.WaitGroup
	for i := range connections {
		connections[i] = newConnection(config, i, tally)
		connecting.Go(func() {
			token := connections[i].client.Connect()
			select {
			case <-token.Done():
				failures[i] = token.Error()
			case <-ctx.Done():
				failures[i] = ctx.Err()
			}
		})
	}
	connecting.Wait()
	for _, err := range failures {
		if err != nil {
			closeAll(connections)
			return nil, fmt.Errorf("connect to %s: %w", config.Broker, err)
		}
	}
	return connections, nil
}

func newConnection(config *Config, number int, tally *tally) *connection {
	c := &connection{window: newWindow(config.Window, &tally.acknowledged), tally: tally, qos: config.QoS, level: levelOf(config.Source)}
	c.client = mqtt.NewClient(mqtt.NewClientOptions().
		AddBroker(config.Broker).
		SetClientID(fmt.Sprintf("%s-%d", config.ClientID, number)).
		SetUsername(config.User).
		SetPassword(config.Password).
		SetProtocolVersion(4).
		SetCleanSession(false).
		SetStore(c.window).
		SetAutoReconnect(true).
		SetMaxReconnectInterval(longestReconnect).
		SetConnectTimeout(connectTimeout).
		SetConnectionLostHandler(func(mqtt.Client, error) { tally.lost.Add(1) }))
	return c
}

// levelOf returns the last level of the topics that take what a source writes.
func levelOf(source Source) string {
	switch s := source.(type) {
	case *Load:
		return s.Format.level()
	case *Demo:
		return s.Format.level()
	}
	return JSON.level()
}

func closeAll(connections []*connection) {
	var closing sync.WaitGroup
	for _, c := range connections {
		closing.Go(func() { c.client.Disconnect(250) })
	}
	closing.Wait()
}

// publish sends the messages first, first+step … when they are due, and returns when all are acknowledged. When ctx
// ends it returns the context's error at once.
func (c *connection) publish(ctx context.Context, source Source, first, step int) error {
	count := source.Count()
	size := 256
	for message := first; count == 0 || message < count; message += step {
		if err := waitUntil(ctx, source.Due(message)); err != nil {
			return err
		}
		if err := c.send(ctx, source, message, &size); err != nil {
			return err
		}
	}
	return c.window.drain(ctx)
}

// send publishes one message. size is the length of the one before: payloads stay in the window until they are
// acknowledged, so each has its own memory.
func (c *connection) send(ctx context.Context, source Source, message int, size *int) error {
	payload, station := source.Append(make([]byte, 0, *size+16), message)
	*size = len(payload)
	if c.qos == 1 {
		if err := c.window.enter(ctx); err != nil {
			return err
		}
	}
	token := c.client.Publish("stations/"+station+"/"+c.level, c.qos, false, payload)
	c.tally.sent.Add(1)
	if c.qos == 1 {
		// The token is of no use: paho completes it without a PUBACK when it sends the message again. The window
		// knows. A message that paho could not write is in the window and goes out after the next reconnect.
		return nil
	}
	select {
	case <-token.Done():
		// Without a connection paho completes the token all the same, and the message is gone.
		if token.Error() == nil && c.client.IsConnectionOpen() {
			c.tally.acknowledged.Add(1)
		}
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// waitUntil sleeps until the instant. What is due within a millisecond goes at once: sleeping costs more than a message.
func waitUntil(ctx context.Context, due time.Time) error {
	if due.IsZero() {
		return nil
	}
	wait := time.Until(due)
	if wait < time.Millisecond {
		return ctx.Err()
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
