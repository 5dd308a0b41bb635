package average

import (
	"slices"
	"time"

	"egret/rules/calendar"
	"egret/rules/mean"
	"egret/rules/sheet"
)

// Span is a month, a quarter, a year or what has passed of it, being averaged from its days (GB 3095-2026, 3.11 to
// 3.13: of the day values, not of the months).
type Span struct {
	means  mean.Means
	valid  [12]int // days of each month
	values []mean.Ratio
	keep   bool
}

// Begin empties the span and keeps its memory. percentile says whether one will be asked for.
func (s *Span) Begin(percentile bool) {
	*s = Span{values: s.values[:0], keep: percentile}
}

// Add adds the figure of a day; month is its own, and days without a valid figure are added too.
func (s *Span) Add(month time.Month, c Cell) {
	if c.Empty() || !c.Valid {
		return
	}
	s.valid[month-1]++
	s.means.Add(c.Value())
	if s.keep {
		s.values = append(s.values, c.Value().Common())
	}
}

// Cell is a day's figure as the page of a year holds it.
type Cell = sheet.Cell

// Month returns the mean of a month. Expected are its days, as they are those of a quarter and a year; where a value
// stands for its month, Count and Expected are of months.
func (s *Span) Month(c *Course, span calendar.Span) Figure {
	f := s.counted(&c.Month, span)
	_, month, _ := span.First.Date()
	f.Valid = f.Count > 0 && c.Month.enough(f.Count, f.Expected, month == time.February)
	return f
}

// Quarter returns the mean of a quarter: valid where each of its months is (an assumption; GB 3095 has a rule for
// lead only).
func (s *Span) Quarter(c *Course, span calendar.Span) Figure {
	f := s.counted(&c.Month, span)
	f.Valid = f.Count > 0
	_, first, _ := span.First.Date()
	for month := first; month < first+3; month++ {
		length := calendar.Date(span.First.Year(), month, 1).Month().Days()
		f.Valid = f.Valid && c.Month.enough(s.valid[month-1], length, month == time.February)
	}
	return f
}

// Year returns the mean of a year: as long as it is not over, of what has passed, and not valid before it has the
// days that the standard asks for.
func (s *Span) Year(c *Course, span calendar.Span) Figure {
	f := s.counted(&c.Year, span)
	f.Valid = f.Count > 0 && c.Year.enough(f.Count, f.Expected, false)
	for month := time.January; month <= time.December; month++ {
		need := c.Year.EveryMonth
		if month == time.February {
			need = c.Year.InFebruary
		}
		f.Valid = f.Valid && s.valid[month-1] >= need
	}
	return f
}

// ToDate returns the mean of the days so far. It is held to the same share of days as a whole year, and is not valid
// before it has the days of a month (an assumption: no standard speaks of a year that is not over).
func (s *Span) ToDate(c *Course, through calendar.Day) Figure {
	f := s.counted(&c.Year, calendar.Span{First: through.WholeYear().First, Last: through})
	share := c.Year.Share()
	f.Valid = f.Count >= max(1, c.Month.Needs(30, false)) && share.Of(f.Count, f.Expected)
	return f
}

// Sum returns the mean of the valid days whatever their number.
func (s *Span) Sum(span calendar.Span) Figure { return s.figure(span) }

// counted returns the figure of a span, counted in what is asked of it: in days, or in months.
func (s *Span) counted(d *Days, span calendar.Span) Figure {
	f := s.figure(span)
	if !d.Months {
		return f
	}
	_, first, _ := span.First.Date()
	_, last, _ := span.Last.Date()
	f.Count, f.Expected = 0, int(last-first)+1
	for month := first; month <= last; month++ {
		f.Count += min(1, s.valid[month-1])
	}
	return f
}

func (s *Span) figure(span calendar.Span) Figure {
	return Figure{Value: s.means.Mean(), Count: s.means.Count, Expected: span.Days()}
}

// Percentile returns the p-th percentile of the valid days, no number where there are none: HJ 663, annex A, linear
// between the neighbours of rank 1+(n-1)·p/100.
func (s *Span) Percentile(p int) mean.Ratio {
	n := len(s.values)
	if n == 0 || p == 0 {
		return mean.Ratio{}
	}
	slices.SortFunc(s.values, func(a, b mean.Ratio) int { return a.Sum.Compare(b.Sum) })
	rank := (n - 1) * p
	lower := rank / 100
	upper := min(lower+1, n-1)
	return s.values[lower].Between(s.values[upper], uint64(rank%100), 100)
}

// enough says whether a period has the days it needs.
func (d *Days) enough(count, days int, february bool) bool { return count >= d.Needs(days, february) }

// Needs returns how many valid days a period of so many needs; february says that it is that month.
func (d *Days) Needs(days int, february bool) int {
	switch {
	case d.Percent > 0:
		return Share{d.Percent, 100}.Needs(days)
	case february && d.February > 0:
		return d.February
	default:
		return d.Minimum
	}
}

// Share returns the days a year needs as a share of it.
func (d *Days) Share() Share {
	if d.Percent > 0 {
		return Share{d.Percent, 100}
	}
	if d.Months {
		return Share{d.Minimum, 12}
	}
	return Share{d.Minimum, 365}
}
