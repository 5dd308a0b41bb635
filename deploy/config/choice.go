package config

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// named is a value that has a name in the file.
type named[T any] struct {
	name  string
	value T
}

// oneNamed reads one of the names.
func oneNamed[T any](choices []named[T]) func(string) (T, error) {
	return func(text string) (T, error) {
		var names []string
		for _, choice := range choices {
			if choice.name == text {
				return choice.value, nil
			}
			names = append(names, choice.name)
		}
		var none T
		return none, fmt.Errorf("is not known; use %s", alternatives(names))
	}
}

// oneOf reads one of the values, whose text is its name.
func oneOf[T ~string](values ...T) func(string) (T, error) {
	choices := make([]named[T], len(values))
	for i, v := range values {
		choices[i] = named[T]{string(v), v}
	}
	return oneNamed(choices)
}

// alternatives writes a, b or c.
func alternatives(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

// nearest returns the name that the word was probably meant to be, "" if none is near.
func nearest(word string, names []string) string {
	best, fewest := "", (min(utf8.RuneCountInString(word), 9)+1)/3 // of three letters one may be wrong: voc is no misspelt co
	if len(word) > 80 {
		return ""
	}
	for _, name := range names {
		if edits := distance(word, name); edits <= fewest && (best == "" || edits < distance(word, best)) {
			best = name
		}
	}
	return best
}

// distance counts the letters to insert, remove or replace to turn one word into the other.
func distance(a, b string) int {
	from, to := []rune(strings.ToLower(a)), []rune(strings.ToLower(b))
	row := make([]int, len(to)+1)
	for j := range row {
		row[j] = j
	}
	for i := range from {
		diagonal := row[0]
		row[0] = i + 1
		for j := range to {
			replaced := diagonal
			if from[i] != to[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, diagonal+1, row[j]+1)
		}
	}
	return row[len(to)]
}
