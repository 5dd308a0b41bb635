package water

import (
	"egret/ingest/reading"
	"egret/rules/standard"
)

// SourceItem is an item that only sources of drinking water are judged by, with its one limit in mg/L.
type SourceItem struct {
	Key     string
	Chinese string
	Limit   reading.Fixed
}

// Table2Source is the source of the items of table 2.
var Table2Source = standard.Source{Standard: Standard, Clause: "table 2", Certainty: standard.Seen}

// table2 is GB 3838-2002 table 2 (表2 集中式生活饮用水地表水源地补充项目标准限值), in mg/L; 0.3e9 is 0.3.
var table2 = []SourceItem{
	{"sulfate", "硫酸盐(以SO4计)", 250e9},
	{"chloride", "氯化物(以Cl计)", 250e9},
	{"nitrate", "硝酸盐(以N计)", 10e9},
	{"fe", "铁", 0.3e9},
	{"mn", "锰", 0.1e9},
}

type sourceLimit struct {
	limit  reading.Fixed
	source *standard.Source
}

var sourceLimits = func() map[string]sourceLimit {
	limits := map[string]sourceLimit{}
	for _, item := range table2 {
		limits[item.Key] = sourceLimit{item.Limit, &Table2Source}
	}
	for _, item := range table3 {
		limits[item.Key] = sourceLimit{item.Limit, &Table3Source}
	}
	return limits
}()

// SourceItems returns the items of tables 2 and 3 in their printed order.
func SourceItems() []SourceItem { return append(append([]SourceItem{}, table2...), table3...) }

// SourceResult is the judgement of one item of tables 2 and 3.
type SourceResult struct {
	Parameter string
	Value     reading.Fixed
	Limit     reading.Fixed
	Verdict   standard.Verdict
	Source    *standard.Source
}

// DrinkingSource is the judgement of a surface source of drinking water.
type DrinkingSource struct {
	Section Section        // table 1 against class Ⅲ (Ⅱ in a first-level protection zone)
	Items   []SourceResult // tables 2 and 3
	Verdict standard.Verdict
}

// SourceTarget is the class that sources of drinking water are held to; the water of a first-level protection zone must
// have class Ⅱ (clause 3).
const SourceTarget = ClassIII

// JudgeSource judges a surface source of drinking water (GB 3838-2002 clause 5.3): it meets if the indicators of table 1
// meet the target class and those items of tables 2 and 3 that were chosen for it their limits; one that exceeds
// decides, and all must be there to meet. Total nitrogen and faecal coliform are apart.
func JudgeSource(into *DrinkingSource, settings *Settings, kind Type, target Class, values []Measured) {
	into.Items = into.Items[:0]
	Judge(&into.Section, settings, kind, target, values)
	into.Verdict = into.Section.Verdict
	for i := range values {
		result, ok := sourceResult(&values[i])
		if !ok {
			continue
		}
		into.Items = append(into.Items, result)
		into.Verdict = worseVerdict(into.Verdict, result.Verdict)
	}
}

// sourceResult judges a value by tables 2 and 3, false where they have no limit for it.
func sourceResult(m *Measured) (SourceResult, bool) {
	limit, ok := sourceLimits[m.Parameter]
	if !ok {
		return SourceResult{}, false
	}
	result := SourceResult{Parameter: m.Parameter, Value: m.Value, Limit: limit.limit, Source: limit.source}
	switch {
	case !m.Valid:
	case m.BelowDetection && m.detectionLimit() > limit.limit: // it may lie on either side
	default:
		result.Verdict = standard.Of(m.Value <= limit.limit)
	}
	return result, true
}

// worseVerdict joins two verdicts of which both must be met.
func worseVerdict(a, b standard.Verdict) standard.Verdict {
	switch {
	case a == standard.Exceeds || b == standard.Exceeds:
		return standard.Exceeds
	case a == standard.NotEnough || b == standard.NotEnough:
		return standard.NotEnough
	default:
		return standard.Meets
	}
}
