package engine

import (
	"egret/rules/average"
	"egret/rules/calendar"
	"egret/rules/sheet"
)

// askedHour returns the hour of a question, unless it is not over, or the row has nothing of it.
func (e *Engine) askedHour(f *feed, r *row, q *question, length int64) (int64, error) {
	number := e.hourOf(q.at)
	switch {
	case number+length > f.closed:
		return 0, q.none("it is not over yet, or nothing has been heard of the station since")
	case number+length <= r.since:
		return 0, q.none("nothing was measured before %s", e.zone.Show(e.startOf(r.since)))
	case !f.hoursKept(number):
		return 0, q.none("hours are kept for two years")
	}
	return number, nil
}

// explainHour answers for the average of an hour.
func (e *Engine) explainHour(f *feed, q *question) (Figure, error) {
	r := f.find(q.parameter)
	if r == nil || f.step != 1 {
		return Figure{}, q.none("the station sends nothing that it is made of")
	}
	number, err := e.askedHour(f, r, q, 1)
	if err != nil {
		return Figure{}, err
	}
	hours, err := e.hours(f, r, number, number+1)
	if err != nil {
		return Figure{}, err
	}
	one := q.begin(e, f)
	one.Start, one.End, one.Figure = e.startOf(number), e.startOf(number+1), hourFigure(hours[0], f.expected)
	if !one.Valid {
		one.Reason = e.hourReason(f, r, &one)
	}
	one.Judgement = e.judgement(f, &one)
	if q.why {
		one.Why, err = e.hourWhy(f, r, number)
	}
	return one, err
}

// explainSliding answers for the mean of the latest hours.
func (e *Engine) explainSliding(f *feed, q *question) (Figure, error) {
	r := f.find(q.parameter)
	var window *average.Sliding
	if r != nil {
		for i := range r.course.Sliding {
			if slidingName(r.course.Sliding[i].Hours) == q.period {
				window = &r.course.Sliding[i]
			}
		}
	}
	if window == nil {
		return Figure{}, q.none("the station sends nothing that it is made of")
	}
	length := int64(window.Hours)
	first, err := e.askedHour(f, r, q, length)
	if err != nil {
		return Figure{}, err
	}
	from := e.slidesFrom(r, first, first+length-1)
	hours, err := e.hours(f, r, from, first+length)
	if err != nil {
		return Figure{}, err
	}
	one := q.begin(e, f)
	one.Start, one.End, one.Figure = e.startOf(first), e.startOf(first+length), window.Slide(r.parameter.Law, hours, f.step)
	if !one.Valid {
		need := average.Share{Part: window.Minimum, Whole: window.Hours}.Needs(one.Expected)
		one.Reason = lacking(one.Count, one.Expected, f.valueWord(), need, window.Source)
	}
	one.Judgement = e.judgement(f, &one)
	if q.why {
		one.Why, err = e.hoursWhy(f, r, from, first+length)
	}
	return one, err
}

// askedDay returns the day of a question, unless it is not over, or the row has nothing of it.
func (e *Engine) askedDay(f *feed, r *row, q *question) (calendar.Day, error) {
	day := e.zone.DayOf(q.at)
	switch {
	case day > e.lastDay(f):
		return 0, q.none("%s is not over yet, or nothing has been heard of the station since", day)
	case e.zone.End(day) <= e.startOf(r.since):
		return 0, q.none("nothing was measured before %s", e.zone.Show(e.startOf(r.since)))
	}
	return day, nil
}

