package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"time"

	"egret/deploy/config"
	"egret/ingest/intake"
	"egret/ingest/payload"
	"egret/ingest/reading"
)

// decoded is what a payload becomes.
type decoded struct {
	Station  string         `json:"station,omitempty"`  // the sender
	Nameless bool           `json:"nameless,omitempty"` // the payload does not say which station it is from: its topic must
	Values   []decodedValue `json:"values"`
	Notes    []string       `json:"notes,omitempty"` // lines for the database that hold no readings
	Empty    int            `json:"empty,omitempty"` // values given as null
	Refused  []string       `json:"refused,omitempty"`
}

// decodedValue is one value as it was read, and as it is stored.
type decodedValue struct {
	Station string    `json:"station,omitempty"`
	Period  string    `json:"period"`
	Time    time.Time `json:"time"`
	Written string    `json:"written"` // its name in the payload
	Read    float64   `json:"read"`    // after scale and offset of the profile
	Unit    string    `json:"read_unit,omitempty"`
	Flag    string    `json:"read_flag,omitempty"`

	Taken     bool        `json:"taken"`
	Parameter string      `json:"parameter,omitempty"`
	Value     json.Number `json:"value,omitempty"`
	In        string      `json:"unit,omitempty"`
	Quality   string      `json:"flag,omitempty"`
}

// standIn is the station of a payload that names none, for decode.
const standIn = "the-station"

// decode takes the message as serve would.
func decode(c *config.Config, m *intake.Message) decoded {
	var d decoded
	said, err := saidOf(m)
	if m.Source == "" && m.Unnamed && len(said.Sender) == 0 && (err != nil || !namesStations(said)) {
		named := *m
		named.Station, named.Unnamed = standIn, false
		if again, err := saidOf(&named); err == nil {
			*m, said, d.Nameless = named, again, true
		}
	}
	limits := intakeLimits(c)
	limits.AcceptUnknown = limits.AcceptUnknown || d.Nameless
	known := register(c)
	checker := intake.NewChecker(c.Parameters, known, c.Zone, limits)
	record, _, entry := checker.Take(m, nil)
	d.Station, d.Empty = record.Station, said.Empty
	taken := takenValues(record.Lines)
	for i := range said.Statements {
		s := &said.Statements[i]
		station := record.Station
		if m.Unnamed {
			station = string(s.Station)
			if registered := known.Find(station); registered != nil {
				station = registered.ID
			}
		}
		for j := range s.Values {
			d.Values = append(d.Values, describe(c, station, s, &s.Values[j], taken))
		}
	}
	if notes, ok := checker.Notes(m, record); ok {
		for line := range bytes.Lines(notes.Lines) {
			d.Notes = append(d.Notes, string(bytes.TrimSuffix(line, []byte{'\n'})))
		}
	}
	if entry != nil {
		d.Refused = entry.Reasons
		if entry.More > 0 {
			d.Refused = append(d.Refused, fmt.Sprintf("and %d more", entry.More))
		}
	}
	return d
}

// saidOf returns what the decoder says of a message; the checker says what is wrong with it.
func saidOf(m *intake.Message) (*payload.Message, error) {
	into := &payload.Message{}
	if m.Decode == nil {
		return into, nil
	}
	return into, m.Decode(&payload.Input{Payload: m.Payload, Station: m.Station, Parameter: m.Parameter, Received: m.Received}, into)
}

func namesStations(m *payload.Message) bool {
	for i := range m.Statements {
		if len(m.Statements[i].Station) > 0 {
			return true
		}
	}
	return len(m.Statements) == 0 && len(m.Notes) > 0 && len(m.Notes[0].Station) > 0
}

// takenValue is a value of a line.
type takenValue struct {
	station   string
	period    reading.Period
	time      int64
	parameter string
	number    reading.Fixed
	flag      reading.Flag
}

func takenValues(lines []byte) []takenValue {
	var all []takenValue
	var line reading.Line
	for text := range bytes.Lines(lines) {
		if line.Parse(text) != nil {
			continue
		}
		for _, f := range line.Fields {
			all = append(all, takenValue{string(line.Station), line.Period, line.Time, string(f.Parameter), f.Number, f.Flag})
		}
	}
	return all
}

// describe finds what became of a value: the first of its station, period, time and parameter.
func describe(c *config.Config, station string, s *payload.Statement, v *payload.Value, taken []takenValue) decodedValue {
	d := decodedValue{
		Station: station, Period: s.Period.String(), Written: string(v.Written()), Read: v.Number, Unit: string(v.Unit), Flag: string(v.Flag),
	}
	if s.HasTime {
		d.Time = time.Unix(0, s.Time).In(c.Zone)
	}
	for _, t := range taken {
		if t.station != station || t.parameter != string(v.Parameter) || t.period != s.Period || (s.HasTime && t.time != s.Time) {
			continue
		}
		d.Taken, d.Time = true, time.Unix(0, t.time).In(c.Zone)
		d.Parameter, d.Value, d.Quality = t.parameter, json.Number(t.number.String()), t.flag.String()
		if p := cmp.Or(c.Parameters[t.parameter], c.Parameters.Statistic(t.parameter)); p != nil {
			d.In = p.Unit
		}
		break
	}
	return d
}

// print writes it for people: a line for each value, then what is beside them and what was refused.
func (d *decoded) print(to io.Writer, zone *time.Location) error {
	if d.Station != "" && len(d.Values) > 0 {
		fmt.Fprintf(to, "from station %s; times are of %s and mark the start of the period\n", d.Station, zone)
		if d.Nameless {
			fmt.Fprintln(to, "the payload does not say which station it is: its topic must, by {station}")
		}
		fmt.Fprintln(to)
	}
	table := newSheet(to)
	if len(d.Values) > 0 {
		table.row("NAME", "READ AS", "BECOMES", "", "FLAG", "PERIOD", "TIME", "STATION")
	}
	for i := range d.Values {
		v := &d.Values[i]
		becomes, value := "refused", ""
		if v.Taken {
			becomes, value = v.Parameter, string(v.Value)+" "+v.In
		}
		table.row(v.Written, strconv.FormatFloat(v.Read, 'f', -1, 64)+" "+v.Unit, becomes, value, v.Quality, v.Period, shownTime(v.Time), v.Station)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if len(d.Values)+len(d.Notes)+len(d.Refused) == 0 {
		fmt.Fprintln(to, "no readings: a sign of life")
	}
	if d.Empty > 0 {
		fmt.Fprintf(to, "\n%s given as empty\n", count(d.Empty, "value"))
	}
	for i, note := range d.Notes {
		if i == 0 {
			fmt.Fprintln(to, "\nbeside readings (measurement notes):")
		}
		fmt.Fprintln(to, "  "+note)
	}
	for i, reason := range d.Refused {
		if i == 0 {
			fmt.Fprintln(to, "\nrefused; serve keeps it in quarantine:")
		}
		fmt.Fprintln(to, "  "+reason)
	}
	return nil
}

// shownTime writes an instant; there is none where the payload has none and nothing was taken.
func shownTime(instant time.Time) string {
	if instant.IsZero() {
		return "-"
	}
	return instant.Format("2006-01-02 15:04:05.999")
}

// count writes a number with its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}
