package payload

import (
	"fmt"
	"io"
	"time"

	"egret/ingest/reading"
)

// Checksum is how the four digits at the end of an HJ 212 frame are made.
type Checksum uint8

// The checksums. The two others are what real loggers send instead of the standard's.
const (
	StandardChecksum  Checksum = iota // HJ 212-2017 annex A
	ModbusChecksum                    // CRC-16/MODBUS, high byte first
	ModbusLowChecksum                 // CRC-16/MODBUS, low byte first
)

// UnitBasis says what a number's unit is where a profile names none for the parameter.
type UnitBasis uint8

// The bases of units.
const (
	// NetworkUnits is what air networks send under ST=22 (practice, seen in public frames): particulates and gases in
	// ug/m3, CO in mg/m3; other codes as the standard has them. TSP, and particulates and gases outside ST=22, have no
	// unit then, and are refused until a profile names it.
	NetworkUnits UnitBasis = iota
	// StandardUnits is HJ 212-2017 annex B: particulates in ng/m3, gases in mg/m3.
	StandardUnits
)

// HJ212Profile says how a station writes HJ 212.
type HJ212Profile struct {
	Checksum Checksum
	Zone     *time.Location // of DataTime and SampleTime, which carry none; nil: UTC+8
	Basis    UnitBasis
	Units    map[string]string // as sent, by parameter key; goes before Basis
	// Codes are further factor codes, or other meanings of known ones. A unit, here or in Units, is that of the number
	// after Scale and Offset.
	Codes   map[string]Target
	Minutes reading.Period // what CN=2051 stands for; 0: ten minutes
	// SurfaceWater chooses the dialect of HJ 1404-2024: its flags and its quality-control commands 2062 to 2066.
	SurfaceWater  bool
	Flags         *reading.FlagTable // nil: of the edition that the frame's Flag names
	MinuteTimes   bool               // DataTime of 12 digits is taken
	LenientLength bool               // a wrong length field is taken where the checksum is right
	Password      string             // PW that frames must carry; "" takes any
	Key           []byte             // of SM4, 16 bytes; nil: the data area is plain
}

// String leaves out the password and the key: profiles are printed in logs and by tests.
func (p HJ212Profile) String() string {
	type printed HJ212Profile
	open := printed(p)
	open.Password, open.Key = "", nil
	return fmt.Sprintf("%+v with a password: %t, with a key: %t", open, p.Password != "", p.Key != nil)
}

// GoString is String: %#v shows no more.
func (p HJ212Profile) GoString() string { return p.String() }

// Format prints String under every verb, since %d and the like would ask no Stringer.
func (p HJ212Profile) Format(to fmt.State, _ rune) { _, _ = io.WriteString(to, p.String()) }
