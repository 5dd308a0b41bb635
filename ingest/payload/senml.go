package payload

import (
	"bytes"
	"cmp"

	"egret/ingest/reading"
)

// SenMLProfile says what the names of SenML records mean. A nil profile means that of the defaults.
type SenMLProfile struct {
	// Separators are the characters of which the last in a resolved name parts the station from the parameter; "" stands
	// for / and :, one that no name may hold, such as a space, for none. A name without any is a parameter of the station
	// that the transport names. They are those of the profile that goes by the transport's name.
	Separators string
	// Names are by what follows the separator, or by whole resolved names, which then are the transport's station's. A name
	// that is a parameter's key means that parameter. A record's sum goes by its name with _sum behind.
	Names  map[string]Target
	Period reading.Period
}

// defaultSeparators are as the examples of RFC 8428 have them: st17/pm25, urn:dev:ow:10e2073a:temp.
const defaultSeparators = "/:"

// senMLPlan is a [SenMLProfile] in the form that reading needs.
type senMLPlan struct {
	separators string
	names      map[string]*meaning
	period     reading.Period
}

// SenML returns the decoder of SenML JSON (RFC 8428): an array of records, or a single one. Records of one station and
// time become one statement. A record without a time, or with time 0, has none; one with a time below 2^28 seconds is
// that long after the receipt, mostly before it. Texts (vs) that are numbers are values. Under names that the profile has
// truth values (vb) are so, too, as 0 or 1, and other texts become notes of the kind state; under other names they are
// values of names that are not known. Data (vd) is passed over with a problem. The unit % is a ratio in SenML and is handed
// on as 1, like /. Profiles are read once.
func SenML(profiles Profiles[SenMLProfile]) Decoder {
	plans := prepared(profiles, func(p *SenMLProfile) *senMLPlan {
		p = cmp.Or(p, &SenMLProfile{})
		return &senMLPlan{cmp.Or(p.Separators, defaultSeparators), meanings(p.Names, nil), p.Period}
	})
	return func(in *Input, into *Message) error { return senMLPack(in, into, &plans) }
}

// senML reads one pack.
type senML struct {
	in     *Input
	into   *Message
	plans  *Profiles[senMLPlan]
	own    *senMLPlan // of the transport's station
	number int        // of the record, from 1
	base   senMLBase
	// broken says why nothing can be read any more: what comes would go by a base that is not understood.
	broken  string
	skipped int
	sender  []byte // the first station that the pack names
	full    [mostName]byte
}

func senMLPack(in *Input, into *Message, plans *Profiles[senMLPlan]) error {
	s := scanner{text: in.Payload}
	p := senML{in: in, into: into, plans: plans, own: plans.find(nil, in.Station)}
	err := s.objects("record", into, func(number int) error {
		p.number = number
		return p.record(&s)
	})
	if err != nil || len(into.Statements) == 0 {
		into.Sender = p.sender
	}
	if err != nil {
		return err
	}
	if p.broken != "" {
		into.problem("%s: nothing can be read from there on (%d records)", p.broken, p.skipped)
	}
	if into.saysNothing() {
		return errNoReadings
	}
	return nil
}

// record reads one object. Its mistakes of meaning become problems; an error is one of JSON itself.
func (p *senML) record(s *scanner) error {
	var r senMLRecord
	if err := r.read(s); err != nil {
		return err
	}
	p.into.Empty += r.empty
	if p.broken == "" {
		p.broken = p.base.take(&r, p.number)
	}
	switch {
	case p.broken != "":
		p.skipped++
	case r.foreign != nil:
		p.into.problem("record %d: the field %q must be understood by who reads it (RFC 8428 section 4.4), and is not", p.number, shown(r.foreign))
	case !r.onlyBase():
		p.resolve(&r)
	case len(p.sender) == 0:
		p.sender = p.base.name[:max(0, bytes.LastIndexAny(p.base.name, p.own.separators))]
	}
	return nil
}

// resolve joins a record with the base and takes what it says.
func (p *senML) resolve(r *senMLRecord) {
	name, ok := r.text(r.n)
	if !ok {
		p.into.problem("record %d: the name %s is not a text", p.number, shown(r.n))
		return
	}
	length := len(p.base.name) + len(name)
	if length > mostName {
		p.into.problem("record %d: the name has %d characters, more than %d", p.number, length, mostName)
		return
	}
	full := append(append(p.full[:0], p.base.name...), name...)
	if !senMLName(full) {
		p.into.problem("record %d: the name %q is no SenML name: letters, digits and - : . / _, a letter or digit first", p.number, full)
		return
	}
	what := senMLMeant{unit: p.base.unit}
	at := -1
	if _, whole := p.own.names[string(full)]; !whole {
		at = bytes.LastIndexAny(full, p.own.separators)
	}
	what.name = p.part(full, name, at+1, length)
	if len(what.name) == 0 {
		p.into.problem("record %d: the name %q ends where the name of a parameter should follow", p.number, full)
		return
	}
	switch {
	case at <= 0:
	case len(p.base.name) == 0:
		what.station = name[:at]
	case at <= len(p.base.name):
		what.station = p.base.name[:at]
	default:
		what.station, what.passing = full[:at], true
	}
	if len(p.sender) == 0 {
		p.sender = p.station(&what)
	}
	if what.instant, what.hasTime, ok = p.time(r); !ok {
		return
	}
	if r.u != nil {
		if what.unit, ok = r.text(r.u); !ok {
			p.problem(&what, "the unit %s is not a text", shown(r.u))
			return
		}
	}
	if len(what.unit) == 1 && (what.unit[0] == '%' || what.unit[0] == '/') {
		what.unit = ratioUnit
	}
	what.profile = p.plans.find(what.station, p.in.Station)
	p.take(r, &what)
}

// ratioUnit is what a ratio is called outside SenML, where % counts hundredths.
var ratioUnit = []byte("1")

// part returns a part of a resolved name in memory that stays: that of the payload, unless the part lies across the end
// of the base name.
func (p *senML) part(full, name []byte, from, to int) []byte {
	switch border := len(p.base.name); {
	case from >= border:
		return name[from-border : to-border]
	case to <= border:
		return p.base.name[from:to]
	}
	return bytes.Clone(full[from:to])
}

// senMLName says whether a resolved name is one (RFC 8428 section 4.5.1).
func senMLName(name []byte) bool {
	for i, c := range name {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
		case i > 0 && (c == '-' || c == ':' || c == '.' || c == '/' || c == '_'):
		default:
			return false
		}
	}
	return len(name) > 0
}
