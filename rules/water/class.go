// Package water judges surface water: the classes of GB 3838-2002, the assessment of sections, rivers and sources of
// drinking water, the trophic index of lakes and black-odorous water. Its tables are data that look like the printed
// ones; the functions that read them decide in exact arithmetic and hold no state.
package water

import (
	"fmt"
	"strings"
)

// Class is a water-quality class (水质类别).
type Class uint8

// The classes of GB 3838-2002. Inferior is what fails class Ⅴ: usage of all bulletins, not a word of the standard.
const (
	Unknown  Class = iota // not enough valid data
	ClassI                // source water, national nature reserves
	ClassII               // drinking water protected at the first level
	ClassIII              // drinking water protected at the second level, fishing, swimming
	ClassIV               // industry, recreation without contact
	ClassV                // agriculture, landscape
	Inferior              // 劣Ⅴ
)

var classNames = [...]string{"", "Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅴ", "劣Ⅴ"}

var latinNames = [...]string{"", "I", "II", "III", "IV", "V"}

// String returns Ⅰ, Ⅱ, Ⅲ, Ⅳ, Ⅴ or 劣Ⅴ, "" for an unknown class.
func (c Class) String() string { return classNames[c] }

// Status returns what the class says of a section.
func (c Class) Status() Status { return statusOfClass[c] }

// ParseClass reads a class: 1 to 6, I to V in Latin letters, Ⅰ to Ⅴ and 劣Ⅴ; 类 may follow.
func ParseClass(text string) (Class, error) {
	name := strings.TrimSuffix(strings.TrimSpace(text), "类")
	for class := ClassI; class <= Inferior; class++ {
		if name == classNames[class] || name == fmt.Sprint(uint8(class)) {
			return class, nil
		}
	}
	for class := ClassI; class <= ClassV; class++ {
		if strings.EqualFold(name, latinNames[class]) {
			return class, nil
		}
	}
	return Unknown, fmt.Errorf("class %q is not known: write I, II, III, IV or V", text)
}

// ParseTarget reads a class that a section may be asked to reach: Ⅰ to Ⅴ.
func ParseTarget(text string) (Class, error) {
	class, err := ParseClass(text)
	if err == nil && class == Inferior {
		return Unknown, fmt.Errorf("target %q: no water is asked to be inferior to class V", text)
	}
	return class, err
}

// Type says which limits a water has. It belongs to the section: it cannot be guessed from the basin.
type Type uint8

// The types of water of GB 3838-2002 table 1.
const (
	River Type = iota
	Lake       // lakes and reservoirs (湖库)
)

var typeNames = [...]string{"river", "lake"}

// String returns river or lake.
func (t Type) String() string { return typeNames[t] }

// ParseType reads river or lake.
func ParseType(name string) (Type, error) {
	for t, known := range typeNames {
		if name == known {
			return Type(t), nil
		}
	}
	return 0, fmt.Errorf("type %q is not known: use river or lake (a reservoir is a lake)", name)
}
