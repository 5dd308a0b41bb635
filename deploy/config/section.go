package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"egret/ingest/reading"
)

// section is one mapping of the file. A section that is not in the file is an empty one, whose reading leaves every
// default as it is.
type section struct {
	document *document
	path     string // such as broker or rules[pm25-high], "" for the whole file
	line     int
	fields   map[string]field
	order    []string        // of the keys in the file
	known    []string        // keys that were asked for
	faulty   map[string]bool // keys with a mistake
	broken   bool            // something else stands where the fields should be
}

type field struct {
	line int
	node ast.Node
}

func (d *document) section(path string, node ast.Node, line int) *section {
	s := &section{document: d, path: path, line: line, fields: map[string]field{}, faulty: map[string]bool{}}
	var pairs []*ast.MappingValueNode
	switch node := node.(type) {
	case nil, *ast.NullNode:
	case *ast.MappingNode:
		pairs = node.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{node}
	default:
		s.broken = true
		if path == "" {
			d.problem(lineOf(node, line), "", "the file is "+kindOf(node)+"; write fields with values, such as `zone: Asia/Shanghai`")
		} else {
			d.problem(line, path, "is "+kindOf(node)+"; write fields with values")
		}
	}
	for _, pair := range pairs {
		s.add(pair)
	}
	return s
}

func (s *section) add(pair *ast.MappingValueNode) {
	if pair == nil || pair.Key == nil {
		return
	}
	line := lineOf(pair.Key, s.line)
	key, ok := scalarText(pair.Key)
	if !ok {
		s.document.problem(line, s.path, "a key is "+kindOf(pair.Key)+"; write a plain word")
		return
	}
	if earlier, twice := s.fields[key]; twice {
		s.document.problem(line, s.join(shown(key)), fmt.Sprintf("stands in line %d already; keep one of them", earlier.line))
		return
	}
	s.fields[key] = field{line, pair.Value}
	s.order = append(s.order, key)
}

// field returns the field and whether the file gives it a value.
func (s *section) field(key string) (field, bool) {
	s.known = append(s.known, key)
	f, ok := s.fields[key]
	if !ok || f.node == nil {
		return field{}, false
	}
	_, null := f.node.(*ast.NullNode)
	return f, !null
}

// section returns the section under key, an empty one if there is none.
func (s *section) section(key string) *section {
	f, ok := s.field(key)
	if !ok {
		return s.document.section(s.join(shown(key)), nil, s.line)
	}
	return s.document.section(s.join(shown(key)), f.node, f.line)
}

// sections returns the entries of the list under key, each called by its field name where that is an id.
func (s *section) sections(key, name string) []*section {
	var entries []*section
	for i, node := range s.list(key) {
		line := lineOf(node, s.fields[key].line)
		entry := s.document.section(fmt.Sprintf("%s[#%d]", s.join(key), i+1), node, line)
		if id, ok := scalarText(entry.fields[name].node); ok && reading.CheckID(id) == nil {
			entry.path = fmt.Sprintf("%s[%s]", s.join(key), id)
		}
		entries = append(entries, entry)
	}
	return entries
}

// item is a text of a list.
type item struct {
	written string // as it stands in the file
	text    string
	line    int
}

// texts returns the entries of a list of texts.
func (s *section) texts(key string) []item {
	var items []item
	for _, node := range s.list(key) {
		line := lineOf(node, s.fields[key].line)
		raw, ok := scalarText(node)
		if !ok {
			s.problemAt(line, key, "an entry is %s; write a text", kindOf(node))
			continue
		}
		text, err := s.document.expand(raw, node)
		if err == nil {
			_, err = oneLine(text)
		}
		if err != nil {
			s.problemAt(line, key, "%s", err)
			continue
		}
		items = append(items, item{raw, text, line})
	}
	return items
}

func (s *section) list(key string) []ast.Node {
	f, ok := s.field(key)
	if !ok {
		return nil
	}
	sequence, ok := f.node.(*ast.SequenceNode)
	if !ok {
		s.problem(key, "is %s; write a list, such as [a, b]", kindOf(f.node))
		return nil
	}
	return sequence.Values
}

// close reports the keys that nobody asked for.
func (s *section) close() {
	known := map[string]bool{}
	for _, key := range s.known {
		known[key] = true
	}
	for _, key := range s.order {
		if known[key] {
			continue
		}
		what := "is not a field here; use one of " + strings.Join(slices.Sorted(maps.Keys(known)), ", ")
		if near := nearest(key, s.known); near != "" {
			what = "is not a field here; did you mean " + near + "?"
		}
		s.document.problem(s.fields[key].line, s.join(shown(key)), what)
	}
}

// require reports the keys that have no value.
func (s *section) require(keys ...string) {
	for _, key := range keys {
		if _, ok := s.field(key); !ok && !s.faulty[key] && !s.broken {
			s.problem(key, "is missing; add it")
		}
	}
}

// problem reports a mistake at the line of the field, or of the section where there is no such field.
func (s *section) problem(key, format string, args ...any) {
	line := s.line
	if f, ok := s.fields[key]; ok {
		line = f.line
	}
	s.problemAt(line, key, format, args...)
}

func (s *section) problemAt(line int, key, format string, args ...any) {
	s.faulty[key] = true
	s.document.problem(line, s.join(shown(key)), fmt.Sprintf(format, args...))
}

func (s *section) join(key string) string {
	if s.path == "" {
		return key
	}
	return s.path + "." + key
}

func lineOf(node ast.Node, otherwise int) int {
	if mapping, ok := node.(*ast.MappingNode); ok && !mapping.IsFlowStyle && len(mapping.Values) > 0 {
		node = mapping.Values[0].Key
	}
	if node == nil {
		return otherwise
	}
	if t := node.GetToken(); t != nil && t.Position != nil {
		return t.Position.Line
	}
	return otherwise
}

// kindOf calls a node what the writer of the file would call it.
func kindOf(node ast.Node) string {
	switch node.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		return "a group of fields"
	case *ast.SequenceNode:
		return "a list"
	case *ast.NullNode, nil:
		return "empty"
	default:
		return "a single value"
	}
}
