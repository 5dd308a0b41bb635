package intake

import "time"

// Limits bound what is taken.
type Limits struct {
	Payload           int           // bytes of one message
	QuarantinePayload int           // bytes of a refused payload that are kept
	ClockAhead        time.Duration // how far a reading's time may lie ahead of its receipt
	Horizon           time.Duration // how far it may lie behind
	AcceptUnknown     bool          // take stations that stand in no register
	KeepLowValues     bool          // take numbers around zero as they are; see [reading.LowValue]
}
