package payload

import "egret/ingest/reading"

// commandKind is what a frame is for.
type commandKind uint8

const (
	unknownCommand commandKind = iota
	dataCommand                // readings
	noteCommand                // states, start-ups, instruments and their information
	checkCommand               // quality control: numbers of known samples, never of the river
	talkCommand                // requests, answers and heartbeats: no data
)

// command is what the number CN says (HJ 212-2017 table 9 and what later editions added).
type command struct {
	kind   commandKind
	period reading.Period
	check  string // the kind of note, of a checkCommand
}

// commandOf returns the command of a CN as a profile has it.
func (d *dialect) commandOf(cn []byte) command {
	switch string(cn) {
	case "2011", "2013", "2052":
		return command{kind: dataCommand, period: reading.Momentary}
	case "2051":
		return command{kind: dataCommand, period: d.minutes}
	case "2061":
		return command{kind: dataCommand, period: reading.Hour}
	case "2031":
		return command{kind: dataCommand, period: reading.Day}
	case "2111":
		return command{kind: dataCommand, period: reading.Minutes5}

	case "2021", "2081", "3019", "3020":
		return command{kind: noteCommand, period: reading.Momentary}
	case "2041":
		return command{kind: noteCommand, period: reading.Day}

	// HJ 1404-2024; HJ 212-2025 has 2062 for the check with a standard sample too.
	case "2062":
		return command{kind: checkCommand, check: "check"}
	case "2063":
		return command{kind: checkCommand, check: "recovery"}
	case "2064":
		return command{kind: checkCommand, check: "duplicate"}
	case "2065":
		return command{kind: checkCommand, check: "zero"}
	case "2066":
		return command{kind: checkCommand, check: "span"}
	}
	if isTalk(cn) {
		return command{kind: talkCommand}
	}
	return command{}
}

// isTalk says whether a CN is a setting (1000 to 1999), an order to stop or to do something, an answer or a heartbeat.
func isTalk(cn []byte) bool {
	if len(cn) != 4 {
		return false
	}
	switch string(cn) {
	case "2012", "2022", "3021", "3022", "3024":
		return true
	}
	return cn[0] == '1' || string(cn[:2]) == "90" || (string(cn[:3]) == "301" && cn[3] >= '1' && cn[3] <= '8')
}
