package config

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

const (
	// mostBytes holds a register of a hundred thousand stations.
	mostBytes = 16 << 20
	// mostNesting bounds the levels of the text: the YAML parser calls itself for each, and a stack that is full ends
	// the process.
	mostNesting = 32
)

// document is the file that is being read and the mistakes found in it so far.
type document struct {
	name     string
	getenv   func(string) (string, bool)
	problems []Problem
	packs    []*document // files that this one names
}

func newDocument(name string, getenv func(string) (string, bool)) *document {
	return &document{name: name, getenv: getenv}
}

func (d *document) problem(line int, field, message string) {
	d.problems = append(d.problems, Problem{File: d.name, Line: line, Field: field, Message: message})
}

// err returns the mistakes in the order of their lines, those of packs last, nil if there are none.
func (d *document) err() error {
	if problems := d.sorted(); len(problems) > 0 {
		return &Error{Problems: problems}
	}
	return nil
}

func (d *document) sorted() []Problem {
	slices.SortStableFunc(d.problems, func(a, b Problem) int { return cmp.Compare(a.Line, b.Line) })
	all := d.problems
	for _, pack := range d.packs {
		all = append(all, pack.sorted()...)
	}
	return all
}

// path returns where a file that the configuration names is: relative names start at the configuration's directory.
func (d *document) path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(filepath.Dir(d.name), name)
}

// parse returns the fields of the file, nil if it is not YAML.
func (d *document) parse(data []byte) *section {
	data = bytes.TrimPrefix(data, []byte("\ufeff")) // Windows editors put it there
	if len(data) > mostBytes {
		d.problem(1, "", fmt.Sprintf("the file has more than %d MiB; is it the right one?", mostBytes>>20))
		return nil
	}
	if line := notUTF8(data); line > 0 {
		d.problem(line, "", "the text is not UTF-8; save the file in that encoding (it may be in GBK)")
		return nil
	}
	file, err := parseYAML(string(data))
	if err != nil {
		d.syntax(data, err)
		return nil
	}
	var bodies []ast.Node
	for _, doc := range file.Docs {
		if doc.Body != nil {
			bodies = append(bodies, doc.Body)
		}
	}
	switch len(bodies) {
	case 0:
		return d.section("", nil, 1)
	case 1:
		return d.section("", bodies[0], 1)
	default:
		d.problem(lineOf(bodies[1], 1), "", "a second document starts here; keep one and remove the --- between them")
		return nil
	}
}

// notUTF8 returns the first line that is not UTF-8, 0 if all are.
func notUTF8(data []byte) int {
	if utf8.Valid(data) {
		return 0
	}
	line := 1
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		if r == utf8.RuneError && size == 1 {
			break
		}
		if r == '\n' {
			line++
		}
		data = data[size:]
	}
	return line
}

type syntaxError struct {
	line    int
	message string
}

func (e *syntaxError) Error() string { return e.message }

// parseYAML returns the tree of the text.
func parseYAML(text string) (*ast.File, error) {
	tokens := lexer.Tokenize(text)
	if err := checkNesting(tokens); err != nil {
		return nil, err
	}
	return parser.Parse(tokens, 0, parser.AllowDuplicateMapKey()) // repeated keys are reported with the other mistakes
}

// checkNesting refuses what lies deeper than any configuration needs, and the parts of YAML that egret.yaml does not
// use and that can nest without brackets or indentation.
func checkNesting(tokens token.Tokens) error {
	brackets, line, dashes := 0, 0, 0
	for _, t := range tokens {
		if t.Position.Line != line {
			line, dashes = t.Position.Line, 0
		}
		switch t.Type {
		case token.MappingStartType, token.SequenceStartType:
			brackets++
		case token.MappingEndType, token.SequenceEndType:
			brackets = max(brackets-1, 0)
		case token.SequenceEntryType:
			dashes++
		case token.TagType, token.AnchorType, token.AliasType, token.MergeKeyType, token.MappingKeyType:
			return &syntaxError{line, "a value or key starts with !, &, *, ? or <<, which egret.yaml gives no meaning; write the value itself, or put it in quotes"}
		}
		if brackets > mostNesting || dashes > mostNesting || t.Position.IndentNum > 8*mostNesting {
			return &syntaxError{line, "the text is nested too deeply; is it the right file?"}
		}
	}
	return nil
}

// syntax reports what the YAML parser says, without the lines of the file that it quotes: they may hold secrets.
func (d *document) syntax(data []byte, err error) {
	line, message := 1, "the text cannot be read as YAML"
	var own *syntaxError
	var theirs yaml.Error
	switch {
	case errors.As(err, &own):
		d.problem(own.line, "", own.message)
		return
	case errors.As(err, &theirs):
		message = theirs.GetMessage()
		if t := theirs.GetToken(); t != nil && t.Position != nil {
			line = t.Position.Line
		}
	}
	d.problem(line, "", "not YAML: "+message+"; "+syntaxAdvice(data, line))
}

// syntaxAdvice guesses the remedy from the line.
func syntaxAdvice(data []byte, line int) string {
	lines := strings.Split(string(data), "\n")
	if line < 1 || line > len(lines) {
		return "check the text before the end of the file"
	}
	switch text := lines[line-1]; {
	case strings.Contains(text, "\t"):
		return "indent with spaces, not tabs"
	case strings.Contains(text, "{") && (strings.Contains(text, "${") || strings.Contains(text, "{station}")):
		return "write values that hold { or } in quotes"
	case strings.Contains(text, ": >") || strings.Contains(text, ": %"):
		return `write values that begin with > or % in quotes, such as ">=" or "%"`
	default:
		return "check the indentation, colons and quotes of this line and the one before"
	}
}
