package payload

import (
	"bytes"

	"egret/ingest/reading"
)

// mostName bounds the name of a station or value in a payload, far beyond any device URN: names are remembered.
const mostName = 256

// meaning is a [Target] in the form that a value needs.
type meaning struct {
	parameter, unit []byte
	scale, offset   reading.Fixed
}

func meanings(names map[string]Target) map[string]*meaning {
	table := make(map[string]*meaning, len(names))
	for name, t := range names {
		table[name] = &meaning{[]byte(t.Parameter), []byte(t.Unit), t.Scale, t.Offset}
	}
	return table
}

// value returns the value of a number under a name: that of the table, else the parameter with that key. The name stands
// beside it in any case, so that one that nobody declared is reported once a station.
func (m *meaning) value(name []byte, number float64, unit []byte) (Value, error) {
	if m == nil {
		v := Value{Name: name, Number: number, Unit: unit}
		if keyLike(name) {
			v.Parameter = name
		}
		return v, nil
	}
	number, err := reading.Linear(number, m.scale, m.offset)
	if err == nil && tooLarge(number) {
		err = reading.ErrNotFixed
	}
	if len(m.unit) > 0 {
		unit = m.unit
	}
	return Value{Parameter: m.parameter, Name: name, Number: number, Unit: unit}, err
}

// keyLike says whether a name can be the key of a parameter, see [reading.CheckKey].
func keyLike(name []byte) bool {
	for i, c := range name {
		if (c < 'a' || c > 'z') && (i == 0 || (c != '_' && (c < '0' || c > '9'))) {
			return false
		}
	}
	return len(name) > 0
}

func tooLarge(number float64) bool { return !(number < reading.MaxFixed && number > -reading.MaxFixed) }

// prepared returns profiles in the form that a decoder works with, each of them made once.
func prepared[P, Q any](profiles Profiles[P], prepare func(*P) *Q) Profiles[Q] {
	made := make(map[*P]*Q)
	one := func(p *P) *Q {
		if _, ok := made[p]; !ok {
			made[p] = prepare(p)
		}
		return made[p]
	}
	of := make(map[string]*Q, len(profiles.Of))
	for name, p := range profiles.Of {
		of[name] = one(p)
	}
	return Profiles[Q]{Default: one(profiles.Default), Of: of}
}

// given says whether a statement has the value already.
func given(values []Value, v *Value) bool {
	for i := range values {
		if bytes.Equal(values[i].Parameter, v.Parameter) && (len(v.Parameter) > 0 || bytes.Equal(values[i].Name, v.Name)) {
			return true
		}
	}
	return false
}

// means returns the meaning of a name, nil where no profile has it.
func (n *plannedName) means() *meaning {
	if n == nil {
		return nil
	}
	return n.meaning
}
