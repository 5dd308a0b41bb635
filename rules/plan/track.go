package plan

import (
	"slices"

	"egret/rules/calendar"
	"egret/rules/mean"
	"egret/rules/sheet"
)

// track is what a station, or several together, measured on the days of a span.
type track struct {
	*frame
	figures []figure           // by day; of months the month's figure as it stands since that day
	monthly bool               // a figure stands for its month
	final   [mostMonths]figure // of months: their figures at the end
	any     bool               // there is a figure

	ranked  bool
	next    int                // the day that is counted next
	upTo    account            // of the days before next
	rest    account            // of those from next on, where they are known
	known   bool               // they are
	inMonth [mostMonths]int    // figures in upTo by month
	latest  [mostMonths]figure // of months: their figures in upTo
}

// readTrack reads the days of stations up to one; of several it takes the mean of those that have a valid figure.
func readTrack(averages Averages, sources []string, parameter string, f *frame, through calendar.Day) *track {
	t := &track{frame: f, figures: make([]figure, f.index(through)+1)}
	if len(sources) == 1 {
		f.eachCell(averages, sources[0], parameter, through, func(i int, c sheet.Cell) {
			t.figures[i] = figureOf(c)
			t.any = t.any || t.figures[i].known
		})
		return t
	}
	means := make([]mean.Means, len(t.figures))
	for _, source := range sources {
		f.eachCell(averages, source, parameter, through, func(i int, c sheet.Cell) {
			if !c.Empty() && c.Valid {
				means[i].Add(c.Value())
				t.any = true
			}
		})
	}
	for i := range means {
		t.figures[i] = commonMean(&means[i])
	}
	return t
}

// readMonths reads the days of stations on which a figure is that of their month: the mean over the stations of what each
// has of the month so far.
func readMonths(averages Averages, sources []string, parameter string, f *frame, through calendar.Day) *track {
	t := &track{frame: f, figures: make([]figure, f.index(through)+1), monthly: true}
	days := make([][]figure, len(sources))
	for i := range sources {
		days[i] = readTrack(averages, sources[i:i+1], parameter, f, through).figures
	}
	stations := make([]mean.Means, len(sources))
	for i := range t.figures {
		if i > 0 && t.month(i) != t.month(i-1) {
			clear(stations)
		}
		read := false
		for j := range stations {
			if day := days[j][i]; day.known {
				stations[j].Add(mean.Ratio{Sum: day.Sum, Count: common})
				read = true
			}
		}
		if read {
			t.figures[i] = meanOfMeans(stations)
			t.final[t.month(i)] = t.figures[i]
			t.any = true
		}
	}
	return t
}

func meanOfMeans(means []mean.Means) figure {
	var all mean.Means
	for i := range means {
		if means[i].Count > 0 {
			all.Add(means[i].Mean())
		}
	}
	return commonMean(&all)
}

// commonMean returns the mean as a day's figure: rounded to the ninth decimal where no small denominator writes it, as that
// of an area is, see [sheet.CellOf].
func commonMean(m *mean.Means) figure {
	return figure{m.Mean().Lowest().Common().Sum, m.Count > 0}
}

// begin makes the track ready to be gone through. ranked says that the order of its figures is asked for, known that all
// of its days are over.
func (t *track) begin(ranked, known bool) *track {
	t.ranked, t.known = ranked, known
	if !known {
		return t
	}
	figures := t.figures
	if t.monthly {
		figures = t.final[:]
	}
	for _, f := range figures {
		if !f.known {
			continue
		}
		t.rest.add(f.Sum, false)
		if ranked {
			t.rest.sorted = append(t.rest.sorted, f.Sum)
		}
	}
	slices.SortFunc(t.rest.sorted, mean.Sum.Compare)
	return t
}

// through counts the days up to one.
func (t *track) through(index int) {
	for ; t.next <= index; t.next++ {
		if f := t.figures[t.next]; f.known {
			t.count(f, t.month(t.next))
		}
	}
}

func (t *track) count(f figure, month int) {
	leaves := f
	if t.monthly {
		if was := t.latest[month]; was.known { // the month's figure so far has changed
			t.upTo.remove(was.Sum, t.ranked)
			t.upTo.add(f.Sum, t.ranked)
			t.latest[month] = f
			return
		}
		t.latest[month], leaves = f, t.final[month]
	}
	t.upTo.add(f.Sum, t.ranked)
	t.inMonth[month]++
	if t.known {
		t.rest.remove(leaves.Sum, t.ranked)
	}
}

// elapsed returns how many days, or months, there have been, and how many there are yet to come. A month whose figure is
// there counts as over; no figure is missing before the month is.
func (t *track) elapsed() (so, remaining int) {
	if !t.monthly {
		return t.next, t.Days() - t.next
	}
	all := t.month(t.Days()-1) + 1
	if t.next == 0 {
		return 0, all
	}
	so = t.month(t.next - 1)
	if t.monthEnds(t.next-1) || t.latest[so].known {
		so++
	}
	return so, all - so
}

// missing returns how many of the days, or months, so far have no valid figure.
func (t *track) missing() int {
	so, _ := t.elapsed()
	return so - t.upTo.count
}
