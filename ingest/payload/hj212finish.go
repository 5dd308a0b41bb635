package payload

import "bytes"

// finish gives what a frame holds its flags and times, which may stand anywhere in it, and makes statements of its values.
func (r *areaReader) finish() {
	instant, dated, readable := r.frameTime()
	for i := range r.m.groups {
		r.loose = r.loose || !r.m.groups[i].holds
	}
	undated := 0
	for i := range r.m.groups {
		g := &r.m.groups[i]
		if !g.holds {
			r.findHolder(g)
			continue
		}
		g.instant, g.dated = instant, dated
		if !r.mark(g) || (!g.dated && !readable) {
			r.drop(g)
		} else if !g.dated {
			undated += g.valueEnd - g.values
			g.placed = true
		}
	}
	if undated > 0 {
		r.problem(nil, "there is no DataTime: nobody knows when this was measured")
	}
	r.makeStatements()
	r.finishNotes()
	if r.command.kind == noteCommand && (r.restart != nil || string(r.CN) == "2081") {
		r.start(instant, dated, readable)
	}
}

// frameTime returns the time of what has none of its own; readable is false where one is given that cannot be read.
func (r *areaReader) frameTime() (instant int64, dated, readable bool) {
	if r.dataTime == nil {
		return 0, false, true
	}
	instant, err := r.instant("DataTime", r.dataTime)
	if err != nil {
		r.problem(nil, "%s", err)
	}
	return instant, err == nil, err == nil
}

// told returns what the frame says of a group under a mark: the group itself and those of the same code that are nothing
// but marks, or where these say nothing all of the same code.
func (r *areaReader) told(g *group, mark int) said {
	told := g.marks[mark]
	alone := told.text != nil
	for i := range r.m.groups {
		other := &r.m.groups[i]
		if other == g || other.marks[mark].text == nil || (other.holds && (alone || otherSample(g, other))) || !bytes.EqualFold(other.code, g.code) {
			continue
		}
		told.add(other.marks[mark].text)
		told.add(other.marks[mark].other)
	}
	return told
}

// otherSample says whether two groups say of themselves that they are of different times.
func otherSample(a, b *group) bool {
	one, two := a.marks[timeMark].text, b.marks[timeMark].text
	return one != nil && two != nil && !bytes.Equal(one, two)
}

// findHolder reports a group that is nothing but marks where the frame has nothing under its code that they are of.
func (r *areaReader) findHolder(g *group) {
	for i := range r.m.groups {
		if r.m.groups[i].holds && bytes.EqualFold(r.m.groups[i].code, g.code) {
			return
		}
	}
	for mark, s := range g.marks {
		if s.text != nil {
			r.problem(g.code, "%s=%s is of no value: the frame has none under this code", markNames[mark], shown(s.text))
		}
	}
}

// mark gives a group its flag, and the time of its own where it has one. It says whether the group stands.
func (r *areaReader) mark(g *group) bool {
	for mark := range g.marks {
		if !r.marked[mark] {
			continue
		}
		s := &g.marks[mark]
		if r.loose || s.text == nil {
			*s = r.told(g, mark)
		}
		if s.other != nil {
			r.problem(g.code, "%s=%s and %s=%s are both given: nobody knows which holds, and none of its values is taken", markNames[mark], shown(s.text), markNames[mark], shown(s.other))
			return false
		}
	}
	if flag := g.marks[flagMark].text; flag != nil {
		for i := g.values; i < g.valueEnd; i++ {
			r.m.values[i].Flag = flag
		}
	}
	if text := g.marks[timeMark].text; text != nil {
		instant, err := r.instant(markNames[timeMark], text)
		if err != nil {
			r.problem(g.code, "%s", err)
			return false
		}
		g.instant, g.dated = instant, true
	}
	return true
}

// drop takes a group's values and notes out of the message.
func (r *areaReader) drop(g *group) {
	g.placed, g.noteEnd = true, g.notes
}

// makeStatements makes a statement of what is of the same instant. Values of an automatic analyser, which have a
// SampleTime, may stand between those of the frame's time.
func (r *areaReader) makeStatements() {
	m := r.m
	first, end := len(m.Statements), len(m.values)
	for i := range r.m.groups {
		g := &r.m.groups[i]
		if g.placed || g.values == g.valueEnd {
			continue
		}
		begin := len(m.values)
		for j := i; j < len(r.m.groups); j++ {
			if other := &r.m.groups[j]; !other.placed && other.instant == g.instant {
				m.values = append(m.values, m.values[other.values:other.valueEnd]...)
				other.placed = true
			}
		}
		m.Statements = append(m.Statements, Statement{
			Station: r.MN, Time: g.instant, HasTime: true, Period: r.command.period, Flags: r.flags(&r.Frame), Foreign: true, Values: m.values[begin:],
		})
	}
	moved := r.values + copy(m.values[r.values:], m.values[end:])
	clear(m.values[moved:])
	m.values = m.values[:moved]
	begin := r.values
	for i := range m.Statements[first:] {
		s := &m.Statements[first+i]
		end := begin + len(s.Values)
		s.Values = r.withoutRepeated(m.values[begin:end:end])
		begin = end
	}
}

// withoutRepeated drops those of a statement's values that it has already.
func (r *areaReader) withoutRepeated(values []Value) []Value {
	kept := values[:0]
	for i := range values {
		if given(kept, &values[i]) {
			r.problem(values[i].Name, "is given twice, or stands for the same as another item; the first number stands")
			continue
		}
		kept = append(kept, values[i])
	}
	return kept
}
