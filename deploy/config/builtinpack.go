package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"egret/rules/pack"
	"egret/rules/plan"
)

// Kind says what a pack holds.
type Kind string

// The kinds.
const (
	RulePack Kind = "rules"
	PlanPack Kind = "plan"
)

// noun says what a pack of the kind is called in messages.
func (k Kind) noun() string {
	if k == PlanPack {
		return "plan"
	}
	return "pack"
}

// list is the field of the configuration under which packs of the kind are named.
func (k Kind) list() string { return k.noun() + "s" }

// misplaced says what to do about a pack of the kind in the list of the other.
func (k Kind) misplaced() string {
	if k == PlanPack {
		return "is a plan; name it under plans"
	}
	return "is a pack of rules; name it under packs"
}

// Pack is a built-in pack.
type Pack struct {
	Name string
	Kind Kind
	Text string // the whole file, to be copied
}

// Packs returns the built-in packs of both kinds in the order of their names.
func Packs() []Pack {
	var all []Pack
	for _, p := range pack.List() {
		all = append(all, Pack{p.Name, RulePack, p.Text})
	}
	for _, p := range plan.Packs() {
		all = append(all, Pack{p.Name, PlanPack, p.Text})
	}
	slices.SortFunc(all, func(a, b Pack) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// FindPack returns the built-in pack of that name; the error says which there are.
func FindPack(name string) (Pack, error) {
	var names []string
	for _, p := range Packs() {
		if p.Name == name {
			return p, nil
		}
		names = append(names, p.Name)
	}
	return Pack{}, noPack("pack", name, names, "")
}

// findPack returns the built-in pack of a name and kind. One of the other kind is named in another list.
func findPack(name string, kind Kind) (Pack, error) {
	var names, others []string
	for _, p := range Packs() {
		switch {
		case p.Kind != kind && p.Name == name:
			return Pack{}, errors.New(p.Kind.misplaced())
		case p.Kind != kind:
			others = append(others, p.Name)
		case p.Name == name:
			return p, nil
		default:
			names = append(names, p.Name)
		}
	}
	if near := nearest(name, others); near != "" && nearest(name, names) == "" {
		other, _ := FindPack(near)
		return Pack{}, fmt.Errorf("no %s has this name; did you mean %s, which is named under %s?", kind.noun(), near, other.Kind.list())
	}
	return Pack{}, noPack(kind.noun(), name, names, ", or a file such as ./my-"+kind.noun()+".yaml")
}

func noPack(noun, name string, names []string, or string) error {
	if near := nearest(name, names); near != "" {
		return fmt.Errorf("no %s has this name; did you mean %s?", noun, near)
	}
	return fmt.Errorf("no %s has this name; use %s%s", noun, alternatives(names), or)
}

// holds says whether a file that was named as a pack is one of the kind and not of the other.
func holds(root *section, kind Kind) bool {
	_, rules := root.fields["rules"]
	_, targets := root.fields["targets"]
	_, duties := root.fields["duties"]
	if kind == PlanPack {
		return !rules && (targets || duties)
	}
	return rules && !targets && !duties
}
