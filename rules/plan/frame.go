package plan

import (
	"egret/rules/calendar"
	"egret/rules/sheet"
)

// mostMonths is how many months a span may touch: a year that does not begin with one touches 13.
const mostMonths = 13

// frame is a span with the months in which its days lie, counted from the first.
type frame struct {
	calendar.Span
	monthOf []uint8 // by day
}

func frameOf(span calendar.Span) *frame {
	f := &frame{span, make([]uint8, span.Days())}
	month := uint8(0)
	for first := span.First; first <= span.Last; month++ {
		next := first.Month().Last + 1
		for day := first; day < min(next, span.Last+1); day++ {
			f.monthOf[day-span.First] = month
		}
		first = next
	}
	return f
}

// index returns which day of the span a day is, from 0.
func (f *frame) index(day calendar.Day) int { return int(day - f.First) }

// month returns in which month a day lies.
func (f *frame) month(index int) int { return int(f.monthOf[index]) }

// monthEnds says whether the day is the last of its month, or of the span.
func (f *frame) monthEnds(index int) bool {
	return index == len(f.monthOf)-1 || f.monthOf[index+1] != f.monthOf[index]
}

// isYear says whether the span is a whole calendar year.
func (f *frame) isYear() bool { return f.Span == f.First.WholeYear() }

// eachCell calls take for the cells of a row that are there up to a day, with the number of the day in the span.
func (f *frame) eachCell(averages Averages, station, parameter string, through calendar.Day, take func(int, sheet.Cell)) {
	for first := f.First; first <= through; {
		year := first.WholeYear()
		if row := averages.Row(station, parameter, first.Year()); row != nil {
			at := int(first - year.First)
			end := min(len(row.Cells), int(min(through, year.Last)-year.First)+1)
			for i := at; i < end; i++ {
				take(f.index(first)+i-at, row.Cells[i])
			}
		}
		first = year.Last + 1
	}
}
