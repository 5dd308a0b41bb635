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
