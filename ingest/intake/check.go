package intake

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"egret/ingest/payload"
	"egret/ingest/quarantine"
	"egret/ingest/reading"
)

// Checker turns decoded messages into records and quarantine entries. It is used by one goroutine.
type Checker struct {
	parameters reading.Parameters
	statistics map[string]*reading.Parameter // that were met
	register   Register
	zone       *time.Location
	limits     Limits

	input    payload.Input
	message  payload.Message
	samples  [len(domainSlots)]reading.Sample
	notes    []byte
	unknown  reading.Station
	foreign  []byte                     // a name that this message gives its station and that no register has
	reported map[uint64]bool            // hashes of names that were reported, see [Checker.first]
	said     map[string]int             // how many of each station
	subjects map[string]map[uint64]bool // of the notes of each station, as hashes
	counts   counts
	problems []string
	taken    taken // readings that are not to be taken again; see [Retry]
	more     int
	rejected uint32
}

// domainSlots gives each domain a sample of its own, so that one message may speak of several.
var domainSlots = [...]reading.Domain{reading.Air, reading.Water, reading.Noise, reading.Indicator}

// counts are of what was understood in a message and is not stored.
type counts struct {
	empty   int // values given as null
	unknown int // values whose names no table knows, after the first of their station
}

// NewChecker returns a checker for a register, which may be empty. zone is for messages to people.
func NewChecker(parameters reading.Parameters, register Register, zone *time.Location, limits Limits) *Checker {
	return &Checker{
		parameters: parameters, register: register, zone: zone, limits: limits,
		statistics: make(map[string]*reading.Parameter), reported: make(map[uint64]bool), said: make(map[string]int), subjects: make(map[string]map[uint64]bool),
	}
}

// Take returns the record that the message becomes, its lines appended to lines, and the quarantine entry for what of
// it was refused, nil where nothing was. What it says beside readings is in [Checker.Notes] until the next message.
func (c *Checker) Take(m *Message, lines []byte) (reading.Record, []byte, *quarantine.Entry) {
	c.problems, c.more, c.rejected = c.problems[:0], 0, 0
	c.notes, c.foreign, c.counts = c.notes[:0], nil, counts{}
	c.message.Reset()
	start := len(lines)
	record := reading.Record{Kind: reading.Readings, Transport: m.Transport, Received: m.Received, Source: m.Source}
	lines = c.readings(m, &record, lines)
	record.Rejected, record.Lines = c.rejected, lines[start:]
	values := record.Values
	if values == 0 && len(c.problems) > 0 {
		record.Kind = reading.Refused
	}
	if len(c.problems) == 0 {
		return record, lines, nil
	}
	return record, lines, c.entry(m, record)
}

func (c *Checker) readings(m *Message, record *reading.Record, lines []byte) []byte {
	var sender *reading.Station // nil where the payload names the station
	var err error
	switch {
	case m.Decode == nil:
		c.refuse(fmt.Sprintf("no subscription takes the topic %q: add it under `subscriptions`, or publish to one that is there (stations/{station}/readings where none is written)", reading.Shorten(m.Source)))
	case m.Size > c.limits.Payload:
		c.refuse(fmt.Sprintf("the payload of %d bytes is over the limit of %d (limits.payload)", m.Size, c.limits.Payload))
	case !m.Unnamed:
		if sender, err = c.station(m.Station); err != nil {
			c.refuse(err.Error())
		}
	}
	if sender != nil {
		record.Station = sender.ID
	} else if reading.CheckID(m.Station) == nil {
		record.Station = m.Station
	}
	if len(c.problems) > 0 {
		return lines
	}
	c.input = payload.Input{Payload: m.Payload, Station: record.Station, Parameter: m.Parameter, Received: m.Received}
	err = m.Decode(&c.input, &c.message)
	if record.Station == "" { // also of what could not be understood
		if from, err := c.station(string(c.message.Sender)); err == nil {
			record.Station = from.ID
		}
	}
	if err != nil {
		c.refuse(err.Error())
		return lines
	}
	if c.message.Resent {
		record.Transport |= reading.Resent
	}
	if len(c.message.Statements)+len(c.message.Notes) == 0 && sender != nil { // a heartbeat, too, may only be of its sender
		if _, err := c.speaker(sender, c.message.Sender); err != nil {
			c.refuse(err.Error())
		}
	}
	for _, problem := range c.message.Problems {
		c.refuse(problem)
	}
	c.more += c.message.More
	c.rejected = uint32(len(c.message.Problems) + c.message.More)
	c.counts.empty = c.message.Empty
	for i := range c.message.Statements {
		var taken uint32
		var from string
		lines, taken, from = c.statement(m, sender, &c.message.Statements[i], lines)
		record.Values += taken
		if record.Station == "" {
			record.Station = from
		}
	}
	for i := range c.message.Notes {
		c.note(m, sender, &c.message.Notes[i])
	}
	return lines
}

