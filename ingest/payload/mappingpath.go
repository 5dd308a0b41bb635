package payload

import (
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
)

// paths are the paths that are looked for in one value. Those of plain names are all found in one walk over it, the one
// that checks it too; what else gjson's paths can say is asked of gjson.
type paths struct {
	names  map[string]int // the slot of what is found, by path
	plain  pathTree
	whole  []int // slots of the value itself
	others []otherPath
}

type otherPath struct {
	path string
	slot int
}

// pathTree is where a path may go on. A slot below 0 ends none.
type pathTree struct {
	slot     int
	branches []pathBranch
}

type pathBranch struct {
	name   string
	number int // of an element; -1: none
	pathTree
}

// noPath is the slot of a path that nobody gave.
const noPath = -1

// add adds a path and returns its slot.
func (p *paths) add(path string) int {
	if path == "" {
		return noPath
	}
	if slot, known := p.names[path]; known {
		return slot
	}
	if p.names == nil {
		p.names = make(map[string]int)
		p.plain.slot = noPath
	}
	slot := len(p.names)
	p.names[path] = slot
	names, plain := plainPath(path)
	switch {
	case path == "@this":
		p.whole = append(p.whole, slot)
	case plain:
		p.plain.add(names, slot)
	default:
		p.others = append(p.others, otherPath{path, slot})
	}
	return slot
}

func (t *pathTree) add(names []string, slot int) {
	if len(names) == 0 {
		t.slot = slot
		return
	}
	for i := range t.branches {
		if t.branches[i].name == names[0] {
			t.branches[i].add(names[1:], slot)
			return
		}
	}
	branch := pathBranch{names[0], -1, pathTree{slot: noPath}}
	if number, err := strconv.Atoi(names[0]); err == nil {
		branch.number = number
	}
	branch.add(names[1:], slot)
	t.branches = append(t.branches, branch)
}

// plainPath returns the names of a path; ok is false for one that says more than names.
func plainPath(path string) (names []string, ok bool) {
	var name strings.Builder
	for i := 0; i < len(path); i++ {
		switch c := path[i]; {
		case c == '\\' && i+1 < len(path):
			i++
			name.WriteByte(path[i])
		case c == '.':
			names = append(names, name.String())
			name.Reset()
		case c == '_' || c == '-' || c == ' ' || c == '/' || c >= 0x80, c >= '0' && c <= '9', c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z':
			name.WriteByte(c)
		default:
			return nil, false
		}
	}
	names = append(names, name.String())
	for _, n := range names {
		if n == "" {
			return nil, false
		}
	}
	return names, true
}

// find moves the scanner past a value, which it checks, and puts what is at the paths into found, one slot each.
func (p *paths) find(s *scanner, found [][]byte) error {
	clear(found)
	s.space()
	start := s.at
	if err := p.plain.find(s, found); err != nil {
		return err
	}
	value := s.text[start:s.at]
	for _, slot := range p.whole {
		found[slot] = value
	}
	for _, other := range p.others {
		result := gjson.GetBytes(value, other.path)
		end := result.Index + len(result.Raw)
		if result.Index > 0 && end <= len(value) && string(value[result.Index:end]) == result.Raw {
			found[other.slot] = value[result.Index:end]
		} else if result.Raw != "" {
			found[other.slot] = []byte(result.Raw) // gjson built it
		}
	}
	return nil
}

func (t *pathTree) find(s *scanner, found [][]byte) error {
	start := s.at
	var err error
	switch {
	case len(t.branches) == 0 || s.end():
		err = s.skip()
	case s.text[start] == '{':
		err = s.object(func(key []byte) error {
			for i := range t.branches {
				if t.branches[i].name == string(key) {
					return t.branches[i].find(s, found)
				}
			}
			return s.skip()
		})
	case s.text[start] == '[':
		number := -1
		err = s.array(func() error {
			number++
			for i := range t.branches {
				if t.branches[i].number == number {
					return t.branches[i].find(s, found)
				}
			}
			return s.skip()
		})
	default:
		err = s.skip()
	}
	if err == nil && t.slot >= 0 && found[t.slot] == nil { // of a name given twice the first stands
		found[t.slot] = s.text[start:s.at]
	}
	return err
}

// slotOf returns what was found in a slot, nil where nothing was.
func slotOf(found [][]byte, slot int) []byte {
	if slot < 0 {
		return nil
	}
	return found[slot]
}
