// Package plan holds a city's plans: what it has promised to keep until when, where each promise stands after a day,
// what it still allows, and what it is likely to come to. All of it follows from the averages of days, the plan and the
// day alone; nothing here has a clock or a store.
package plan

import (
	"egret/rules/calendar"
	"egret/rules/rule"
)

// Plan is a plan (实施方案) with its targets.
type Plan struct {
	ID       string // names it in the configuration, in the database and in alerts
	Title    string // in its own language
	Document string // number and date of the document that it stands in
	About    string // what is assumed, and what is not certain
	Language Language
	Area     rule.Selector
	Period   Period
	Targets  []Target
	Duties   []Duty
}

// Target returns the target with the id, nil where there is none.
func (p *Plan) Target(id string) *Target {
	for i := range p.Targets {
		if p.Targets[i].ID == id {
			return &p.Targets[i]
		}
	}
	return nil
}

// Language is that of the reasons which are given with a plan's alerts and standings.
type Language string

// The languages.
const (
	English Language = "en"
	Chinese Language = "zh"
)

// Period is what a plan is for: whole years or parts of them.
type Period struct {
	From, Until calendar.Day // both included
	// Season restricts each year to a part of it, such as the months of ozone; zero: the whole year. A season that ends
	// before it begins goes on into the next year: the months of heating.
	Season Season
}

// Season is a part of a year.
type Season struct {
	FromMonth, FromDay, UntilMonth, UntilDay int
}

// Duty is what a plan orders to be done again and again, such as a bulletin every month.
type Duty struct {
	ID    string
	Name  string // in the plan's own language
	Every string // month, quarter, half-year, year or once: at the end of the plan
}
