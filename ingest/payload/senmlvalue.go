package payload

import (
	"bytes"
	"fmt"
	"strconv"
)

// senMLMeant is what the name, time and unit of a record come to.
type senMLMeant struct {
	station []byte
	passing bool // the station's memory is used again for the next record
	name    []byte
	unit    []byte
	instant int64
	hasTime bool
	profile *senMLPlan
}

func (p *senML) problem(what *senMLMeant, format string, arguments ...any) {
	p.into.problem("record %d, %s: "+format, append([]any{p.number, shown(what.name)}, arguments...)...)
}

// planned returns what the profile says of a name, nil if nothing.
func (what *senMLMeant) planned(name []byte) *meaning { return what.profile.names[string(name)] }

// take takes the value of a record, of whatever kind, and its sum.
func (p *senML) take(r *senMLRecord, what *senMLMeant) {
	kinds := 0
	for _, field := range [...][]byte{r.v, r.vs, r.vb, r.vd} {
		if field != nil {
			kinds++
		}
	}
	switch {
	case kinds > 1:
		p.problem(what, "it has several of v, vs, vb and vd, and may have one")
		return
	case r.v != nil:
		p.number64(what, what.name, r.v, &p.base.value)
	case r.vb != nil:
		p.truth(what, r.vb)
	case r.vs != nil:
		text, ok := plainString(r.vs)
		if !ok {
			p.problem(what, "vs %s is not a text", shown(r.vs))
			return
		}
		p.state(what, text)
	case r.vd != nil:
		p.problem(what, "it holds data (vd), which is no reading")
	case p.base.value.given && r.s == nil && r.empty == 0: // what is missing is zero (RFC 8428 section 4.5.4)
		p.add(what, what.name, p.base.value.number, what.unit)
	case r.s == nil && r.empty == 0:
		hint := ""
		if r.other != nil {
			hint = fmt.Sprintf(" (it has %q)", shown(r.other))
		}
		p.problem(what, "there is no value v%s", hint)
	}
	if r.s != nil {
		// A sum is in the unit times seconds; only a profile can say what that is.
		what.unit = nil
		p.number64(what, append(bytes.Clone(what.name), "_sum"...), r.s, &p.base.sum)
	}
}

func (p *senML) number64(what *senMLMeant, name, field []byte, base *senMLNumber) {
	if !beginsNumber(field) {
		hint := ""
		if begins(field, '"') {
			hint = ": write it without quotation marks"
		}
		p.problem(what, "%s is not a number%s", shown(field), hint)
		return
	}
	if p.absent(what.planned(name), field) {
		return
	}
	number, err := strconv.ParseFloat(string(field), 64)
	if err == nil {
		number, err = base.plus(number)
	}
	if err != nil || tooLarge(number) {
		p.problem(what, "%s is too large", shown(field))
		return
	}
	p.add(what, name, number, what.unit)
}

// truth takes a truth value: as 0 or 1 where a profile makes it a parameter, else as a state.
func (p *senML) truth(what *senMLMeant, field []byte) {
	switch {
	case field[0] != 't' && field[0] != 'f':
		p.problem(what, "vb %s is neither true nor false", shown(field))
	case what.planned(what.name) == nil:
		p.state(what, field)
	case field[0] == 't':
		p.add(what, what.name, 1, nil)
	default:
		p.add(what, what.name, 0, nil)
	}
}

func (p *senML) add(what *senMLMeant, name []byte, number float64, unit []byte) {
	named := what.planned(name)
	if named.leftOut() {
		return
	}
	v, err := named.value(name, number, unit)
	if err != nil {
		p.problem(what, "%v is too large", number)
		return
	}
	if named == nil && len(name) > len(what.name) {
		v.Parameter = nil // a sum that no profile names is no parameter
	}
	at := p.into.speak(what.station, what.instant, what.hasTime)
	if at < 0 {
		at = len(p.into.Statements)
		p.into.Statements = append(p.into.Statements, Statement{
			Station: p.station(what), Time: what.instant, HasTime: what.hasTime, Period: what.profile.period,
		})
	}
	values := p.into.Statements[at].Values
	switch {
	case len(values) == mostValues:
		p.problem(what, "is more than the %d values that one time may have", mostValues)
	case given(values, &v):
		p.problem(what, "is given twice for one time; the first number stands")
	default:
		p.into.add(at, v)
	}
}

func (p *senML) state(what *senMLMeant, text []byte) {
	subject := what.name
	if named := what.planned(what.name); named != nil {
		if named.leftOut() || p.absent(named, text) {
			return
		}
		subject = named.parameter
	}
	p.into.Notes = append(p.into.Notes, Note{
		Station: p.station(what), Time: what.instant, HasTime: what.hasTime, Kind: "state", Subject: subject, Field: "text", Text: text,
	})
}

// absent says whether a profile takes what is sent under a name for no value.
func (p *senML) absent(named *meaning, sent []byte) bool {
	if named == nil {
		return false
	}
	_, found := named.absent.text(sent)
	if found == numberAbsent {
		p.into.Empty++
	}
	return found == numberAbsent
}

// station returns the name of the station in memory that stays.
func (p *senML) station(what *senMLMeant) []byte {
	if !what.passing {
		return what.station
	}
	if last := len(p.into.Statements) - 1; last >= 0 && bytes.Equal(p.into.Statements[last].Station, what.station) {
		return p.into.Statements[last].Station
	}
	return bytes.Clone(what.station)
}
