// Package reading is the vocabulary that all of Egret shares: what a station, a parameter, a reading
// and its quality flag are, and the two texts in which readings travel (records in the journal, lines
// of InfluxDB line protocol inside them). It imports nothing of the project.
//
// Instants are Unix nanoseconds in UTC and mark the START of the period they stand for.
package reading

// Value is one parameter's number in a sample, in the parameter's unit (see [Parameter]).
type Value struct {
	Parameter string
	Number    float64
	Flag      Flag
	// Raw is the number the station sent where Number was put in its place; HasRaw says whether there is one.
	Raw    float64
	HasRaw bool
}

// Sample is what a station says of one instant: the values of one domain that share station, period and time.
// It is one line of line protocol and one point in InfluxDB. Each value in it is a reading with the key
// (station, parameter, period, time): a later reading with the same key replaces the earlier one.
type Sample struct {
	Domain  Domain
	Station string
	Period  Period
	Time    int64
	Values  []Value
}

// Reset empties the sample and keeps its memory.
func (s *Sample) Reset() { *s = Sample{Values: s.Values[:0]} }
