// Package intake takes messages: it decodes and checks them, makes them durable in the journal or in quarantine, and
// only then acknowledges them.
package intake

import (
	"crypto/sha256"
	"encoding/hex"

	"egret/ingest/payload"
	"egret/ingest/reading"
)

// Message is one message as its transport hands it over.
type Message struct {
	Source    string // such as an MQTT topic
	Station   string // from the topic; not yet checked
	Unnamed   bool   // the transport does not name the station: the payload does
	Parameter string // from the topic, of a payload that is a bare number
	Format    string
	Decode    payload.Decoder    // nil: no subscription takes this topic
	Flags     *reading.FlagTable // of the station's network; nil: HJ 212
	Payload   []byte
	Size      int    // of the payload as sent; larger than len(Payload) where it was cut
	SHA256    string // of the whole payload, where it was cut
	Received  int64
	Transport reading.Transport
	// Acknowledge tells the sender that the message is durable. It may be nil.
	Acknowledge func()
}

// Cut keeps only the beginning of a payload that is over the limit, with the whole one's hash, so that a few large
// messages cannot fill the memory.
func (m *Message) Cut(limit, keep int) {
	m.Size = len(m.Payload)
	if m.Size <= limit {
		return
	}
	m.SHA256 = hash(m.Payload)
	m.Payload = append([]byte(nil), m.Payload[:min(keep, m.Size)]...)
}

func hash(payload []byte) string {
	sum := sha256.Sum256(payload)
	return hex.EncodeToString(sum[:])
}
