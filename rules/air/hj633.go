package air

import (
	"strings"

	"egret/ingest/reading"
	"egret/rules/standard"
)

// indexNodes are the index values of the rows of HJ 633's table of breakpoints, the same in both editions.
var indexNodes = [...]int{0, 50, 100, 150, 200, 300, 400, 500}

// breakpoints reads a column of HJ 633's table; above its last node the index stays, because it ends at 500 (2026,
// 4.1.1; of 2012 from memory, and as the national feed has it).
func breakpoints(places int, row string) *column {
	concentrations := printed(row)
	c := &column{places: places}
	for i := 1; i < len(concentrations); i++ {
		c.lines = append(c.lines, line{concentrations[i-1], concentrations[i], indexNodes[i-1], indexNodes[i]})
	}
	return c
}

// endingWith returns the column with something else than its last index above it.
func (c *column) endingWith(b beyond, instead *fallback) *column {
	changed := *c
	changed.beyond, changed.instead = b, instead
	return &changed
}

// coveredBy returns the column with the input that decides above it.
func (c *column) coveredBy(parameter string) *column {
	changed := *c
	changed.covered = parameter
	return &changed
}

// Columns of the tables of breakpoints of HJ 633-2012 (those named Old) and HJ 633-2026; most are the same in both.
var (
	so2Day   = breakpoints(0, "0  50 150  475  800 1600 2100 2620")
	so2Hour  = breakpoints(0, "0 150 500  650  800")
	no2Day   = breakpoints(0, "0  40  80  180  280  565  750  940")
	no2Hour  = breakpoints(0, "0 100 200  700 1200 2340 3090 3840")
	coDay    = breakpoints(1, "0   2   4   14   24   36   48   60")
	coHour   = breakpoints(1, "0   5  10   35   60   90  120  150")
	o3Hour   = breakpoints(0, "0 160 200  300  400  800 1000 1200")
	o3Eight  = breakpoints(0, "0 100 160  215  265  800")
	pm10Old  = breakpoints(0, "0  50 150  250  350  420  500  600")
	pm10Day  = breakpoints(0, "0  50 120  250  350  420  500  600")
	pm25Old  = breakpoints(0, "0  35  75  115  150  250  350  500")
	pm25Day  = breakpoints(0, "0  35  60  115  150  250  350  500")
	so2Above = &fallback{"so2_24h", so2Day} // HJ 633-2012, note under the table

	// In 2012 a value above 800 has no index from these two columns; that of ozone's 1 h value decides, which enters by itself.
	so2HourOld = so2Hour.endingWith(nothing, so2Above)
	o3EightOld = o3Eight.endingWith(nothing, nil).coveredBy("o3")
)

// hj633 holds both editions. Inputs stand in the order in which the national feed names primary pollutants that tie:
// NO2 before PM10 and PM10 before PM2.5 and O3 in all its ties that were seen; the rest is in keeping with it.
var hj633 = []*indexEdition{
	{
		standard: "HJ 633-2012",
		Validity: standard.Validity{From: published2012, Until: inForce2026 - 1},
		day:      inputs("so2 no2 pm10 pm25 o3 o3_8h co", so2Day, no2Day, pm10Old, pm25Old, o3Hour, o3EightOld, coDay),
		hour:     inputs("so2 no2 pm10 pm25 o3 co", so2HourOld, no2Hour, pm10Old, pm25Old, o3Hour, coHour),
		hourLetter: inputs("so2 no2 pm10 pm10_24h pm25 pm25_24h o3 o3_8h co",
			so2HourOld, no2Hour, pm10Old, pm10Old, pm25Old, pm25Old, o3Hour, o3EightOld, coHour),
		result: reading.Upward, categories: categoriesChina, primaryAbove: 50,
		partialAbove: noRule,
		feedNeeds:    [][]string{{"pm10", "pm25"}},
	},
	{
		standard: "HJ 633-2026",
		Validity: standard.Validity{From: inForce2026},
		day:      inputs("so2 no2 pm10 pm25 o3_8h co", so2Day, no2Day, pm10Day, pm25Day, o3Eight, coDay),
		hour:     inputs("so2 no2 pm10 pm25 o3 co", so2Hour, no2Hour, pm10Day, pm25Day, o3Hour, coHour),
		entry:    rounded, // 4.2.2 and 4.2.3
		result:   reading.Upward, categories: categoriesChina, primaryAbove: 50,
		least:        1,   // 4.1.1 has the index run from 1, though a concentration of 0 gives 0: raised (an assumption)
		partialAbove: 100, // 5.3.1
		feedNeeds:    [][]string{{"pm25"}, {"o3", "o3_8h"}, {"so2"}, {"no2"}, {"co"}},
	},
}

// inputs puts parameters beside their columns.
func inputs(parameters string, columns ...*column) []input {
	var list []input
	for i, parameter := range strings.Fields(parameters) {
		list = append(list, input{parameter: parameter, column: columns[i]})
	}
	return list
}
