package intake

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"egret/ingest/payload"
	"egret/ingest/quarantine"
	"egret/ingest/reading"
)

// RowsHeader begins rows of readings that are brought in: the long form of the tables that `egret import` reads, with
// the times in UTC. The rows of one station, period and time that follow each other are one statement.
const RowsHeader = "time,station,parameter,value,period,flag,unit\n"

const rowsColumns = 7

// AppendRows appends the values of a statement that has a time and names its station.
func AppendRows(to []byte, s *payload.Statement) []byte {
	for i := range s.Values {
		v := &s.Values[i]
		to = time.Unix(0, s.Time).UTC().AppendFormat(to, time.RFC3339Nano)
		to = appendCell(to, s.Station)
		to = appendCell(to, v.Parameter)
		to = append(to, ',')
		to = strconv.AppendFloat(to, v.Number, 'g', -1, 64)
		to = append(to, ',')
		to = append(to, s.Period.String()...)
		to = appendCell(to, v.Flag)
		to = appendCell(to, v.Unit)
		to = append(to, '\n')
	}
	return to
}

// appendCell appends a comma and a cell, in quotation marks where it needs them.
func appendCell(to, text []byte) []byte {
	to = append(to, ',')
	if !bytes.ContainsAny(text, ",\"\r\n") {
		return append(to, text...)
	}
	to = append(to, '"')
	for _, c := range text {
		if c == '"' {
			to = append(to, '"')
		}
		to = append(to, c)
	}
	return append(to, '"')
}

// ErrRows is wrapped by the errors of rows that are not what [AppendRows] writes.
var ErrRows = errors.New("the rows cannot be read")

// eachStatement reads rows and calls take with each statement, whose memory is used again for the next.
func eachStatement(rows []byte, take func(*payload.Statement) error) error {
	rest, ok := bytes.CutPrefix(rows, []byte(RowsHeader))
	if !ok {
		return fmt.Errorf("%w: they do not begin with %q", ErrRows, strings.TrimSpace(RowsHeader))
	}
	reader := csv.NewReader(bytes.NewReader(rest))
	reader.FieldsPerRecord, reader.ReuseRecord = rowsColumns, true
	var s payload.Statement
	var written [3]string // time, station and period of s
	for {
		cells, err := reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("%w: %w", ErrRows, err)
		}
		if now := [3]string{cells[0], cells[1], cells[4]}; len(s.Values) == 0 || now != written {
			if len(s.Values) > 0 {
				if err := take(&s); err != nil {
					return err
				}
			}
			written, s.Values = now, s.Values[:0]
			if err := parseStatement(&s, now); err != nil {
				return err
			}
		}
		number, err := strconv.ParseFloat(cells[3], 64)
		if err != nil || !(math.Abs(number) < reading.MaxFixed) {
			return fmt.Errorf("%w: %q is not the number of a reading", ErrRows, reading.Shorten(cells[3]))
		}
		s.Values = append(s.Values, payload.Value{Parameter: []byte(cells[2]), Number: number, Flag: []byte(cells[5]), Unit: []byte(cells[6])})
	}
	if len(s.Values) == 0 {
		return nil
	}
	return take(&s)
}

func parseStatement(s *payload.Statement, written [3]string) error {
	instant, err := time.Parse(time.RFC3339Nano, written[0])
	if year := instant.UTC().Year(); err != nil || year < 1970 || year > 2200 { // as the rows that are refused are written again
		return fmt.Errorf("%w: time %q is not RFC 3339, or lies outside 1970 to 2200", ErrRows, reading.Shorten(written[0]))
	}
	if s.Period, err = reading.ParsePeriod(written[2]); err != nil {
		return fmt.Errorf("%w: %w", ErrRows, err)
	}
	s.Station, s.Time, s.HasTime = []byte(written[1]), instant.UnixNano(), true
	return nil
}

// takeRows makes one record of the rows in the payload of a message, its lines appended to lines, and the quarantine
// entry of the rows that were refused, nil where none was: it holds those alone, so that they can be taken again.
func (c *Checker) takeRows(m *Message, lines []byte) (reading.Record, []byte, *quarantine.Entry, error) {
	start := len(lines)
	record := reading.Record{Kind: reading.Readings, Transport: m.Transport, Received: m.Received, Source: m.Source}
	refused := refusedRows{rows: []byte(RowsHeader), said: make(map[string]bool)}
	err := eachStatement(m.Payload, func(s *payload.Statement) error {
		one := statementMessage(m, s)
		part, more, entry := c.Take(&one, lines)
		lines = more
		record.Values += part.Values
		if entry != nil {
			record.Rejected += c.refuseRows(&one, s, &refused)
		}
		return nil
	})
	if err != nil {
		return record, lines[:start], nil, err
	}
	record.Lines = lines[start:]
	if record.Rejected == 0 {
		return record, lines, nil, nil
	}
	if record.Values == 0 {
		record.Kind = reading.Refused
	}
	return record, lines, &quarantine.Entry{
		Received: time.Unix(0, m.Received).UTC(), Source: m.Source, Format: m.Format, Transport: uint8(m.Transport),
		Reasons: refused.reasons, More: refused.more, Rejected: record.Rejected,
		Size: len(refused.rows), SHA256: hash(refused.rows), Payload: refused.rows,
	}, nil
}

// statementMessage is a message that says one statement of m, and names its station itself.
func statementMessage(m *Message, s *payload.Statement) Message {
	return Message{Source: m.Source, Unnamed: true, Flags: m.Flags, Received: m.Received, Transport: m.Transport,
		Decode: func(_ *payload.Input, into *payload.Message) error {
			into.Statements = append(into.Statements, *s)
			return nil
		}}
}

// refusedRows are the rows of a message that were refused, and why.
type refusedRows struct {
	rows    []byte
	reasons []string
	more    int
	said    map[string]bool // reasons with their stations: they are listed once, whatever the time
}

// refuseRows finds out which values of a statement were refused, by offering each alone; it returns how many.
func (c *Checker) refuseRows(m *Message, whole *payload.Statement, refused *refusedRows) (count uint32) {
	single := *whole
	one := statementMessage(m, &single)
	for i := range whole.Values {
		single.Values = whole.Values[i : i+1]
		_, _, entry := c.Take(&one, nil)
		if entry == nil {
			continue
		}
		count++
		refused.rows = AppendRows(refused.rows, &single)
		about := string(whole.Station) + ": " + entry.Reasons[0]
		if refused.said[about] || len(refused.reasons) == quarantine.MostReasons {
			refused.more++
			continue
		}
		refused.said[about] = true
		refused.reasons = append(refused.reasons, fmt.Sprintf("%s %s: %s", reading.Shorten(string(whole.Station)), c.show(whole.Time), entry.Reasons[0]))
	}
	return count
}
