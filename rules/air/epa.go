package air

import (
	"egret/ingest/reading"
	"egret/rules/calendar"
	"egret/rules/standard"
)

// classIndices are the index values between which the classes of the US EPA run; the highest class of the older table
// was in two parts.
var (
	classIndices    = []line{{from: 0, to: 50}, {from: 51, to: 100}, {from: 101, to: 150}, {from: 151, to: 200}, {from: 201, to: 300}, {from: 301, to: 500}}
	classIndicesOld = []line{{from: 0, to: 50}, {from: 51, to: 100}, {from: 101, to: 150}, {from: 151, to: 200}, {from: 201, to: 300}, {from: 301, to: 400}, {from: 401, to: 500}}
)

// classes reads a column of the US EPA's table: the bounds of its classes, low and high, beginning with the given one.
func classes(places int, end beyond, indices []line, row string) *column {
	bounds := printed(row)
	c := &column{places: places, beyond: end}
	for i := 0; i < len(bounds); i += 2 {
		c.lines = append(c.lines, line{bounds[i], bounds[i+1], indices[i/2].from, indices[i/2].to})
	}
	return c
}

// Table 6 of the Technical Assistance Document, EPA-454/B-24-002, May 2024. Units: ozone and CO ppm, PM ug/m3, SO2 and
// NO2 ppb. The upper end of the last class is the value that means 500.
var (
	epaO3Eight = classes(3, nothing, classIndices, "0 0.054  0.055 0.070  0.071 0.085  0.086 0.105  0.106 0.200").coveredBy("o3")
	epaO3Hour  = classes(3, goesOn, classIndices[2:], "0.125 0.164  0.165 0.204  0.205 0.404  0.405 0.604")
	epaPM25    = classes(1, goesOn, classIndices, "0 9.0  9.1 35.4  35.5 55.4  55.5 125.4  125.5 225.4  225.5 325.4")
	epaPM10    = classes(0, goesOn, classIndices, "0 54  55 154  155 254  255 354  355 424  425 604")
	epaCO      = classes(1, goesOn, classIndices, "0 4.4  4.5 9.4  9.5 12.4  12.5 15.4  15.5 30.4  30.5 50.4")
	epaSO2Hour = classes(0, stays, classIndices, "0 35  36 75  76 185  186 304")
	epaSO2Day  = classes(0, goesOn, classIndices[4:], "305 604  605 1004")
	epaNO2     = classes(0, goesOn, classIndices, "0 53  54 100  101 360  361 649  650 1249  1250 2049")
)

// The tables before 2024-05-06, from memory; those of PM2.5 and PM10 reproduce all daily indices of AQS files that were
// made with them. The columns of ozone are those in force since December 2015.
var (
	epaO3HourOld = classes(3, goesOn, classIndicesOld[2:], "0.125 0.164  0.165 0.204  0.205 0.404  0.405 0.504  0.505 0.604")
	epaPM25Old   = classes(1, goesOn, classIndicesOld, "0 12.0  12.1 35.4  35.5 55.4  55.5 150.4  150.5 250.4  250.5 350.4  350.5 500.4")
	epaPM10Old   = classes(0, goesOn, classIndicesOld, "0 54  55 154  155 254  255 354  355 424  425 504  505 604")
	epaCOOld     = classes(1, goesOn, classIndicesOld, "0 4.4  4.5 9.4  9.5 12.4  12.5 15.4  15.5 30.4  30.5 40.4  40.5 50.4")
	epaSO2DayOld = classes(0, goesOn, classIndicesOld[4:], "305 604  605 804  805 1004")
	epaNO2Old    = classes(0, goesOn, classIndicesOld, "0 53  54 100  101 360  361 649  650 1249  1250 1649  1650 2049")
)

// One ppb of a gas in ug/m3, and of CO one ppm in mg/m3, at 298.15 K and 1013.25 hPa.
var (
	ppbOfSO2 = printed("2.6186")[0]
	ppbOfNO2 = printed("1.8804")[0]
	ppmOfO3  = printed("1961.9")[0]
	ppmOfCO  = printed("1.1449")[0]
)

// epa holds the editions of the US EPA's index. An SO2 1 h value of 305 ppb or more gives 200, and the 24 h value what
// is more than that; an ozone 1 h value counts from 0.125 ppm.
var epa = []*indexEdition{
	{
		standard: "US EPA AQI before May 2024",
		Validity: standard.Validity{From: epaPM25Previous, Until: epaPM25Revised - 1},
		day: []input{
			{"pm10", epaPM10Old, 0}, {"pm25", epaPM25Old, 0}, {"o3", epaO3HourOld, ppmOfO3}, {"o3_8h", epaO3Eight, ppmOfO3},
			{"so2", epaSO2Hour, ppbOfSO2}, {"so2_24h", epaSO2DayOld, ppbOfSO2}, {"no2", epaNO2Old, ppbOfNO2}, {"co", epaCOOld, ppmOfCO},
		},
		entry: truncated, result: reading.HalfUp, categories: categoriesEPA, partialAbove: noRule,
	},
	{
		standard: "US EPA AQI (EPA-454/B-24-002, May 2024)",
		Validity: standard.Validity{From: epaPM25Revised},
		day: []input{
			{"pm10", epaPM10, 0}, {"pm25", epaPM25, 0}, {"o3", epaO3Hour, ppmOfO3}, {"o3_8h", epaO3Eight, ppmOfO3},
			{"so2", epaSO2Hour, ppbOfSO2}, {"so2_24h", epaSO2Day, ppbOfSO2}, {"no2", epaNO2, ppbOfNO2}, {"co", epaCO, ppmOfCO},
		},
		entry: truncated, result: reading.HalfUp, categories: categoriesEPA, partialAbove: noRule,
	},
}

// USDayIndex fills into with the US EPA's index of a day or, from NowCasts, of an hour. Values are in ug/m3, CO in mg/m3,
// gases at 298.15 K; they are brought to the table's units, in which [SubIndex] has them. They are those the table asks
// for: 24 h means of pm25, pm10 and so2_24h; the largest 8 h means of o3_8h and co; the largest 1 h means of o3, so2 and
// no2. A negative mean counts as 0, as AQS has it. AQS restates old years with the table of today: give a day of today.
func USDayIndex(into *Index, day calendar.Day, values []Measured) {
	e := editionAt(epa, day)
	if e == nil {
		into.clear()
		return
	}
	e.fill(into, e.day, values, &Practice{})
}
