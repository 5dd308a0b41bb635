package config

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// expand puts the environment's values in the places of ${NAME}; $${ stands for ${. Only texts have variables.
// The error names the variable and shows nothing else of the text.
func (d *document) expand(text string, node ast.Node) (string, error) {
	switch node.(type) {
	case *ast.StringNode, *ast.LiteralNode:
	default:
		return text, nil
	}
	var expanded strings.Builder
	for {
		before, rest, found := strings.Cut(text, "${")
		if !found {
			expanded.WriteString(before)
			return expanded.String(), nil
		}
		if escaped, ok := strings.CutSuffix(before, "$"); ok {
			expanded.WriteString(escaped + "${")
			text = rest
			continue
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed {
			return "", fmt.Errorf("holds ${ without }; write ${NAME}, or $${ for the characters themselves")
		}
		if !isVariable(name) {
			return "", fmt.Errorf("holds ${…} with something that is not the name of a variable; write ${NAME}, or $${ for the characters themselves")
		}
		value, set := d.getenv(name)
		if !set {
			return "", fmt.Errorf("${%s}: the environment has no variable of this name; set it before egret starts", name)
		}
		expanded.WriteString(before + value)
		text = after
	}
}

func isVariable(name string) bool {
	if len(name) > 100 {
		return false
	}
	for i, c := range []byte(name) {
		letter := c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return name != ""
}
