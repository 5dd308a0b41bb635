package payload

import (
	"fmt"
	"math"
	"strconv"

	"egret/ingest/reading"
)

// senMLRecord is one record as it stands in the payload, each field as JSON, nil where it is missing or null.
type senMLRecord struct {
	bn, bt, bu, bv, bs, bver []byte
	n, u, t                  []byte
	v, vs, vb, vd, s         []byte
	foreign                  []byte // a field that must be understood
	other                    []byte // a field that nobody has to understand
	empty                    int    // values given as null
}

func (r *senMLRecord) field(key []byte) *[]byte {
	switch string(key) {
	case "bn":
		return &r.bn
	case "bt":
		return &r.bt
	case "bu":
		return &r.bu
	case "bv":
		return &r.bv
	case "bs":
		return &r.bs
	case "bver":
		return &r.bver
	case "n":
		return &r.n
	case "u":
		return &r.u
	case "t":
		return &r.t
	case "v":
		return &r.v
	case "vs":
		return &r.vs
	case "vb":
		return &r.vb
	case "vd":
		return &r.vd
	case "s":
		return &r.s
	}
	return nil
}

func (r *senMLRecord) read(s *scanner) error {
	return s.object(func(key []byte) error {
		start := s.at
		if err := s.skip(); err != nil {
			return err
		}
		part := s.text[start:s.at]
		field := r.field(key)
		switch {
		case field == nil && len(key) > 0 && key[len(key)-1] == '_':
			r.foreign = key
		case field == nil:
			if string(key) != "ut" && string(key) != "l" {
				r.other = key
			}
		case part[0] != 'n':
			*field = part
		default:
			*field = nil
			if key[0] == 'v' || key[0] == 's' {
				r.empty++
			}
		}
		return nil
	})
}

// onlyBase says whether the record only sets the base for those that follow.
func (r *senMLRecord) onlyBase() bool {
	return (r.bn != nil || r.bt != nil || r.bu != nil || r.bv != nil || r.bs != nil || r.bver != nil) && r.empty == 0 &&
		r.n == nil && r.u == nil && r.t == nil && r.v == nil && r.vs == nil && r.vb == nil && r.vd == nil && r.s == nil
}

// text returns what a field says; ok is false if it is something else than a text. A missing one says nothing.
func (r *senMLRecord) text(field []byte) (content []byte, ok bool) {
	if field == nil {
		return nil, true
	}
	return plainString(field)
}

// senMLBase is what the base fields of the records so far give to those that follow (RFC 8428 section 4.1).
type senMLBase struct {
	name, unit []byte
	time       reading.Fixed
	value, sum senMLNumber
}

// senMLNumber is a number that is added to others; the zero senMLNumber is 0.
type senMLNumber struct {
	given  bool
	number float64
	fixed  reading.Fixed // the same, if exact
	exact  bool
}

// The versions that are understood: that of RFC 8428 (and those before it), and the one that RFC 9100 gives to packs
// with the secondary units of RFC 8798.
const (
	senMLVersion               = 10
	senMLVersionSecondaryUnits = 26
)

// take takes the base fields of a record, and returns what is wrong with them.
func (b *senMLBase) take(r *senMLRecord, number int) (wrong string) {
	problem := func(label string, field []byte, what string) string {
		return fmt.Sprintf("record %d: %s %s is %s", number, label, shown(field), what)
	}
	var ok bool
	if r.bver != nil {
		version, err := strconv.ParseFloat(string(r.bver), 64)
		if err != nil || (version > senMLVersion && version != senMLVersionSecondaryUnits) {
			return problem("version bver", r.bver, "not one that can be read: 10, or 26 with secondary units")
		}
	}
	if r.bn != nil {
		if b.name, ok = plainString(r.bn); !ok {
			return problem("bn", r.bn, "not a text")
		}
		if len(b.name) > mostName {
			return fmt.Sprintf("record %d: bn has %d characters, more than %d", number, len(b.name), mostName)
		}
	}
	if r.bu != nil {
		if b.unit, ok = plainString(r.bu); !ok {
			return problem("bu", r.bu, "not a text")
		}
	}
	if r.bt != nil {
		var err error
		if b.time, err = reading.ParseFixed(r.bt); err != nil {
			return problem("bt", r.bt, "not a time in seconds")
		}
	}
	if r.bv != nil {
		if b.value, ok = senMLNumberOf(r.bv); !ok {
			return problem("bv", r.bv, "not a number within ±9.2e9")
		}
	}
	if r.bs != nil {
		if b.sum, ok = senMLNumberOf(r.bs); !ok {
			return problem("bs", r.bs, "not a number within ±9.2e9")
		}
	}
	return ""
}

func senMLNumberOf(field []byte) (n senMLNumber, ok bool) {
	number, found := parseNumber(field)
	if found != numberFound {
		return n, false
	}
	n = senMLNumber{given: true, number: number}
	if fixed, err := reading.ParseFixed(field); err == nil {
		n.fixed, n.exact = fixed, fixed.Float() == number
	}
	return n, true
}

// plus returns n and a number of a record, in decimal where n has not more than nine digits behind the point.
func (n *senMLNumber) plus(number float64) (float64, error) {
	switch {
	case !n.given:
		return number, nil
	case !n.exact:
		return n.number + number, nil
	}
	return reading.Linear(number, 0, n.fixed)
}

// relativeBelow is the time below which times are that long after the receipt (RFC 8428 section 4.5.3).
const relativeBelow = reading.Fixed(1<<28) * reading.FixedOne

// time returns the resolved time of a record, exact to a microsecond.
func (p *senML) time(r *senMLRecord) (instant int64, hasTime, ok bool) {
	sum := p.base.time
	if r.t != nil {
		t, err := reading.ParseFixed(r.t)
		if err != nil || math.Abs(float64(sum)+float64(t)) >= float64(instantsEnd) {
			p.into.problem("record %d: time %s is not seconds since 1970 up to 2200, nor seconds from now", p.number, shown(r.t))
			return 0, false, false
		}
		sum += t
	}
	switch {
	case sum == 0:
		return 0, false, true
	case sum < relativeBelow:
		instant = p.in.Received + int64(sum)
	default:
		instant = (int64(sum) + 500) / 1000 * 1000
	}
	if instant < 0 || instant >= instantsEnd {
		p.into.problem("record %d: time %s s %s", p.number, sum, errTimeRange)
		return 0, false, false
	}
	return instant, true, true
}
