package delivery

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"egret/ingest/reading"
	"egret/rules/alert"

	mqtt "github.com/eclipse/paho.mqtt.golang"
	"github.com/eclipse/paho.mqtt.golang/packets"
)

// MQTTConfig says which broker alerts are published on. ClientID must not be used by any other client.
type MQTTConfig struct {
	Broker   string // tcp://host:1883, ssl://host:8883 …
	ClientID string
	User     string
	Password string
	TLS      *tls.Config // nil: as the address says
	// Connected is called at each connection; it may be nil.
	Connected func()
}

// MQTT is the channel that publishes each alert, retained and with QoS 1, on alerts/{station}/{rule}.
type MQTT struct {
	name   string
	client mqtt.Client
	// failure is why the last attempt to connect failed: paho itself only says that there is no connection.
	failure atomic.Pointer[error]
}

// longestReconnect caps the wait between two attempts to reach the broker; paho's own default is ten minutes.
const longestReconnect = 30 * time.Second

var errNotConnected = errors.New("not connected to the broker")

// NewMQTT returns the channel and starts to connect; a broker that is away is tried until Close.
func NewMQTT(name string, config MQTTConfig) *MQTT {
	options := mqtt.NewClientOptions().
		AddBroker(config.Broker).
		SetClientID(config.ClientID).
		SetUsername(config.User).
		SetPassword(config.Password).
		SetProtocolVersion(4).
		SetCleanSession(true).
		SetStore(noStore{}).
		SetAutoReconnect(true).
		SetMaxReconnectInterval(longestReconnect).
		SetConnectRetry(true).
		SetConnectRetryInterval(5 * time.Second).
		SetConnectTimeout(deliverTimeout).
		SetWriteTimeout(deliverTimeout)
	if config.TLS != nil {
		options.SetTLSConfig(config.TLS)
	}
	if config.Connected != nil {
		options.SetOnConnectHandler(func(mqtt.Client) { config.Connected() })
	}
	channel := &MQTT{name: name}
	options.SetConnectionNotificationHandler(func(_ mqtt.Client, notification mqtt.ConnectionNotification) {
		switch n := notification.(type) {
		case mqtt.ConnectionNotificationFailed:
			channel.failure.Store(&n.Reason)
		case mqtt.ConnectionNotificationLost:
			channel.failure.Store(&n.Reason)
		}
	})
	channel.client = mqtt.NewClient(options)
	channel.client.Connect()
	return channel
}

// Close ends the connection.
func (m *MQTT) Close() { m.client.Disconnect(250) }

// Name returns the channel's name.
func (m *MQTT) Name() string { return m.name }

// Deliver publishes the message and waits for the broker's PUBACK.
func (m *MQTT) Deliver(ctx context.Context, payload []byte) (retry bool, err error) {
	topic, retained, err := alertTopic(payload)
	if err != nil {
		return false, err
	}
	if !m.client.IsConnectionOpen() {
		if failure := m.failure.Load(); failure != nil && *failure != nil {
			return true, fmt.Errorf("%w: %w", errNotConnected, *failure)
		}
		return true, errNotConnected
	}
	token := m.client.Publish(topic, 1, retained, payload)
	select {
	case <-token.Done():
		if err := token.Error(); err != nil {
			return true, fmt.Errorf("publish on %s: %w", topic, err)
		}
		return false, nil
	case <-ctx.Done():
		return true, fmt.Errorf("publish on %s: no PUBACK: %w", topic, ctx.Err())
	}
}

// alertTopic returns where an alert is published, and whether the broker is to keep it: a correction of a past period
// must not take the place of what is said of the present one.
func alertTopic(payload []byte) (topic string, retained bool, err error) {
	var told struct{ Station, Rule, State string }
	if err := json.Unmarshal(payload, &told); err != nil {
		return "", false, fmt.Errorf("read message: %w", err)
	}
	station := told.Station
	if name, ok := strings.CutPrefix(station, reading.CityPrefix); ok {
		station = reading.CityPrefix + topicLevel.Replace(name)
	} else if err := reading.CheckID(strings.TrimPrefix(station, reading.PlanPrefix)); err != nil {
		return "", false, fmt.Errorf("read message: %w", err)
	}
	// Ids cannot hold / + or #, so a message never changes the topic's shape.
	if err := reading.CheckID(told.Rule); err != nil {
		return "", false, fmt.Errorf("read message: %w", err)
	}
	return "alerts/" + station + "/" + told.Rule, told.State != alert.StateCorrected, nil
}

// topicLevel takes out of a city's name what brokers do not take in a level of a topic.
var topicLevel = strings.NewReplacer("/", "_", "+", "_", "#", "_", " ", "_")

// noStore keeps nothing, so that paho sends nothing again by itself. What has to be sent again is the outbox's
// business, and when paho resends after a reconnect it completes the first token without any PUBACK.
type noStore struct{}

func (noStore) Open()                             {}
func (noStore) Put(string, packets.ControlPacket) {}
func (noStore) Get(string) packets.ControlPacket  { return nil }
func (noStore) All() []string                     { return nil }
func (noStore) Del(string)                        {}
func (noStore) Close()                            {}
func (noStore) Reset()                            {}
