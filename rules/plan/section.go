package plan

import (
	"egret/ingest/reading"
	"egret/rules/calendar"
	"egret/rules/mean"
	"egret/rules/water"
)

// assessedPercent is how many percent of the sections, or waters, must be assessed before a share or number of them is
// judged. An assumption of this project: the plans do not say what to do without the rest.
const assessedPercent = 60

// sectionTally counts the sections of a target by their class of the means from the first day of the span to the day.
func (t *Target) sectionTally(members *Members, averages Averages, span calendar.Span, day calendar.Day) tally {
	days := calendar.Span{First: span.First, Last: day}
	if t.Metric == Section {
		return t.namedSection(averages.Class(t.Station, days), span)
	}
	var counts tally
	for _, station := range members.Stations {
		if station.Domain != reading.Water {
			continue
		}
		class := averages.Class(station.ID, days)
		counts.count(Part{Name: station.ID, Label: class.String(), Value: int(class), Fails: class > t.Class}, class != water.Unknown)
	}
	switch {
	case counts.counted == 0:
	case t.Metric == Worse:
		counts.value = mean.Whole(whole(counts.failing))
		counts.valid = counts.enough() || t.proven(counts.failing, span)
	default:
		counts.value = water.Percent(counts.counted-counts.failing, counts.counted)
		counts.valid = counts.enough()
	}
	return counts
}

// namedSection is the tally of one section.
func (t *Target) namedSection(class water.Class, span calendar.Span) tally {
	var one tally
	limit, due := t.Due(dueYear(span))
	part := Part{Name: t.Station, Label: class.String(), Value: int(class), Fails: due && !t.allows(whole(int(class)), limit)}
	if class == water.Unknown {
		part.Fails = false
	} else {
		one.value, one.valid = mean.Whole(whole(int(class))), true
	}
	one.count(part, one.valid)
	return one
}

// count takes a thing into the tally; it has a verdict where known is set.
func (t *tally) count(part Part, known bool) {
	t.parts = append(t.parts, part)
	t.expected++
	if known {
		t.counted++
	}
	if part.Fails {
		t.failing++
	}
}

// enough says whether so many things have a verdict that their share can be judged.
func (t *tally) enough() bool {
	return t.counted > 0 && 100*t.counted >= assessedPercent*t.expected
}

// proven says whether so many failing things break the target whatever the things without a verdict are.
func (t *Target) proven(failing int, span calendar.Span) bool {
	limit, due := t.Due(dueYear(span))
	switch {
	case !due:
		return false
	case t.Comparison == Below:
		return whole(failing) >= limit
	case t.Comparison == AtMost, t.Comparison == Equal:
		return whole(failing) > limit
	default:
		return false
	}
}

func whole(number int) reading.Fixed { return reading.Fixed(number) * reading.FixedOne }
