package figure

import (
	"bytes"
	"encoding/json"
	"strconv"
	"time"

	"egret/ingest/reading"
	"egret/rules/calendar"
	"egret/rules/mean"
	"egret/rules/plan"
)

// Plan is where a target of a plan stands after a day.
type Plan struct {
	Plan  *plan.Plan
	Start int64        // of the standing's day, Unix nanoseconds
	At    int64        // end of that day, Unix nanoseconds
	Since calendar.Day // from which day on it has had its state
	*plan.Standing
}

// AppendLine appends the standing as a point of the measurement plan. What is not known has no field, and a field that was
// written before cannot be taken back: whether the target is met to date stands in verdict, of which met is a short form.
func (p *Plan) AppendLine(to []byte) []byte {
	to = append(to, "plan,plan="...)
	to = reading.AppendTag(to, p.Plan.ID)
	to = append(to, ",target="...)
	to = reading.AppendTag(to, p.Target.ID)
	to = append(to, ` state="`...)
	to = append(to, p.State.String()...)
	to = append(to, '"')
	to = appendNumber(to, "value", p.Value)
	if p.Due {
		to = append(to, ",limit="...)
		to = p.Limit.Append(to)
		to = append(to, `,verdict="`...)
		to = append(to, p.Verdict.String()...)
		to = append(to, '"')
	}
	if met := p.met(); met != nil {
		to = append(to, ",met="...)
		to = strconv.AppendBool(to, *met)
	}
	if p.AllowanceKnown {
		to = append(to, ",allowance="...)
		to = p.Allowance.Append(to)
	}
	to = appendNumber(to, "projection", p.Projection)
	to = appendNumber(to, "projection_low", p.ProjectionLow)
	to = appendNumber(to, "projection_high", p.ProjectionHigh)
	to = append(to, ",coverage="...)
	to = strconv.AppendFloat(to, p.Coverage(), 'f', -1, 64)
	to = appendCount(to, "count", p.Counted)
	to = appendCount(to, "expected", p.Expected)
	to = appendCount(to, "remaining", p.Remaining)
	to = appendNumber(to, "last_year", p.LastYear)
	if change, known := p.Change(); known {
		to = append(to, ",change="...)
		to = change.Append(to)
	}
	to = append(to, `,since="`...)
	to = append(to, p.Since.String()...)
	to = append(to, `",reason="`...)
	to = reading.AppendText(to, p.Plan.Reason(p.Standing))
	to = append(to, `" `...)
	to = strconv.AppendInt(to, p.Start, 10)
	return append(to, '\n')
}

func appendNumber(to []byte, field string, number mean.Ratio) []byte {
	if !number.Known() {
		return to
	}
	to = append(to, ',')
	to = append(to, field...)
	to = append(to, '=')
	return number.Fixed().Append(to)
}

func appendCount(to []byte, field string, count int) []byte {
	to = append(to, ',')
	to = append(to, field...)
	to = append(to, '=')
	to = strconv.AppendInt(to, int64(count), 10)
	return append(to, 'i')
}

// met returns whether the value to date meets the target, nil where that cannot be said or there is nothing to meet.
func (p *Plan) met() *bool {
	if !p.Due {
		return nil
	}
	return p.Verdict.Known()
}

// planPart is a part of a standing as JSON.
type planPart struct {
	Name  string `json:"name"`
	Label string `json:"label"`
	Value int    `json:"value"`
	Fails bool   `json:"fails"`
}

// MarshalIn returns the standing as an object, its instants in the zone. Null is what is not known.
func (p *Plan) MarshalIn(zone *time.Location) ([]byte, error) {
	o := struct {
		Type           string     `json:"type"`
		Plan           string     `json:"plan"`
		Target         string     `json:"target"`
		At             string     `json:"at"`
		Day            string     `json:"day"`
		Value          *Decimal   `json:"value"`
		Compared       *Decimal   `json:"compared"`
		Limit          *Decimal   `json:"limit"`
		Comparison     string     `json:"comparison"`
		Unit           string     `json:"unit"`
		Met            *bool      `json:"met"`
		State          string     `json:"state"`
		Since          string     `json:"since"`
		Allowance      *Decimal   `json:"allowance"`
		Projection     *Decimal   `json:"projection"`
		ProjectionLow  *Decimal   `json:"projection_low"`
		ProjectionHigh *Decimal   `json:"projection_high"`
		ByLastYear     bool       `json:"by_last_year"`
		LastYear       *Decimal   `json:"last_year"`
		Change         *Decimal   `json:"change"`
		Counted        int        `json:"counted"`
		Expected       int        `json:"expected"`
		Remaining      int        `json:"remaining"`
		Coverage       float64    `json:"coverage"`
		Valid          bool       `json:"valid"`
		Reason         string     `json:"reason"`
		Parts          []planPart `json:"parts"`
	}{
		Type: "plan", Plan: p.Plan.ID, Target: p.Target.ID, At: show(p.At, zone), Day: p.Day.String(), Value: decimal(p.Value),
		Compared: decimalWhere(p.Value.Known(), p.Compared), Limit: decimalWhere(p.Due, p.Limit),
		Comparison: string(p.Target.Comparison), Unit: p.Target.Unit, Met: p.met(), State: p.State.String(), Since: p.Since.String(),
		Allowance: decimalWhere(p.AllowanceKnown, p.Allowance), Projection: decimal(p.Projection),
		ProjectionLow: decimal(p.ProjectionLow), ProjectionHigh: decimal(p.ProjectionHigh), ByLastYear: p.ByLastYear, LastYear: decimal(p.LastYear),
		Counted: p.Counted, Expected: p.Expected, Remaining: p.Remaining, Coverage: p.Coverage(), Valid: p.Valid,
		Reason: p.Plan.Reason(p.Standing), Parts: make([]planPart, len(p.Parts)),
	}
	change, known := p.Change()
	o.Change = decimalWhere(known, change)
	for i, part := range p.Parts {
		o.Parts[i] = planPart(part)
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false) // a comparison is <=
	err := encoder.Encode(&o)
	return bytes.TrimSuffix(text.Bytes(), []byte{'\n'}), err
}

func decimal(number mean.Ratio) *Decimal { return decimalWhere(number.Known(), number.Fixed()) }

func decimalWhere(known bool, number reading.Fixed) *Decimal {
	if !known {
		return nil
	}
	d := Decimal(number)
	return &d
}
