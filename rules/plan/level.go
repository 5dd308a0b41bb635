package plan

import (
	"slices"

	"egret/ingest/reading"
	"egret/rules/air"
	"egret/rules/sheet"
	"egret/rules/standard"
)

// levels is how many levels the air quality index has.
const levels = 6

// goodLevel is the last level of a good day (优良天).
const goodLevel = 2

// levelOf returns the level of a day's index, 1 to 6.
func levelOf(c sheet.Cell) uint8 {
	return uint8(air.CategoryOf(int(c.Value().Fixed() / reading.FixedOne)).Level)
}

// counts says whether the target counts what was found on a day: a level of the index, or a verdict.
func (t *Target) counts(code int) bool {
	switch t.Metric {
	case GoodDays:
		return code >= 1 && code <= goodLevel
	case LevelDays:
		return slices.Contains(t.Levels, code)
	default:
		return standard.Verdict(code) == standard.Meets
	}
}
