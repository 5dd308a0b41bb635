package reading

import "strconv"

// Flag is the quality code beside every value, as stored in InfluxDB: 0 is valid, below 10 usable, 10 to 29 kept
// but left out of averages, from 30 on no valid value. Which mark of a station becomes which code, a [FlagTable] says.
type Flag uint8

// The quality codes. They are stored, so a code never changes its meaning.
const (
	Valid          Flag = 0
	Backfilled     Flag = 1 // fetched later from the instrument
	Corrected      Flag = 2
	Manual         Flag = 3 // typed in
	BelowDetection Flag = 4
	LowReplaced    Flag = 5 // Egret put a number in the place of one around zero; see [LowValue]

	Maintenance  Flag = 10
	Calibration  Flag = 11
	Check        Flag = 12 // zero, span or precision check
	AboveRange   Flag = 13
	Insufficient Flag = 14 // the station's own average had too few values
	BelowRange   Flag = 15
	Inverted     Flag = 16 // PM2.5 above PM10
	Repeated     Flag = 17 // the same value again and again
	Negative     Flag = 18
	Outlier      Flag = 19

	Stopped   Flag = 30
	Fault     Flag = 31
	LinkLost  Flag = 32
	PowerLost Flag = 33
	NoWater   Flag = 34 // at the intake
	Recovery  Flag = 35 // waiting to be in order again
	NoReagent Flag = 36 // reagent, pure water or standard solution is used up
	Rejected  Flag = 37 // declared invalid by an audit
)

// firstExcluded is the lowest code that stays out of averages.
const firstExcluded = Maintenance

var flagNames = map[Flag]string{
	Valid: "valid", Backfilled: "backfilled", Corrected: "corrected", Manual: "manual", BelowDetection: "below-detection",
	LowReplaced: "low-replaced", Maintenance: "maintenance", Calibration: "calibration", Check: "check",
	AboveRange: "above-range", Insufficient: "insufficient", BelowRange: "below-range", Inverted: "inverted",
	Repeated: "repeated", Negative: "negative", Outlier: "outlier", Stopped: "stopped", Fault: "fault",
	LinkLost: "link-lost", PowerLost: "power-lost", NoWater: "no-water", Recovery: "recovery", NoReagent: "no-reagent",
	Rejected: "rejected",
}

// Usable says whether a value with this flag may enter an average.
func (f Flag) Usable() bool { return f < firstExcluded }

// String returns the flag's name.
func (f Flag) String() string {
	if name, ok := flagNames[f]; ok {
		return name
	}
	return "flag " + strconv.Itoa(int(f))
}
