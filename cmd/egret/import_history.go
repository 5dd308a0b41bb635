package main

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"egret/ingest/intake"
	"egret/ingest/reading"
	"egret/ingest/table"
)

const (
	// mostChunkValues bounds a chunk: little more than a megabyte of lines. A month of eight stations with ten values an hour
	// is one chunk, since the rules make its figures anew with each.
	mostChunkValues = 64_000
	// mostChunkBytes bounds its rows, well below what the API takes: names may be long.
	mostChunkBytes = 6 << 20
)

// pastReadings are tables in the order of time, cut into chunks. The same tables give the same chunks.
type pastReadings struct {
	id       string // made from all rows
	table    *table.Table
	marks    *reading.FlagTable
	source   string
	chunks   []cut
	stations map[string]bool
	// first and last are the times of the earliest and the latest reading.
	first, last int64
}

// cut is where a chunk ends.
type cut struct {
	messages int // with those of the chunks before
	values   int // likewise
}

// cutHistory orders the tables and cuts them where a month begins in the zone, or a chunk is full.
func cutHistory(readings *table.Table, marks *reading.FlagTable, zone *time.Location, source string) *pastReadings {
	p := &pastReadings{table: readings, marks: marks, source: source, stations: make(map[string]bool)}
	digest := sha256.New()
	digest.Write([]byte(marks.Name + "\n"))
	var end cut
	month := monthOf{zone: zone}
	values, bytes := 0, 0
	var rows []byte
	for m := range readings.Chronological() {
		begins := month.begins(lastInstant(m))
		if end.messages == 0 {
			p.first, p.last = m.Statement.Time, m.Statement.Time
		} else if begins || values+len(m.Statement.Values) > mostChunkValues || bytes > mostChunkBytes {
			p.chunks = append(p.chunks, end)
			values, bytes = 0, 0
		}
		rows = appendMessage(rows[:0], m)
		digest.Write(rows)
		bytes += len(rows)
		values += len(m.Statement.Values)
		end.messages++
		end.values += len(m.Statement.Values)
		p.stations[m.Station] = true
		p.first, p.last = min(p.first, m.Statement.Time), max(p.last, m.Statement.Time)
	}
	if end.messages > 0 {
		p.chunks = append(p.chunks, end)
	}
	p.id = hex.EncodeToString(digest.Sum(nil)[:16])
	return p
}

func appendMessage(to []byte, m *table.Message) []byte {
	s := m.Statement
	s.Station = []byte(m.Station)
	return intake.AppendRows(to, &s)
}

// monthOf finds out where a month begins.
type monthOf struct {
	zone     *time.Location
	from, to int64 // the present one
}

// lastInstant is the last instant of what a message is about: messages come in the order of these.
func lastInstant(m *table.Message) int64 {
	return m.Statement.Time + int64(m.Statement.Period.Length()) - 1
}

// begins says whether an instant lies outside the present month, and goes on to the month that holds it.
func (m *monthOf) begins(instant int64) bool {
	if instant >= m.from && instant < m.to {
		return false
	}
	year, month, _ := time.Unix(0, instant).In(m.zone).Date()
	m.from = time.Date(year, month, 1, 0, 0, 0, 0, m.zone).UnixNano()
	m.to = time.Date(year, month+1, 1, 0, 0, 0, 0, m.zone).UnixNano()
	return true
}

// valuesBefore returns how many values there are before a chunk.
func (p *pastReadings) valuesBefore(chunk int) int {
	if chunk == 0 {
		return 0
	}
	return p.chunks[min(chunk, len(p.chunks))-1].values
}

// each calls bring with each chunk from one on. bring returns the chunk to be brought next: others have brought those
// between, and they are passed over.
func (p *pastReadings) each(next int, bring func(*intake.Chunk) (next int, err error)) error {
	rows, count, number := []byte(intake.RowsHeader), 0, 0
	for m := range p.table.Chronological() {
		if number >= next {
			rows = appendMessage(rows, m)
		}
		if count++; count < p.chunks[number].messages {
			continue
		}
		if number >= next {
			var err error
			chunk := intake.Chunk{Import: p.id, Number: number, Last: number == len(p.chunks)-1, Source: p.source, Flags: p.marks, Rows: rows}
			if next, err = bring(&chunk); err != nil {
				return err
			}
			rows = rows[:len(intake.RowsHeader)]
		}
		number++
	}
	return nil
}
