package payload

import (
	"strings"

	"egret/ingest/reading"
)

// mappingPlan is a [Mapping] in the form that reading needs.
type mappingPlan struct {
	*Mapping
	paths  // in a message, and in what stands outside of a list of them
	each   int
	skip   int
	head   [headSlots]int
	values []plannedValue
	lists  []plannedList
	groups []int
	names  map[string]*plannedName
	absent absentMarks
	where  string // readings are looked for, for people
}

// The slots of what holds for all values of a message.
const (
	headStation = iota
	headTime
	headPeriod
	headFlag
	headSlots
)

// plannedValue is a value by path.
type plannedValue struct {
	slot, unit int
	*plannedName
}

// plannedList is a list of objects with a name and a value each.
type plannedList struct {
	*MappedList
	slot  int
	paths // in an element
	slots struct{ name, value, unit, flag int }
}

// plannedName is a name, its meaning and what stands for no value under it.
type plannedName struct {
	*meaning
	name   []byte
	absent absentMarks
}

func (n *plannedName) leftOut() bool { return len(n.parameter) == 0 }

func newMappingPlan(m *Mapping) *mappingPlan {
	if m == nil {
		return nil
	}
	plan := &mappingPlan{Mapping: m, absent: newAbsentMarks(m.Absent), names: plannedNames(m.Names, m.Absent)}
	plan.each, plan.skip = plan.add(m.Each), plan.add(m.Skip)
	for i, path := range [headSlots]string{m.Station, m.Time, m.PeriodPath, m.FlagPath} {
		plan.head[i] = plan.add(path)
	}
	var where []string
	for _, v := range m.Values {
		name := plannedNames(map[string]Target{v.Path: v.Target}, m.Absent)[v.Path]
		plan.values = append(plan.values, plannedValue{plan.add(v.Path), plan.add(v.UnitPath), name})
		where = append(where, v.Path)
	}
	for i := range m.Lists {
		l := plannedList{MappedList: &m.Lists[i], slot: plan.add(m.Lists[i].Path)}
		l.slots.name, l.slots.value = l.add(l.Name), l.add(l.Value)
		l.slots.unit, l.slots.flag = l.add(l.Unit), l.add(l.Flag)
		plan.lists = append(plan.lists, l)
		where = append(where, l.Path)
	}
	for _, path := range m.Groups {
		plan.groups = append(plan.groups, plan.add(path))
		where = append(where, path)
	}
	plan.where = reading.Shorten(strings.Join(where, ", "))
	return plan
}

func plannedNames(names map[string]Target, absent []string) map[string]*plannedName {
	table := make(map[string]*plannedName, len(names))
	for name, m := range meanings(names) {
		all := append(absent[:len(absent):len(absent)], names[name].Absent...)
		table[name] = &plannedName{m, []byte(name), newAbsentMarks(all)}
	}
	return table
}
