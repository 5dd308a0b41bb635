package water

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"egret/ingest/reading"
)

// Assessment is what `egret assess water` prints: the judgement of one set of values. Null is what could not be told.
type Assessment struct {
	Standard       string                 `json:"standard"`
	Type           string                 `json:"type"`
	Class          *Class                 `json:"class"` // 1 to 6; 6 is inferior to Ⅴ
	ClassName      string                 `json:"class_name"`
	Status         string                 `json:"status"`
	Determining    []string               `json:"determining"`
	MainPollutants []AssessedPollutant    `json:"main_pollutants"`
	ByParameter    map[string]*Class      `json:"by_parameter"` // null: undecided
	Target         *Class                 `json:"target"`
	Meets          *bool                  `json:"meets"`
	BlackOdorous   *string                `json:"black_odorous"` // none, light or heavy
	TLI            *json.Number           `json:"tli"`
	Trophic        *string                `json:"trophic"`
	StatusEnglish  string                 `json:"status_english"`
	AtLeast        *Class                 `json:"at_least"` // the class the values prove already
	Exceeding      []AssessedPollutant    `json:"exceeding"`
	Apart          map[string]*Class      `json:"apart"`
	Missing        []string               `json:"missing"`
	SourceItems    []AssessedSourceItem   `json:"source_items,omitempty"`
	TrophicLevels  map[string]json.Number `json:"trophic_levels,omitempty"`
	Settings       []Setting              `json:"settings"`
}

// AssessedPollutant is an indicator beyond a class; Exceeds is null for pH and dissolved oxygen, which have no multiple.
type AssessedPollutant struct {
	Parameter string       `json:"parameter"`
	Class     Class        `json:"class"`
	Exceeds   *json.Number `json:"exceeds"`
}

// AssessedSourceItem is an item of tables 2 and 3 of GB 3838-2002, which sources of drinking water are held to.
type AssessedSourceItem struct {
	Parameter string      `json:"parameter"`
	Value     json.Number `json:"value"`
	Limit     json.Number `json:"limit"`
	Meets     *bool       `json:"meets"`
	Clause    string      `json:"clause"`
}

// ErrNoValues is returned where there is nothing to assess.
var ErrNoValues = errors.New("no values: give some, such as do=5.2 nh3n=0.4")

// ParseMeasured reads a value as it stands in a report: 5.2, 0.0003L for a non-detect with its detection limit, or -- and
// the empty text for a missing one.
func ParseMeasured(parameter, text string) (Measured, error) {
	m := Measured{Parameter: parameter}
	if text == "" || text == "--" {
		return m, nil
	}
	number, below := strings.CutSuffix(text, "L")
	value, err := reading.ParseFixed([]byte(number))
	if err != nil {
		return m, fmt.Errorf("%s: %q is no value: write a number, 0.0003L for a non-detect or -- for a missing value", parameter, text)
	}
	m.Value, m.Valid, m.BelowDetection = value, true, below
	return m, nil
}

// Assess judges values by all that is known of them: class, target (Unknown: none), trophic state of a lake,
// black-odorous degree by the urban guide. Its errors name the parameter and what is wrong with it.
func Assess(settings *Settings, kind Type, target Class, values []Measured) (Assessment, error) {
	if err := check(values); err != nil {
		return Assessment{}, err
	}
	var source DrinkingSource
	JudgeSource(&source, settings, kind, target, values)
	section := &source.Section
	a := Assessment{
		Standard: Standard, Type: kind.String(), Class: known(section.Class), ClassName: section.Class.String(),
		Status: section.Status.String(), StatusEnglish: section.Status.English(), AtLeast: known(section.AtLeast),
		Determining: list(section.Determining), Missing: list(section.Missing), MainPollutants: assessed(section.Main),
		ByParameter: byParameter(section.ByParameter), Apart: byParameter(section.Apart), Target: known(target),
		Meets: section.Verdict.Known(), Exceeding: assessed(section.Exceeding), Settings: settings.Describe(),
	}
	if degree := Urban.Sample(values); degree != DegreeUnknown {
		name := degree.String()
		a.BlackOdorous = &name
	}
	if kind == Lake {
		a.addTrophic(TrophicState(values))
	}
	for _, item := range source.Items {
		a.SourceItems = append(a.SourceItems, AssessedSourceItem{item.Parameter, number(item.Value), number(item.Limit), item.Verdict.Known(), item.Source.Clause})
	}
	return a, nil
}

func (a *Assessment) addTrophic(state Trophic) {
	if !state.Known {
		return
	}
	index, grade := number(state.Index), state.Grade.String()
	a.TLI, a.Trophic = &index, &grade
	a.TrophicLevels = map[string]json.Number{}
	for _, level := range state.Items {
		a.TrophicLevels[level.Parameter] = number(level.Index)
	}
}

// check refuses what cannot be assessed.
func check(values []Measured) error {
	if len(values) == 0 {
		return ErrNoValues
	}
	parameters := reading.BuiltinParameters()
	for i, m := range values {
		parameter, ok := parameters[m.Parameter]
		_, drinking := sourceLimits[m.Parameter]
		switch {
		case slices.ContainsFunc(values[:i], func(other Measured) bool { return other.Parameter == m.Parameter }):
			return fmt.Errorf("%s is given twice", m.Parameter)
		case !drinking && (!ok || parameter.Domain != reading.Water):
			return fmt.Errorf("%q is no parameter of water: use keys such as do, codmn, nh3n, tp", m.Parameter)
		case m.Valid && m.Value < 0 && drinking:
			return fmt.Errorf("%s=%s is negative", m.Parameter, m.Value)
		case m.Valid && !drinking && (m.Value.Float() < parameter.Low || m.Value.Float() > parameter.High):
			return fmt.Errorf("%s=%s is outside %g to %g %s", m.Parameter, m.Value, parameter.Low, parameter.High, parameter.Unit)
		}
	}
	return nil
}

func known(class Class) *Class {
	if class == Unknown {
		return nil
	}
	return &class
}

func list(names []string) []string { return append([]string{}, names...) }

func number(value reading.Fixed) json.Number { return json.Number(value.String()) }

func byParameter(classes []ParameterClass) map[string]*Class {
	table := make(map[string]*Class, len(classes))
	for _, c := range classes {
		table[c.Parameter] = known(c.Class)
	}
	return table
}

func assessed(pollutants []Pollutant) []AssessedPollutant {
	list := make([]AssessedPollutant, 0, len(pollutants))
	for _, p := range pollutants {
		entry := AssessedPollutant{Parameter: p.Parameter, Class: p.Class}
		if p.HasMultiple {
			exceeds := number(p.Exceeds)
			entry.Exceeds = &exceeds
		}
		list = append(list, entry)
	}
	return list
}
