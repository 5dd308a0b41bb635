package payload

import (
	"fmt"
	"strings"
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
	names  map[string]*meaning
	absent absentMarks
	marks  map[string][]byte // names of flags
	where  string            // readings are looked for, for people
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
	slot int
	*meaning
}

// plannedList is a list of objects with a name and a value each.
type plannedList struct {
	*MappedList
	slot  int
	paths // in an element
	slots struct{ name, value, unit, flag int }
}

func newMappingPlan(m *Mapping) *mappingPlan {
	if m == nil {
		return nil
	}
	plan := &mappingPlan{Mapping: m, absent: newAbsentMarks(m.Absent), names: meanings(m.Names, m.Absent)}
	plan.each, plan.skip = plan.add(m.Each), plan.add(m.ExceptPath)
	for i, path := range [headSlots]string{m.Station, m.Time, m.PeriodPath, m.FlagPath} {
		plan.head[i] = plan.add(path)
	}
	for mark, flag := range m.Marks {
		if plan.marks == nil {
			plan.marks = make(map[string][]byte, len(m.Marks))
		}
		plan.marks[mark] = []byte(flag)
	}
	var where []string
	for _, v := range m.Values {
		means := meaningOf(v.Path, v.Target, m.Absent)
		means.unitSlot = plan.add(v.UnitPath)
		plan.values = append(plan.values, plannedValue{plan.add(v.Path), means})
		where = append(where, v.Path)
		for _, other := range plan.names {
			if len(other.unit) == 0 && string(other.parameter) == v.Parameter {
				other.unitSlot = means.unitSlot
			}
		}
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
	plan.where = firstPaths(where)
	return plan
}

// firstPaths names as many paths as people will read, and how many more there are.
func firstPaths(paths []string) string {
	const enough = 300
	length := 0
	for i, path := range paths {
		if length += len(path); i > 0 && length > enough {
			return fmt.Sprintf("%s and %d more", strings.Join(paths[:i], ", "), len(paths)-i)
		}
	}
	return strings.Join(paths, ", ")
}
