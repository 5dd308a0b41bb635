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
		p.text(what, text)
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
	named := what.planned(name)
	if named != nil {
		if _, found := named.absent.text(field); found == numberAbsent {
			p.into.Empty++
			return
		}
	}
	number, err := strconv.ParseFloat(string(field), 64)
	if err == nil {
		number, err = base.plus(number)
	}
	switch {
	case err == nil && !tooLarge(number):
		p.add(what, name, number, what.unit)
	case named.meansReading(name):
		p.problem(what, "%s is too large", shown(field))
	default:
		p.put(what, unknown(name))
	}
}

// truth takes a truth value: as 0 or 1 where a profile makes it a parameter.
func (p *senML) truth(what *senMLMeant, field []byte) {
	switch {
	case field[0] != 't' && field[0] != 'f':
		p.problem(what, "vb %s is neither true nor false", shown(field))
	case what.planned(what.name) == nil:
		p.noNumber(what, field)
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
	p.put(what, v)
}

// put adds a value to the statement of its station and time.
func (p *senML) put(what *senMLMeant, v Value) {
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

// text takes a text: as a number where it is one, else as a state where a profile makes it one of a parameter.
func (p *senML) text(what *senMLMeant, text []byte) {
	named := what.planned(what.name)
	if named.leftOut() {
		return
	}
	switch number, found := named.marks().text(text); {
	case found == numberFound:
		p.add(what, what.name, number, what.unit)
	case found == numberAbsent:
		p.into.Empty++
	case named == nil || found == numberTooLarge:
		p.noNumber(what, text)
	default:
		p.into.Notes = append(p.into.Notes, Note{
			Station: p.station(what), Time: what.instant, HasTime: what.hasTime, Kind: "state", Subject: named.parameter, Field: "text", Text: text,
		})
	}
}

// noNumber says of what was sent under a name that it is no number to be stored.
func (p *senML) noNumber(what *senMLMeant, sent []byte) {
	if what.planned(what.name).meansReading(what.name) {
		p.problem(what, "%s is not a number that can be stored", shown(sent))
		return
	}
	p.put(what, unknown(what.name))
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
