package reading

import (
	"fmt"
	"time"
	"unicode/utf8"
)

// Station is a monitoring station (监测站), a water section (断面) or a noise point (点位), as the register knows it.
type Station struct {
	ID       string
	Name     string // in the station's own language
	Domain   Domain
	City     string
	District string
	Zone     string // functional zone of a noise point, such as 2 or 4a
	Target   string // target class of a water section, such as III
	Lat, Lon float64
	Interval time.Duration // how often it sends; 0: not declared
	Period   Period        // which of its periods feeds the averages
	// PeriodDeclared says that the register gives Period; without it the period that the station sends first is taken.
	PeriodDeclared bool
	Lake           bool     // a section of a lake or reservoir, whose limit of total phosphorus is another
	Unmonitored    []string // parameters that it is not meant to measure: they hold back no index and no class
	Tags           []string // by which plans and rules may choose it
	Water          string   // the river, lake or ditch that a point of a water belongs to; empty: the point stands for itself
	// Unregistered marks a station that sends but stands in no register.
	Unregistered bool
}

// DefaultInterval is taken for a station that declares none: one value a minute is what most automatic stations send.
const DefaultInterval = time.Minute

// SendInterval returns how often values are expected: the period's own length, else the declared or default interval.
func (s *Station) SendInterval() time.Duration {
	switch {
	case s.Period != Momentary:
		return s.Period.Length()
	case s.Interval > 0:
		return s.Interval
	default:
		return DefaultInterval
	}
}

// Slot returns the start of the interval that holds the instant, counted from midnight in the zone: the time of a
// message that has none, so that a message delivered again falls on itself. The interval is the length of the
// message's period, for a momentary one the station's interval.
func (s *Station) Slot(instant int64, period Period, zone *time.Location) int64 {
	length := int64(period.Length())
	if length == 0 {
		length = int64(s.SendInterval())
	}
	_, east := time.Unix(0, instant).In(zone).Zone()
	local := instant + int64(east)*int64(time.Second)
	return instant - ((local%length)+length)%length
}

// MaxStationID is the longest id a station may have.
const MaxStationID = 64

// CheckID returns an error unless id can name a station or a rule: letters, digits, `-`, `_` and `.`.
func CheckID(id string) error {
	if id == "" || len(id) > MaxStationID {
		return fmt.Errorf("id %q must have 1 to %d characters", Shorten(id), MaxStationID)
	}
	for _, c := range id {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_', c == '.':
		default:
			return fmt.Errorf("id %q holds %q: only letters, digits, - _ and . are allowed", Shorten(id), string(c))
		}
	}
	if id == "." || id == ".." {
		return fmt.Errorf("id %q is not allowed", id)
	}
	return nil
}

// Shorten cuts a text from outside to a length that fits a message.
func Shorten(text string) string {
	const most = 80
	if len(text) <= most {
		return text
	}
	cut := most
	for cut > 0 && !utf8.RuneStart(text[cut]) { // never half a character
		cut--
	}
	return text[:cut] + "…"
}
