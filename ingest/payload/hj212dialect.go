package payload

import (
	"cmp"
	"strings"
	"time"

	"egret/ingest/reading"
)

// beijing is the zone of times where a profile names none. HJ 212 does not say; this is the practice.
var beijing = time.FixedZone("UTC+8", 8*60*60)

// defaultMinutes is what CN=2051 stands for where a profile does not say: the interval of the standard's examples, which
// a platform may set otherwise, so it is an assumption.
const defaultMinutes = reading.Minutes10

// anyone is the profile where nobody has one.
var anyone = &HJ212Profile{}

// dialect is a profile made ready.
type dialect struct {
	*HJ212Profile
	zone    *time.Location
	minutes reading.Period
	units   map[string][]byte
	codes   map[string]*factor
}

func dialectOf(profile *HJ212Profile) *dialect {
	profile = cmp.Or(profile, anyone)
	d := &dialect{HJ212Profile: profile, zone: profile.Zone, minutes: profile.Minutes}
	if d.zone == nil {
		d.zone = beijing
	}
	if d.minutes == reading.Momentary {
		d.minutes = defaultMinutes
	}
	if len(profile.Units) > 0 {
		d.units = make(map[string][]byte, len(profile.Units))
		for parameter, unit := range profile.Units {
			d.units[parameter] = []byte(unit)
		}
	}
	if len(profile.Codes) > 0 {
		d.codes = make(map[string]*factor, len(profile.Codes))
		for code, target := range profile.Codes {
			f := &factor{
				parameter: target.Parameter, keys: keysOf(target.Parameter), own: true,
				linear: (target.Scale != 0 && target.Scale != reading.FixedOne) || target.Offset != 0,
				scale:  target.Scale, offset: target.Offset,
			}
			if f.scale == 0 {
				f.scale = reading.FixedOne
			}
			if target.Unit != "" {
				f.unit = []byte(target.Unit)
			}
			d.codes[strings.ToLower(code)] = f
		}
	}
	return d
}

// factor returns what a code means in a frame of a system type, nil where no table has it.
func (d *dialect) factor(code, st []byte) *factor {
	var buffer [mostCode]byte
	key := lower(&buffer, code)
	if f, ok := d.codes[string(key)]; ok {
		return f
	}
	if f, ok := codes[string(key)]; ok {
		return f
	}
	switch string(st) {
	case "21", "24", "26", "32", "33", "34":
		return oldWater[string(key)]
	case "22", "31":
		return oldGas[string(key)]
	}
	return nil
}

// unit returns the unit in which a factor is sent, empty for the parameter's own; ok is false where nobody says.
func (d *dialect) unit(f *factor, st []byte) (unit []byte, ok bool) {
	if f.unit != nil {
		return f.unit, true
	}
	if unit, ok := d.units[f.parameter]; ok {
		return unit, true
	}
	switch {
	case f.own:
		return nil, true
	case d.Basis == StandardUnits:
		return f.standard, true
	}
	switch string(f.network) {
	case sameUnit:
		return f.standard, true
	case ownUnit:
		return nil, true
	case unsaidUnit:
		return nil, false
	}
	return f.network, string(st) == "22"
}

// flags returns the table that says what a frame's data flags mean.
func (d *dialect) flags(f *Frame) *reading.FlagTable {
	switch {
	case d.Flags != nil:
		return d.Flags
	case d.SurfaceWater:
		return &reading.SurfaceWaterFlags
	case f.HasFlag && f.version() == 0:
		return &reading.HJ212Flags2005
	}
	// HJ 212-2025's own table was not seen: that of 2017 stands for it.
	return &reading.HJ212Flags
}