// statement checks one statement and appends its lines. It returns how many values were taken, and of which station.
func (c *Checker) statement(m *Message, sender *reading.Station, s *payload.Statement, lines []byte) ([]byte, uint32, string) {
	if forecasts := forecastsFirst(s.Values); forecasts > 0 && forecasts < len(s.Values) { // what was measured is of no day to come
		measured := *s
		measured.Values, s.Values = s.Values[forecasts:], s.Values[:forecasts]
		lines, taken, from := c.statement(m, sender, s, lines)
		lines, more, alike := c.statement(m, sender, &measured, lines)
		return lines, taken + more, cmp.Or(from, alike)
	}
	station, err := c.speaker(sender, s.Station)
	var instant int64
	if err == nil {
		instant, err = c.instantOf(m, station, s)
	}
	if err != nil {
		c.refuse(err.Error())
		c.rejected += uint32(len(s.Values))
		return lines, 0, ""
	}
	if len(c.taken) > 0 {
		s.Values = slices.DeleteFunc(s.Values, func(v payload.Value) bool {
			return c.taken[readingKey(station.ID, s.Period, instant, v.Parameter)]
		})
	}
	for i := range c.samples {
		c.samples[i].Reset()
	}
	marks := cmp.Or(s.Flags, m.Flags, &reading.HJ212Flags)
	parse := marks.Parse
	if s.Foreign {
		parse = marks.ParseMark
	}
	for i := range s.Values {
		if err := c.value(&s.Values[i], station, parse, instant); err != nil {
			c.refuse(err.Error())
			c.rejected++
		}
	}
	var taken uint32
	for i := range c.samples {
		sample := &c.samples[i]
		if len(sample.Values) == 0 {
			continue
		}
		sample.Domain, sample.Station, sample.Period, sample.Time = domainSlots[i], station.ID, s.Period, instant
		lines = sample.AppendLine(lines)
		taken += uint32(len(sample.Values))
	}
	return lines, taken, station.ID
}

// instant returns the time of what a station says, the slot of the receipt where it says none.
func (c *Checker) instant(m *Message, station *reading.Station, at int64, given bool, period reading.Period) (int64, error) {
	if !given {
		if m.Transport&reading.Retained != 0 {
			return 0, fmt.Errorf("a retained message without a time: nobody knows when it was measured")
		}
		return station.Slot(m.Received, period, c.zone), nil
	}
	switch ahead := time.Duration(at - m.Received); {
	case ahead > c.limits.ClockAhead:
		return 0, fmt.Errorf("time %s lies %s ahead of the receipt at %s: the station's clock or zone is wrong (limits.clock_ahead is %s)",
			c.show(at), span(ahead), c.show(m.Received), c.limits.ClockAhead)
	case -ahead > c.limits.Horizon && m.Transport&reading.Imported == 0 && station.Domain != reading.Indicator:
		return 0, fmt.Errorf("time %s lies %s before the receipt at %s: older than limits.horizon (%s)",
			c.show(at), span(-ahead), c.show(m.Received), c.limits.Horizon)
	}
	return at, nil
}

