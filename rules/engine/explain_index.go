package engine

import (
	"fmt"
	"slices"
	"strings"

	"egret/ingest/reading"
	"egret/rules/air"
	"egret/rules/mean"
	"egret/rules/sheet"
)

// explainIndex answers for the air quality index of an hour or a day.
func (e *Engine) explainIndex(f *feed, q *question) (Figure, error) {
	if !f.domains[reading.Air] || (q.period == "1h" && f.step != 1) || (q.period != "1h" && q.period != "day") {
		return Figure{}, q.none("the station sends nothing that it is made of")
	}
	one := q.begin(e, f)
	fill := e.fillIndexOfHour
	if q.period == "day" {
		fill = e.fillIndexOfDay
	}
	if err := fill(f, q, &one); err != nil {
		return Figure{}, err
	}
	index := e.derived.air // without the memory that the next one takes
	index.Primary, index.Sub = slices.Clone(index.Primary), slices.Clone(index.Sub)
	one.Index, one.Expected, one.Valid = &index, len(index.Sub), index.Published
	for i := range index.Sub {
		if index.Sub[i].Known() {
			one.Count++
		}
	}
	if one.Valid {
		one.Value = mean.Whole(reading.Fixed(index.AQI) * reading.FixedOne)
	} else {
		one.Reason = indexReason(&index)
	}
	if q.why {
		one.Why = indexWhy(&index, one.Start)
	}
	return one, nil
}

func (e *Engine) fillIndexOfHour(f *feed, q *question, one *Figure) error {
	number, err := e.askedHour(f, f.earliest(reading.Air), q, 1)
	if err != nil {
		return err
	}
	one.Start, one.End = e.startOf(number), e.startOf(number+1)
	return e.fillHourIndex(f, number)
}

func (e *Engine) fillIndexOfDay(f *feed, q *question, one *Figure) error {
	day, err := e.askedDay(f, f.earliest(reading.Air), q)
	if err != nil {
		return err
	}
	one.Start, one.End = e.zone.Start(day), e.zone.End(day)
	if !f.hoursKept(e.hourOf(one.Start)) {
		return q.none("hours are kept for two years, and the index may take the largest of a day")
	}
	number, _ := sheet.YearOf(day)
	if err := e.loadYear(f, &e.derived.year, number); err != nil {
		return err
	}
	return e.fillDayIndex(f, &e.derived.year, day)
}

// earliest returns the row of a domain that was measured first.
func (f *feed) earliest(domain reading.Domain) *row {
	var first *row
	for _, r := range f.rows {
		if r.parameter.Domain == domain && (first == nil || r.since < first.since) {
			first = r
		}
	}
	return first
}

// indexReason says why there is no index to publish.
func indexReason(i *air.Index) string {
	switch {
	case i.Standard == "":
		return "no standard known here holds for the day"
	case !i.Known:
		return "no pollutant has a valid value (" + i.Standard + ")"
	}
	var without []string
	for k := range i.Sub {
		if s := &i.Sub[k]; !s.Known() && s.Reason != air.Unmonitored && s.Reason != air.BelowTable {
			without = append(without, s.Parameter+": "+s.Reason.String())
		}
	}
	return fmt.Sprintf("an index of %d from the others may not be published (%s); %s", i.Partial, i.Standard, strings.Join(without, ", "))
}

// indexWhy lists the concentrations that entered the index, and the pollutants without one.
func indexWhy(i *air.Index, start int64) *Why {
	w := &Why{Of: "figures"}
	for k := range i.Sub {
		s := &i.Sub[k]
		p := Part{Parameter: s.Parameter, Start: start, Valid: s.Known(), Reason: s.Reason.String()}
		if s.Reason == air.Missing || s.Reason == air.Unmonitored {
			w.Missing = append(w.Missing, p)
			continue
		}
		p.Value = mean.Whole(s.Value)
		w.Values = append(w.Values, p)
	}
	return w
}
