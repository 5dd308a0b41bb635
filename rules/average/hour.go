package average

import (
	"egret/ingest/reading"
	"egret/rules/mean"
)

// Hour is what was measured in one hour, or in one reading that is longer than an hour. The zero Hour is empty.
type Hour struct {
	Mean  reading.Fixed // rounded half-even to the ninth decimal: the record from which all above is exact
	Count uint32        // usable readings
	Valid bool
}

// Figure is an average as it stands.
type Figure struct {
	Value    mean.Ratio // not Known: there was nothing valid
	Count    int        // valid values in it
	Expected int        // that a complete one would have
	Valid    bool
}

// Coverage returns the share of expected values that are there, 1 at most.
func (f *Figure) Coverage() float64 { return min(1, float64(f.Count)/float64(max(1, f.Expected))) }

// Slide returns the mean of the latest hours. hours are those of the window, oldest first, every reading standing for
// step hours.
func (s *Sliding) Slide(law reading.Law, hours []Hour, step int) Figure {
	f := Mean(law, hours)
	f.Expected = max(1, s.Hours/step)
	f.Valid = f.Count > 0 && f.Count*s.Hours >= s.Minimum*f.Expected
	return f
}

// Mean returns the mean of the valid hours. Expected is not set.
func Mean(law reading.Law, hours []Hour) Figure {
	total := mean.Total{Law: law}
	for i := range hours {
		if hours[i].Valid {
			total.Add(hours[i].Mean)
		}
	}
	return Figure{Value: total.Ratio(), Count: total.Count}
}

// extreme returns the largest or smallest of the hours that are there: an extreme counts however few values it is of.
func extreme(hours []Hour, sign reading.Fixed) Figure {
	var f Figure
	var most reading.Fixed
	for i := range hours {
		if hours[i].Count == 0 {
			continue
		}
		if f.Count == 0 || hours[i].Mean*sign > most*sign {
			most = hours[i].Mean
			f.Value = mean.Whole(most)
		}
		f.Count++
	}
	return f
}
