package reading

import (
	"strings"
	"testing"
)

// What a network's marks mean: its table is written here anew.
func TestMarksOfEachNetwork(t *testing.T) {
	f := func(table *FlagTable, marks string, want Flag) {
		t.Helper()
		for mark := range strings.FieldsSeq(marks) {
			if got, err := table.Parse(mark); err != nil || got != want {
				t.Errorf("%s: %q is %s, %v, want %s", table.Name, mark, got, err, want)
			}
		}
	}
	f(&HJ212Flags, "N", Valid)
	f(&HJ212Flags, "S", Manual)
	f(&HJ212Flags, "M", Maintenance)
	f(&HJ212Flags, "C", Calibration)
	f(&HJ212Flags, "T", AboveRange)
	f(&HJ212Flags, "F", Stopped)
	f(&HJ212Flags, "D", Fault)
	f(&HJ212Flags, "B", LinkLost)
	f(&HJ212Flags, "L", BelowDetection)
	f(&HJ212Flags, "P", PowerLost)
	f(&HJ212Flags, "Z", NoWater)
	f(&HJ212Flags, "Re", Backfilled)
	f(&HJ212Flags, "H", Insufficient)
	f(&HJ212Flags, "W", Recovery)

	f(&HJ212Flags2005, "N 1 3", Valid)
	f(&HJ212Flags2005, "S", Manual)
	f(&HJ212Flags2005, "C 0", Calibration)
	f(&HJ212Flags2005, "M", Maintenance)
	f(&HJ212Flags2005, "T", AboveRange)
	f(&HJ212Flags2005, "2", Outlier)
	f(&HJ212Flags2005, "F", Stopped)
	f(&HJ212Flags2005, "D", Fault)
	f(&HJ212Flags2005, "B", LinkLost)
	f(&HJ212Flags2005, "P", PowerLost)

	f(&NationalFlags, "N", Valid)
	f(&NationalFlags, "Re", Backfilled)
	f(&NationalFlags, "T C", Corrected)
	f(&NationalFlags, "B", Fault)
	f(&NationalFlags, "BB", LinkLost)
	f(&NationalFlags, "W", Recovery)
	f(&NationalFlags, "H", Insufficient)
	f(&NationalFlags, "HSp", AboveRange)
	f(&NationalFlags, "LSp", BelowRange)
	f(&NationalFlags, "PZ PS AS QC", Check)
	f(&NationalFlags, "CZ CS", Calibration)
	f(&NationalFlags, "RM", Rejected)
	f(&NationalFlags, "PF", PowerLost)
	f(&NationalFlags, "UPd", Inverted)
	f(&NationalFlags, "Rep", Repeated)
	f(&NationalFlags, "Neg", Negative)
	f(&NationalFlags, "Out", Outlier)

	f(&SurfaceWaterFlags, "N 正常", Valid)
	f(&SurfaceWaterFlags, "T", AboveRange)
	f(&SurfaceWaterFlags, "L", BelowDetection)
	f(&SurfaceWaterFlags, "P", PowerLost)
	f(&SurfaceWaterFlags, "D", Fault)
	f(&SurfaceWaterFlags, "F B", LinkLost)
	f(&SurfaceWaterFlags, "M 维护", Maintenance)
	f(&SurfaceWaterFlags, "S", Manual)
	f(&SurfaceWaterFlags, "Z lw", NoWater)
	f(&SurfaceWaterFlags, "lr lp ls", NoReagent)
	f(&SurfaceWaterFlags, "hd", Check)
	f(&SurfaceWaterFlags, "停站", Stopped)
}

func TestEveryTableKnowsNamesAndCodes(t *testing.T) {
	for _, table := range FlagTables {
		// The digits 0 to 3 are marks in the table of 2005, and go before the codes.
		if got, err := table.Parse("0"); table != &HJ212Flags2005 && (err != nil || got != Valid) {
			t.Errorf("%s: 0 is %s, %v", table.Name, got, err)
		}
		if got, err := table.Parse(""); err != nil || got != Valid {
			t.Errorf("%s: no mark is %s, %v", table.Name, got, err)
		}
		for text, want := range map[string]Flag{"maintenance": Maintenance, "10": Maintenance, "valid": Valid, "power-lost": PowerLost, "5": LowReplaced, "low-replaced": LowReplaced, "37": Rejected} {
			if got, err := table.Parse(text); err != nil || got != want {
				t.Errorf("%s: %q is %s, %v, want %s", table.Name, text, got, err, want)
			}
		}
		for _, text := range []string{"X", "m", "99", "-1", "256", "N ", "维 护", "valid?"} {
			if got, err := table.Parse(text); err == nil {
				t.Errorf("%s: %q is %s", table.Name, text, got)
			}
		}
		if found, err := FindFlagTable(table.Name); err != nil || found != table {
			t.Errorf("%s is found as %v, %v", table.Name, found, err)
		}
	}
	if _, err := FindFlagTable("HJ212"); err == nil || !strings.Contains(err.Error(), "hj212 hj212-2005 national surface-water") {
		t.Errorf("a table that is not there: %v", err)
	}
	_, err := SurfaceWaterFlags.Parse("ra")
	if want := `flag "ra" is not known: use a mark of the table surface-water (N T L P D F B M S Z lr lp ls lw hd 正常 维护 停站), a name such as maintenance, or its code`; err == nil || err.Error() != want {
		t.Errorf("message is %v, want %s", err, want)
	}
}

// The codes are stored: they keep their meaning, and whether they count follows from the number.
func TestFlagCodesAsTheyAreStored(t *testing.T) {
	f := func(codes string, usable bool, names string) {
		t.Helper()
		name := strings.Fields(names)
		for i, code := range strings.Fields(codes) {
			flag, err := HJ212Flags.Parse(code)
			if err != nil || flag.String() != name[i] || flag.Usable() != usable {
				t.Errorf("code %s is %s, usable %t, %v, want %s", code, flag, flag.Usable(), err, name[i])
			}
		}
	}
	f("0 1 2 3 4 5", true, "valid backfilled corrected manual below-detection low-replaced")
	f("10 11 12 13 14", false, "maintenance calibration check above-range insufficient")
	f("15 16 17 18 19", false, "below-range inverted repeated negative outlier")
	f("30 31 32 33 34 35 36 37", false, "stopped fault link-lost power-lost no-water recovery no-reagent rejected")
	if got := Flag(29).String(); got != "flag 29" {
		t.Errorf("a code without a name is %q", got)
	}
}

// Facts: the table of the national network's audit.
func TestLowValues(t *testing.T) {
	f := func(key string, above, by float64) {
		t.Helper()
		p := BuiltinParameters()[key]
		if low, ok := p.LowValue(); !ok || low != (LowValue{Above: above, By: by}) || low.Above != p.Low {
			t.Errorf("%s: %+v %t, plausible from %v", key, low, ok, p.Low)
		}
	}
	f("so2", -14, 3)
	f("no2", -10, 2)
	f("o3", -10, 2)
	f("co", -1, 0.3)
	f("pm10", -5, 2)
	f("pm25", -5, 2)
	ruled := 0
	for _, p := range BuiltinParameters() {
		if _, ok := p.LowValue(); ok {
			ruled++
		}
	}
	if ruled != 6 {
		t.Errorf("%d parameters have a rule for low values", ruled)
	}
}
