package air

import (
	"egret/ingest/reading"
	"egret/rules/calendar"
	"egret/rules/mean"
	"egret/rules/standard"
)

// Grades of limits: class-1 function areas (一类区: national parks, nature reserves) keep grade 1, class-2 areas
// (二类区: where people live and work) grade 2. GB 3095-2026 4.1 and 4.2.
const (
	Grade1 = 1
	Grade2 = 2
)

// Limit is a concentration that must not be exceeded, in ug/m3, CO in mg/m3.
type Limit struct {
	Parameter string
	Statistic string
	Grade     int
	Value     reading.Fixed
	Places    int             // decimals to which a figure is rounded, half to even, before it is compared
	Rounding  standard.Source // what orders that rounding
	Source    standard.Source
	Phase     string // transitional or final; empty where the standard has one set of limits
}

// Compared returns the figure as it is compared with the limit: rounded once, from its exact value.
func (l *Limit) Compared(figure mean.Ratio) reading.Fixed {
	return figure.Round(l.Places, reading.HalfEven)
}

// Judge says whether a figure keeps the limit. No figure is [standard.NotEnough].
func (l *Limit) Judge(figure mean.Ratio) standard.Verdict {
	if !figure.Known() {
		return standard.NotEnough
	}
	return standard.Of(l.Compared(figure) <= l.Value)
}

// LimitEdition is what GB 3095 orders for the data of a span of days.
type LimitEdition struct {
	Standard string
	Phase    string
	standard.Validity
	GasState      string // the state to which volumes of gases refer
	ParticleState string // the same for particles and what is found in them
	tables        []limitTable
	column        int // of grade 1
	places        []decimals
	completeness  []Completeness
}

type limitTable struct {
	clause    string
	certainty standard.Certainty
	rows      []limitRow
}

// limitRow is a printed row; limits holds the columns of both grades, once for each phase.
type limitRow struct {
	parameter, statistic string
	limits               []reading.Fixed
}

// decimals says to how many places the figures of parameters are rounded. A row without parameters is for all others.
type decimals struct {
	parameter string
	places    int
	source    standard.Source
}

// LimitsAt returns the limits for data of the day, nil before GB 3095-2012 was published. For a quarter or a year give
// its last day: which limits hold for a year in which they change is not said in any source found (an assumption).
func LimitsAt(day calendar.Day) *LimitEdition {
	for i := range limitEditions {
		if limitEditions[i].Covers(day) {
			return &limitEditions[i]
		}
	}
	return nil
}

// Limit returns the limit of a parameter's statistic for a grade, and whether there is one.
func (e *LimitEdition) Limit(parameter, statistic string, grade int) (Limit, bool) {
	if grade != Grade1 && grade != Grade2 {
		return Limit{}, false
	}
	for _, table := range e.tables {
		for _, row := range table.rows {
			if row.parameter == parameter && row.statistic == statistic {
				places := e.decimalsOf(parameter)
				return Limit{
					Parameter: parameter, Statistic: statistic, Grade: grade,
					Value: row.limits[e.column+grade-1], Places: places.places, Rounding: places.source,
					Source: standard.Source{Standard: e.Standard, Clause: table.clause, Certainty: table.certainty},
					Phase:  e.Phase,
				}, true
			}
		}
	}
	return Limit{}, false
}

func (e *LimitEdition) decimalsOf(parameter string) decimals {
	for _, d := range e.places {
		if d.parameter == parameter || d.parameter == "" {
			return d
		}
	}
	return decimals{}
}

// Parameters returns the parameters that have a limit for the statistic, in the order of the tables.
func (e *LimitEdition) Parameters(statistic string) []string {
	var parameters []string
	for _, table := range e.tables {
		for _, row := range table.rows {
			if row.statistic == statistic {
				parameters = append(parameters, row.parameter)
			}
		}
	}
	return parameters
}