// explainDay answers for the figure of a day.
func (e *Engine) explainDay(f *feed, q *question) (Figure, error) {
	r := f.dayRow(q.parameter)
	if r == nil {
		return Figure{}, q.none("the station sends nothing that it is made of")
	}
	day, err := e.askedDay(f, r, q)
	if err != nil {
		return Figure{}, err
	}
	first := e.hourOf(e.zone.Start(day))
	after := e.hourOf(e.zone.End(day)-1) + 1
	hours, err := e.hours(f, r, first, after)
	if err != nil {
		return Figure{}, err
	}
	d, _ := e.dayFigure(f, r, day, hours)
	if f.city != nil {
		number, _ := sheet.YearOf(day)
		if err := e.loadMembers(f, number); err != nil {
			return Figure{}, err
		}
		d = e.cityDay(f, r, day)
	}
	one := q.begin(e, f)
	one.Start, one.End, one.Figure = e.zone.Start(day), e.zone.End(day), d.Figure
	if f.city == nil && !f.hoursKept(first) {
		if err := e.fromPage(f, &one, day); err != nil {
			return Figure{}, err
		}
	}
	if !one.Valid {
		one.Reason = e.dayReason(f, r, &one, day)
	}
	one.Judgement = e.judgement(f, &one)
	if q.why {
		one.Why, err = e.dayWhy(f, r, day, first, after)
	}
	return one, err
}

// fromPage takes a figure of a day from the page of its year, where the hours are no longer kept.
func (e *Engine) fromPage(f *feed, one *Figure, day calendar.Day) error {
	number, index := sheet.YearOf(day)
	if err := e.loadYear(f, &e.derived.year, number); err != nil {
		return err
	}
	c := e.derived.year.Find(one.Parameter).At(index)
	one.Value, one.Count, one.Valid = c.Value(), int(c.Count), c.Valid
	if c.Empty() {
		one.Count = 0
	}
	return nil
}

// spanOf returns the days of a month, quarter or year; what has passed of a year ends with the day.
func spanOf(period string, day calendar.Day) calendar.Span {
	switch period {
	case "day":
		return calendar.Span{First: day, Last: day}
	case "month":
		return day.Month()
	case "quarter":
		return day.Quarter()
	case "ytd":
		return calendar.Span{First: day.WholeYear().First, Last: day}
	default:
		return day.WholeYear()
	}
}

// explainSpan answers for a month, quarter or year as far as it has passed.
func (e *Engine) explainSpan(f *feed, q *question) (Figure, error) {
	r := f.dayRow(q.parameter)
	if r == nil || r.course.Month == (average.Days{}) {
		return Figure{}, q.none("the station sends nothing that it is made of")
	}
	day := e.zone.DayOf(q.at)
	span := spanOf(q.period, day)
	last := min(span.Last, e.lastDay(f))
	switch {
	case span.First > last || (q.period == "ytd" && day > last):
		return Figure{}, q.none("no day of it is over yet")
	case e.zone.End(last) <= e.startOf(r.since):
		return Figure{}, q.none("nothing was measured before %s", e.zone.Show(e.startOf(r.since)))
	}
	number, _ := sheet.YearOf(span.First)
	page := &e.derived.year
	if err := e.loadYear(f, page, number); err != nil {
		return Figure{}, err
	}
	cells, sum := page.Find(q.parameter), &e.derived.span
	one := q.begin(e, f)
	if q.period == "year" || q.period == "ytd" {
		one.Percentile = r.course.Percentile
	}
	sum.Begin(one.Percentile > 0)
	e.addDays(cells, calendar.Span{First: span.First, Last: last})
	one.Start, one.End = e.zone.Start(span.First), e.zone.End(last)
	switch q.period {
	case "month":
		one.Figure = sum.Month(r.course, span)
	case "quarter":
		one.Figure = sum.Quarter(r.course, span)
	case "year":
		one.Figure = sum.Year(r.course, span)
	default:
		one.Start, one.Figure = e.zone.Start(day), sum.ToDate(r.course, day)
	}
	one.AtPercentile = sum.Percentile(one.Percentile)
	if !one.Valid {
		one.Reason = spanReason(r.course, cells, &one, span, last)
	}
	one.Judgement, one.OfPercentile = e.judgement(f, &one), e.percentileJudgement(f, &one)
	if q.why {
		one.Why = e.spanWhy(cells, calendar.Span{First: span.First, Last: last})
	}
	return one, nil
}
