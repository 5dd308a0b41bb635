package reading

import (
	"fmt"
	"strconv"
)

// Flag is the quality code beside every value, as stored in InfluxDB: 0 is valid, below 10 usable, 10 to 29 kept
// but left out of averages, from 30 on no valid value.
type Flag uint8

// The quality codes. Letters in the comments are those of HJ 212-2017 table 8 and of surface-water stations.
const (
	Valid          Flag = 0 // N
	Backfilled     Flag = 1 // Re: fetched later from the instrument
	Corrected      Flag = 2
	Manual         Flag = 3 // S: typed in
	BelowDetection Flag = 4 // L

	Maintenance  Flag = 10 // M
	Calibration  Flag = 11 // C
	Check        Flag = 12 // zero, span or precision check
	AboveRange   Flag = 13 // T
	Insufficient Flag = 14 // H: the station's own average had too few values

	Stopped   Flag = 30 // F
	Fault     Flag = 31 // D
	LinkLost  Flag = 32 // B
	PowerLost Flag = 33 // P
	NoWater   Flag = 34 // Z
	Recovery  Flag = 35 // W
)

// firstExcluded is the lowest code that stays out of averages.
const firstExcluded = Maintenance

type flagName struct {
	flag   Flag
	letter string
	name   string
}

var flagNames = []flagName{
	{Valid, "N", "valid"}, {Backfilled, "Re", "backfilled"}, {Corrected, "", "corrected"}, {Manual, "S", "manual"},
	{BelowDetection, "L", "below-detection"}, {Maintenance, "M", "maintenance"}, {Calibration, "C", "calibration"},
	{Check, "", "check"}, {AboveRange, "T", "above-range"}, {Insufficient, "H", "insufficient"}, {Stopped, "F", "stopped"},
	{Fault, "D", "fault"}, {LinkLost, "B", "link-lost"}, {PowerLost, "P", "power-lost"}, {NoWater, "Z", "no-water"},
	{Recovery, "W", "recovery"},
}

// Usable says whether a value with this flag may enter an average.
func (f Flag) Usable() bool { return f < firstExcluded }

// String returns the flag's name.
func (f Flag) String() string {
	for _, n := range flagNames {
		if n.flag == f {
			return n.name
		}
	}
	return "flag " + strconv.Itoa(int(f))
}

// ParseFlag reads a flag as stations write it: a letter of HJ 212-2017 table 8, a name, or the code itself.
// The empty text is valid.
func ParseFlag(text string) (Flag, error) {
	if text == "" {
		return Valid, nil
	}
	code, err := strconv.Atoi(text)
	for _, n := range flagNames {
		if (n.letter != "" && n.letter == text) || n.name == text || (err == nil && int(n.flag) == code) {
			return n.flag, nil
		}
	}
	return 0, fmt.Errorf("flag %q is not known: use a letter (N M C T S F D B L P Z H), a name such as maintenance, or its code", text)
}
