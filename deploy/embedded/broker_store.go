package embedded

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// brokerStoreShare is the part of MaxBytes that retained messages and half-received QoS 2 messages may each take
// beside the undelivered messages.
const brokerStoreShare = 8

// brokerSessionReserve is kept free for sessions, in bytes. Connecting writes to the store, so a store that stations
// could fill to the last byte would shut out Egret, which alone can empty it.
const brokerSessionReserve = 64 << 20

// brokerStoreLimit is the limit of the whole store for a limit of undelivered messages, in bytes.
func brokerStoreLimit(maxBytes int64) int64 {
	return maxBytes + 2*(maxBytes/brokerStoreShare) + brokerSessionReserve
}

// brokerRedelivery marks the delivery subject of a subscription while redeliverBrokerStore changes it.
const brokerRedelivery = ".redelivery"

// prepareBrokerStore is what has to be done before the first session comes.
func prepareBrokerStore(ctx context.Context, srv *server.Server, user, password string, maxBytes int64) error {
	ctx, cancel := context.WithTimeout(ctx, brokerStoreTimeout)
	defer cancel()
	connection, err := nats.Connect("", nats.InProcessServer(srv), nats.UserInfo(user, password), nats.Timeout(10*time.Second))
	if err != nil {
		return fmt.Errorf("connect to the embedded broker's store: %w", err)
	}
	defer connection.Close()
	store, err := jetstream.New(connection)
	if err != nil {
		return fmt.Errorf("open the embedded broker's store: %w", err)
	}
	undelivered, err := limitBrokerStore(ctx, store, maxBytes)
	if err != nil {
		return err
	}
	return redeliverBrokerStore(ctx, undelivered)
}

// redeliverBrokerStore makes every message that was on its way when the last run ended due at once; otherwise the
// server waits for brokerAckWait. It does so when a delivery subject changes, so the
// subject changes and changes back. A run that dies in between leaves the mark, which is taken off here.
func redeliverBrokerStore(ctx context.Context, undelivered jetstream.Stream) error {
	subscriptions := undelivered.ListConsumers(ctx)
	for s := range subscriptions.Info() {
		if s.NumAckPending == 0 && !strings.HasSuffix(s.Config.DeliverSubject, brokerRedelivery) {
			continue
		}
		subject := strings.TrimSuffix(s.Config.DeliverSubject, brokerRedelivery)
		for _, s.Config.DeliverSubject = range []string{subject + brokerRedelivery, subject} {
			if _, err := undelivered.UpdatePushConsumer(ctx, s.Config); err != nil {
				return fmt.Errorf("make unacknowledged messages of subscription %s due: %w", s.Name, err)
			}
		}
	}
	if err := subscriptions.Err(); err != nil {
		return fmt.Errorf("list the embedded broker's subscriptions: %w", err)
	}
	return nil
}

// limitBrokerStore makes the server's streams before it makes them itself without limits, or adjusts those of an
// earlier run. A full stream refuses the new message: the server closes the sender's connection without an
// acknowledgement and the station sends again.
func limitBrokerStore(ctx context.Context, store jetstream.JetStream, maxBytes int64) (undelivered jetstream.Stream, err error) {
	messages := jetstream.StreamConfig{
		Name: "$MQTT_msgs", Subjects: []string{"$MQTT.msgs.>"},
		Retention: jetstream.InterestPolicy, MaxBytes: maxBytes,
	}
	retained := jetstream.StreamConfig{
		Name: "$MQTT_rmsgs", Subjects: []string{"$MQTT.rmsgs.>"},
		MaxMsgsPerSubject: 1, MaxBytes: maxBytes / brokerStoreShare,
	}
	halfReceived := jetstream.StreamConfig{
		Name: "$MQTT_qos2in", Subjects: []string{"$MQTT.qos2.in.>"},
		MaxMsgsPerSubject: 1, DiscardNewPerSubject: true, MaxBytes: maxBytes / brokerStoreShare,
	}
	for _, stream := range []jetstream.StreamConfig{retained, halfReceived, messages} {
		stream.Discard = jetstream.DiscardNew
		stream.Storage = jetstream.FileStorage
		stream.Replicas = 1
		if undelivered, err = store.CreateOrUpdateStream(ctx, stream); err != nil {
			return nil, fmt.Errorf("limit the embedded broker's stream %s to %d bytes: %w", stream.Name, stream.MaxBytes, err)
		}
	}
	return undelivered, nil
}
