package figure

import (
	"strconv"

	"egret/rules/standard"
	"egret/rules/water"
)

// Class is the class of a water section for a sample or a period.
type Class struct {
	Station string
	Period  string // 4h (or what the station's readings stand for), day, month, quarter or year
	Start   int64  // Unix nanoseconds
	Type    water.Type
	Again   bool // it was made before
	*water.Section
}

// AppendLine appends the class as a point of the measurement water_class. A class that is not known is 0; what is said
// of the target stands in verdict, of which meets is a short form that cannot be taken back.
func (c *Class) AppendLine(to []byte) []byte {
	to = append(to, "water_class,station="...)
	to = append(to, c.Station...)
	to = append(to, ",period="...)
	to = append(to, c.Period...)
	to = append(to, " class="...)
	to = strconv.AppendInt(to, int64(c.Section.Class), 10)
	if c.Target != water.Unknown {
		to = append(to, "i,target="...)
		to = strconv.AppendInt(to, int64(c.Target), 10)
	}
	to = append(to, 'i')
	if c.Verdict != standard.NotEnough || c.Again {
		to = append(to, ",meets="...)
		to = strconv.AppendBool(to, c.Verdict == standard.Meets)
	}
	to = append(to, ",verdict=\""...)
	to = append(to, c.Verdict.String()...)
	to = append(to, '"')
	to = append(to, ",determining=\""...)
	for n, parameter := range c.Determining {
		if n > 0 {
			to = append(to, ',')
		}
		to = append(to, parameter...)
	}
	to = append(to, "\" "...)
	to = strconv.AppendInt(to, c.Start, 10)
	return append(to, '\n')
}
