package payload

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"

	"egret/ingest/reading"
)

// NumberProfile says what bare numbers mean.
type NumberProfile struct {
	Names map[string]Target // what the topic's level means; one that is a parameter's key means that parameter
	// Absent are texts and numbers that stand for no value; "", nan, null, unavailable and unknown always do.
	Absent []string
}

// numberPlan is a [NumberProfile] in the form that reading needs.
type numberPlan struct {
	names  map[string]*meaning
	absent absentMarks
}

// BareNumber returns the decoder of payloads that are one number, such as 35.2 or "35.2"; the topic names the parameter.
func BareNumber(profiles Profiles[NumberProfile]) Decoder {
	plans := prepared(profiles, func(p *NumberProfile) *numberPlan {
		p = cmp.Or(p, &NumberProfile{})
		return &numberPlan{meanings(p.Names, p.Absent), newAbsentMarks(p.Absent)}
	})
	return func(in *Input, into *Message) error {
		if in.Parameter == "" {
			return errors.New("nobody says which parameter this number is: put {parameter} into the topic of the subscription, such as sensors/{station}/{parameter}")
		}
		if len(in.Parameter) > mostName {
			return fmt.Errorf("the topic's level for the parameter is longer than %d bytes: %s", mostName, reading.Shorten(in.Parameter))
		}
		plan := plans.find(nil, in.Station)
		means, known := plan.names[in.Parameter]
		if means.leftOut() {
			return nil
		}
		var name []byte
		marks := &plan.absent
		if known {
			name, marks = means.name, &means.absent
		} else {
			name = []byte(in.Parameter)
		}
		number, found := marks.bare(in.Payload)
		switch found {
		case numberAbsent:
			into.Empty++
			return nil
		case numberNone:
			return fmt.Errorf("%s: the payload is not a number: %q", reading.Shorten(in.Parameter), shown(in.Payload))
		}
		value, err := means.value(name, number, nil)
		if found == numberTooLarge && !means.meansReading(name) {
			value, found = unknown(name), numberFound
		}
		if found == numberTooLarge || err != nil {
			return fmt.Errorf("%s: %s is too large", reading.Shorten(in.Parameter), shown(bytes.TrimSpace(in.Payload)))
		}
		into.values = append(into.values, value)
		into.Statements = append(into.Statements, Statement{Values: into.values[len(into.values)-1:]})
		return nil
	}
}
