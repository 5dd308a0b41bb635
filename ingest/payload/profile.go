package payload

// Profiles chooses how a payload is read by who sent it.
type Profiles[P any] struct {
	Default *P
	// Of holds the profiles of single stations, by their ids and by the other names that payloads give them.
	Of map[string]*P
}

// find returns the profile of a station by the name that the payload gives, else by the one that the transport gives.
func (p *Profiles[P]) find(named []byte, transport string) *P {
	if len(p.Of) > 0 {
		if profile, ok := p.Of[string(named)]; ok {
			return profile
		}
		if profile, ok := p.Of[transport]; ok {
			return profile
		}
	}
	return p.Default
}

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
