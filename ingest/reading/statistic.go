package reading

import (
	"math"
	"slices"
	"strings"
)

// Statistics are the endings of keys that stand for another figure of a parameter in the same period: pm25_max is the
// largest pm25. Such figures are stored beside the parameter; averages are made of the parameter alone.
const (
	MinStatistic        = "_min"
	MaxStatistic        = "_max"
	TotalStatistic      = "_total"      // what passed in the period, in the unit that the station counts in
	ConvertedStatistic  = "_converted"  // to the reference oxygen content
	UnadjustedStatistic = "_unadjusted" // before the station's own correction
	DayStatistic        = "_day"        // of the day hours
	NightStatistic      = "_night"      // of the night hours
)

var statistics = []string{
	ConvertedStatistic + MinStatistic, ConvertedStatistic + MaxStatistic,
	MinStatistic, MaxStatistic, TotalStatistic, ConvertedStatistic, UnadjustedStatistic, DayStatistic, NightStatistic,
}

// Statistic returns the parameter that a key with one of the endings stands for, nil where it has none or what stands
// before it is no parameter of the table.
func (table Parameters) Statistic(key string) *Parameter {
	at := slices.IndexFunc(statistics, func(ending string) bool { return strings.HasSuffix(key, ending) })
	if at < 0 {
		return nil
	}
	of, known := table[strings.TrimSuffix(key, statistics[at])]
	if !known {
		return nil
	}
	p := *of
	p.Key, p.Law = strings.Clone(key), NoMean
	if statistics[at] == TotalStatistic {
		p.Unit, p.Low, p.High = "", -math.MaxInt32, MaxFixed
	}
	return &p
}
