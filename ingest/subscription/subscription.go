package subscription

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"egret/ingest/intake"
	"egret/ingest/reading"

	mqtt "github.com/eclipse/paho.mqtt.golang"
)

// Config says where the broker is and what to take from it.
type Config struct {
	URL       string
	ClientID  string
	User      string
	Password  string
	TLS       *tls.Config
	Templates []Template
	// Everything subscribes to all topics, so that a message on a topic that no template takes is refused with a
	// reason instead of being lost: for the embedded broker, which Egret has to itself.
	Everything bool
	// Own is the prefix of the topics that Egret itself publishes to; they are passed over.
	Own string
	// Subscribed is called after each subscribing; it may be nil.
	Subscribed func()
}

// Offer hands a message to the intake; see [intake.Intake.Offer].
type Offer func(ctx context.Context, m intake.Message) error

const (
	keepAlive = 30 * time.Second
	// maxReconnectInterval bounds the back-off: a station's broker that is back is used within half a minute.
	maxReconnectInterval = 30 * time.Second
	resubscribeAfter     = 10 * time.Second
	quiesce              = 250 // ms for what is being sent when the connection is closed
)

// Subscription is a persistent session at a broker. Messages are acknowledged only by the intake, in order.
type Subscription struct {
	config  Config
	offer   Offer
	log     *slog.Logger
	metrics *Metrics
	client  mqtt.Client
	ctx     context.Context
	problem atomic.Pointer[error] // why no messages come; nil when subscribed
}

// New returns a subscription that is not connected yet.
func New(config Config, offer Offer, metrics *Metrics, log *slog.Logger) *Subscription {
	s := &Subscription{config: config, offer: offer, metrics: metrics, log: log}
	pending := errors.New("not connected yet")
	s.problem.Store(&pending)
	options := mqtt.NewClientOptions().
		AddBroker(config.URL).
		SetClientID(config.ClientID).
		SetUsername(config.User).
		SetPassword(config.Password).
		SetCleanSession(false).
		SetStore(noStore{}).
		SetAutoAckDisabled(true).
		SetOrderMatters(true).
		SetKeepAlive(keepAlive).
		SetConnectRetry(true).
		SetConnectRetryInterval(time.Second).
		SetAutoReconnect(true).
		SetMaxReconnectInterval(maxReconnectInterval).
		SetDefaultPublishHandler(s.handle). // before connecting: a kept session's messages come before any subscribing
		SetOnConnectHandler(s.subscribe).
		SetConnectionLostHandler(s.lost)
	if config.TLS != nil {
		options.SetTLSConfig(config.TLS)
	}
	if strings.HasPrefix(config.URL, "tcp://") {
		options.SetCustomOpenConnectionFn(dial)
	}
	options.SetConnectionNotificationHandler(func(_ mqtt.Client, n mqtt.ConnectionNotification) {
		if failed, ok := n.(mqtt.ConnectionNotificationFailed); ok && s.ctx.Err() == nil {
			s.fail(fmt.Errorf("connect to %s: %w", config.URL, failed.Reason))
		}
	})
	s.client = mqtt.NewClient(options)
	return s
}

// Run connects, stays connected and takes messages until ctx ends.
func (s *Subscription) Run(ctx context.Context) error {
	s.ctx = ctx
	s.client.Connect()
	<-ctx.Done()
	s.client.Disconnect(quiesce)
	return ctx.Err()
}

// Problem returns why no messages come from the broker, nil while subscribed.
func (s *Subscription) Problem() error {
	if p := s.problem.Load(); p != nil {
		return *p
	}
	return nil
}

func (s *Subscription) fail(err error) {
	if last := s.problem.Swap(&err); last == nil || (*last).Error() != err.Error() {
		s.log.Warn("no messages from the broker", "broker", s.config.URL, "reason", err.Error())
	}
	s.metrics.connected.Set(0)
}

func (s *Subscription) lost(_ mqtt.Client, err error) {
	s.metrics.lost.Inc()
	s.fail(fmt.Errorf("connection lost: %w", err))
}

// subscribeLater tries again on a connection that stays: the right to read may be given meanwhile.
func (s *Subscription) subscribeLater(client mqtt.Client) {
	time.AfterFunc(resubscribeAfter, func() {
		if s.ctx.Err() == nil && client.IsConnectionOpen() && s.Problem() != nil {
			s.subscribe(client)
		}
	})
}

// subscribe runs at each connection, since a broker may have forgotten the session.
func (s *Subscription) subscribe(client mqtt.Client) {
	filters := make(map[string]byte)
	if s.config.Everything {
		filters["#"] = 1
	} else {
		for _, t := range s.config.Templates {
			filters[t.filter()] = t.QoS
		}
	}
	token := client.SubscribeMultiple(filters, nil)
	token.Wait()
	if err := token.Error(); err != nil {
		s.fail(fmt.Errorf("subscribe: %w", err))
		s.subscribeLater(client)
		return
	}
	if subscribed, ok := token.(*mqtt.SubscribeToken); ok {
		for filter, granted := range subscribed.Result() {
			if granted > 2 {
				s.fail(fmt.Errorf("the broker refuses the subscription to %s: give the user %q the right to read it", filter, s.config.User))
				s.subscribeLater(client)
				return
			}
		}
	}
	s.problem.Store(nil)
	s.metrics.connected.Set(1)
	s.log.Info("subscribed", "broker", s.config.URL)
	if s.config.Subscribed != nil {
		s.config.Subscribed()
	}
}

// handle runs in the client's one routing goroutine, so messages keep their order; it only hands them over. What a broker
// has kept and gives out on subscribing is an old message, and would come again at each subscribing.
func (s *Subscription) handle(_ mqtt.Client, m mqtt.Message) {
	topic := m.Topic()
	if s.config.Own != "" && strings.HasPrefix(topic, s.config.Own) {
		m.Ack()
		return
	}
	message := intake.Message{Source: topic, Payload: m.Payload(), Received: time.Now().UnixNano(), Acknowledge: m.Ack}
	template := Route(s.config.Templates, &message)
	if m.Retained() {
		if template == nil || !template.Retained {
			s.metrics.retained.Inc()
			s.log.Debug("retained message passed over", "topic", topic)
			m.Ack()
			return
		}
		message.Transport |= reading.Retained
	}
	if m.Duplicate() {
		message.Transport |= reading.Redelivered
		s.metrics.redelivered.Inc()
	}
	if err := s.offer(s.ctx, message); err != nil {
		s.log.Debug("message not taken", "topic", topic, "reason", err.Error())
	}
}

// Route fills in what the first template that fits the message's source says, and returns that; nil where none fits:
// the intake refuses the message with that reason.
func Route(templates []Template, m *intake.Message) *Template {
	for i := range templates {
		t := &templates[i]
		if station, parameter, ok := t.match(m.Source); ok {
			m.Station, m.Parameter, m.Unnamed = station, parameter, !t.named
			m.Format, m.Decode, m.Flags = t.Format, t.Decode, t.Flags
			return t
		}
	}
	return nil
}
