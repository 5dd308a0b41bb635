package payload

import (
	"bytes"
	"slices"
	"strconv"
)

// mostInstruments bounds the names for one parameter in a message.
const mostInstruments = 9

// values reads the values of a message; found is false if none of the paths is there.
func (r *mappingReader) values() (found bool) {
	for i := range r.plan.values {
		v := &r.plan.values[i]
		value := r.found[v.slot]
		if value == nil {
			continue
		}
		found = true
		r.use(value)
		r.take(v.name, v.meaning, value, nil, r.flag)
	}
	for i := range r.plan.lists {
		l := &r.plan.lists[i]
		list := r.found[l.slot]
		if list == nil {
			continue
		}
		found = true
		r.use(list)
		switch {
		case begins(list, '['):
			r.list(l, list)
		case !begins(list, 'n'):
			r.problem("%s is not a list but %s", l.Path, shown(list))
		}
	}
	for i, slot := range r.plan.groups {
		group := r.found[slot]
		if group == nil {
			continue
		}
		found = true
		switch {
		case begins(group, '{'):
			r.name = r.name[:0]
			_ = r.group(&scanner{text: group}) // it is JSON
		case !begins(group, 'n'):
			r.problem("%s is not an object but %s", r.plan.Groups[i], shown(group))
		}
	}
	return found
}

// list reads a list of objects that hold a name and a value each.
func (r *mappingReader) list(l *plannedList, list []byte) {
	number := 0
	var memory [4][]byte
	found := memory[:len(l.names)]
	s := scanner{text: list}
	_ = s.array(func() error { // it is JSON
		number++
		from := s.at
		if err := l.find(&s, found); err != nil {
			return err
		}
		pair := s.text[from:s.at]
		if !begins(pair, '{') {
			r.problem("%d of %s is not an object but %s", number, l.Path, shown(pair))
			return nil
		}
		name, ok := word(slotOf(found, l.slots.name))
		if !ok || len(name) == 0 {
			r.problem("%d of %s has no name at %s: %s", number, l.Path, l.Name, shown(pair))
			return nil
		}
		means, value := r.plan.names[string(name)], slotOf(found, l.slots.value)
		if value == nil {
			if means != nil && !means.leftOut() {
				r.problem("%s: there is no value at %s of %s", shown(name), l.Value, shown(pair))
				r.keep(name, means)
			}
			return nil
		}
		unit, _ := word(slotOf(found, l.slots.unit))
		flag := r.flag
		if own, ok := word(slotOf(found, l.slots.flag)); len(own) > 0 || !ok {
			flag = own
		}
		r.take(name, means, value, unit, flag)
		return nil
	})
}

// group reads an object whose members are name and value. The scanner is at it, and the names of what it is in are in
// r.name with a dot behind.
func (r *mappingReader) group(s *scanner) error {
	prefix := len(r.name)
	return s.object(func(key []byte) error {
		name := key
		if prefix > 0 {
			r.name = append(r.name[:prefix], key[:min(len(key), mostName)]...)
			name = r.name
		}
		means := r.plan.names[string(name)]
		from := s.at
		if s.text[from] == '{' && means == nil {
			if len(name) >= mostName {
				r.problem("%s: the name is longer than %d bytes", shown(name), mostName)
				return s.skip()
			}
			r.name = append(append(r.name[:prefix], name[prefix:]...), '.')
			err := r.group(s)
			r.name = r.name[:prefix]
			return err
		}
		if err := s.skip(); err != nil {
			return err
		}
		if slices.Contains(r.used, &s.text[from]) {
			return nil
		}
		r.take(name, means, s.text[from:s.at], nil, r.flag)
		return nil
	})
}

// take adds the value of a name, or says why there is none. means is what the profile says of the name, nil if nothing.
// A name without a meaning whose value is no number is passed over: it may be a serial number or a switch.
func (r *mappingReader) take(name []byte, means *meaning, value, unit, flag []byte) {
	marks := &r.plan.absent
	switch {
	case means.leftOut():
		r.leftOut = true
		return
	case means != nil:
		name, marks = means.name, &means.absent
	}
	number, found := marks.json(value)
	switch {
	case found == numberFound:
	case found == numberAbsent:
		r.into.Empty++
		r.keep(name, means)
		return
	case found == numberNone && !means.meansReading(name):
		return
	}
	if len(name) > mostName {
		r.problem("%s: the name is longer than %d bytes", shown(name), mostName)
		return
	}
	v, err := means.value(name, number, unit)
	switch {
	case found == numberNone:
		r.problem("%s: %s is not a number", shown(name), shown(value))
		r.keep(name, means)
		return
	case found == numberTooLarge && !means.meansReading(name):
		v = unknown(name)
	case found == numberTooLarge || err != nil:
		r.problem("%s: %s is too large", shown(name), shown(value))
		r.keep(name, means)
		return
	}
	if means != nil {
		if unit, _ := word(slotOf(r.found, means.unitSlot)); len(unit) > 0 {
			v.Unit = unit
		}
	}
	v.Flag = flag
	if known, ok := r.plan.marks[string(flag)]; ok {
		v.Flag = known
	}
	r.add(v)
}

// add adds a value unless there is one of its name already.
func (r *mappingReader) add(v Value) {
	before := r.into.values[r.start:]
	switch {
	case len(before) == mostValues:
		r.problem("%s: is more than the %d values that one message may hold", shown(v.Name), mostValues)
		return
	case named(before, v.Name) != nil:
		r.problem("%s: is given twice; the first number stands", shown(v.Name))
		return
	}
	parameter, ok := r.place(v.Parameter, v.Name)
	if !ok {
		r.problem("%s: is one name too many for %s, of which a message may have %d", shown(v.Name), v.Parameter, mostInstruments)
		return
	}
	v.Parameter = parameter
	if len(r.name) > 0 && len(v.Name) > 0 && &v.Name[0] == &r.name[0] {
		v.Name = bytes.Clone(v.Name) // of r.name, which is written over
	}
	r.into.values = append(r.into.values, v)
}

// keep keeps the place of a name that holds no value among those of its parameter.
func (r *mappingReader) keep(name []byte, means *meaning) {
	key := means.key(name)
	if len(key) == 0 || len(r.kept) == mostValues || named(r.kept, name) != nil || named(r.into.values[r.start:], name) != nil {
		return
	}
	if parameter, ok := r.place(key, name); ok {
		r.kept = append(r.kept, Value{Parameter: parameter, Name: name})
	}
}

// place returns the parameter of a name: its own, or where that is taken the next one. ok is false if there are too many.
func (r *mappingReader) place(first, name []byte) (parameter []byte, ok bool) {
	if len(first) == 0 {
		return nil, true
	}
	if own := named(r.kept, name); own != nil { // which was given without a value before
		return own.Parameter, true
	}
	parameter = first
	taken := func(b Value) bool { return bytes.Equal(b.Parameter, parameter) }
	for i := 2; slices.ContainsFunc(r.into.values[r.start:], taken) || slices.ContainsFunc(r.kept, taken); i++ {
		if i > mostInstruments {
			return first, false
		}
		parameter = strconv.AppendInt(append(bytes.Clone(first), '_'), int64(i), 10)
	}
	return parameter, true
}

// named returns the value of a name, nil if there is none.
func named(values []Value, name []byte) *Value {
	for i := range values {
		if bytes.Equal(values[i].Name, name) {
			return &values[i]
		}
	}
	return nil
}