// value checks one value and adds it to the sample of its domain.
func (c *Checker) value(v *payload.Value, station *reading.Station, flagOf func(string) (reading.Flag, error), instant int64) error {
	if v.Problem != "" {
		return errors.New(v.Problem)
	}
	parameter := c.parameter(v.Parameter)
	if parameter == nil {
		return c.unknownName(v, station)
	}
	number := v.Number
	if len(v.Unit) > 0 {
		converted, err := reading.ConvertUnit(number, string(v.Unit), parameter, instant)
		if err != nil {
			return fmt.Errorf("%s: %w", parameter.Key, err)
		}
		number = converted
	}
	flag := reading.Valid
	if len(v.Flag) > 0 {
		parsed, err := flagOf(string(v.Flag))
		if err != nil {
			return fmt.Errorf("%s: %w", parameter.Key, err)
		}
		flag = parsed
	}
	if number < parameter.Low || number > parameter.High {
		return implausible(parameter, v, number)
	}
	if number == 0 {
		number = 0 // a negative zero would be stored as -0
	}
	taken := reading.Value{Parameter: parameter.Key, Number: number, Flag: flag}
	if number <= 0 && !c.limits.KeepLowValues {
		if err := replaceLow(parameter, &taken); err != nil {
			return err
		}
	}
	for i, domain := range domainSlots {
		if domain == parameter.Domain {
			c.samples[i].Values = append(c.samples[i].Values, taken)
		}
	}
	return nil
}

// implausible says that a number is out of range, and how it was sent where it was converted: the unit may be another one.
func implausible(parameter *reading.Parameter, v *payload.Value, number float64) error {
	sent := ""
	if number != v.Number {
		sent = fmt.Sprintf(", taken as %s %s: is that its unit?", decimal(v.Number), v.Unit)
	}
	unit := ""
	if parameter.Unit != "1" {
		unit = " " + parameter.Unit
	}
	return fmt.Errorf("%s: %s%s lies outside the plausible range %s to %s%s", parameter.Key, decimal(number), unit, decimal(parameter.Low), decimal(parameter.High), sent)
}

// replaceLow puts the number of the parameter's rule in the place of a usable one around zero.
func replaceLow(parameter *reading.Parameter, v *reading.Value) error {
	low, ok := parameter.LowValue()
	switch {
	case !ok || !v.Flag.Usable():
		return nil
	case v.Number <= low.Above:
		return fmt.Errorf("%s: %s %s is no noise around zero, which lies above %s: check the instrument, or set low_values: keep", parameter.Key, decimal(v.Number), parameter.Unit, decimal(low.Above))
	}
	v.Raw, v.HasRaw = v.Number, true
	v.Number, v.Flag = low.By, reading.LowReplaced
	return nil
}

func (c *Checker) refuse(reason string) {
	if len(c.problems) == quarantine.MostReasons {
		c.more++
		return
	}
	c.problems = append(c.problems, reason)
}

func (c *Checker) entry(m *Message, record reading.Record) *quarantine.Entry {
	e := &quarantine.Entry{
		Received: time.Unix(0, m.Received).UTC(), Station: record.Station, Source: m.Source, Format: m.Format,
		Transport: uint8(m.Transport), Reasons: append([]string(nil), c.problems...), More: c.more,
		Stored: record.Values, Rejected: record.Rejected, Size: m.Size, SHA256: m.SHA256,
	}
	if record.Values > 0 {
		e.Taken = appendTaken(nil, record.Lines)
	}
	if e.SHA256 == "" {
		e.SHA256 = hash(m.Payload)
	}
	e.Payload = append([]byte(nil), m.Payload[:min(len(m.Payload), c.limits.QuarantinePayload)]...)
	return e
}

func (c *Checker) show(instant int64) string {
	return time.Unix(0, instant).In(c.zone).Format(time.RFC3339)
}

// span writes a length of time for people: in days where hours say nothing any more.
func span(d time.Duration) string {
	if days := d / (24 * time.Hour); days >= 3 {
		return fmt.Sprintf("%d days", days)
	}
	return d.Round(time.Second).String()
}

func decimal(number float64) string { return strconv.FormatFloat(number, 'f', -1, 64) }
