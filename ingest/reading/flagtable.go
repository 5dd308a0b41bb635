package reading

import (
	"fmt"
	"strconv"
	"strings"
)

// FlagTable says what the marks mean that the stations of one kind of network put beside their values. The same letter
// means different things in different networks (T is above the range in one and corrected in another), so the table is
// a setting of the subscription.
type FlagTable struct {
	Name  string // under which the configuration knows it
	marks []flagMark
}

type flagMark struct {
	mark string
	flag Flag
}

// FlagTables lists all tables.
var FlagTables = []*FlagTable{&HJ212Flags, &HJ212Flags2005, &NationalFlags, &SurfaceWaterFlags}

// HJ212Flags holds the data flags of HJ 212-2017 table 8 (N F M S D C T B), and letters that other stations send in
// the same frame where they do not contradict it.
var HJ212Flags = FlagTable{"hj212", []flagMark{
	{"N", Valid},
	{"F", Stopped},
	{"M", Maintenance},
	{"S", Manual},
	{"D", Fault},
	{"C", Calibration},
	{"T", AboveRange},
	{"B", LinkLost},

	{"L", BelowDetection},
	{"P", PowerLost},
	{"Z", NoWater},
	{"Re", Backfilled},
	{"H", Insufficient},
	{"W", Recovery},
}}

// HJ212Flags2005 holds the data flags of HJ/T 212-2005, and below them the digits that it has for air stations. All of
// it is from memory: the text was not seen. B is that of 2017, which contradicts none of them.
var HJ212Flags2005 = FlagTable{"hj212-2005", []flagMark{
	{"N", Valid},
	{"P", PowerLost},
	{"F", Stopped}, // the source
	{"C", Calibration},
	{"M", Maintenance},
	{"T", AboveRange},
	{"D", Fault},
	{"S", Manual},
	{"B", LinkLost},

	{"0", Calibration},
	{"1", Valid},   // a meteorological parameter
	{"2", Outlier}, // abnormal data
	{"3", Valid},
}}

// NationalFlags holds the marks of the stations and platform of the national air network, and below them those of its
// audit software; both as public code reads them, no standard prints them. Invalid hours have the number -1 there.
var NationalFlags = FlagTable{"national", []flagMark{
	{"N", Valid},
	{"Re", Backfilled},  // 仪器回补
	{"T", Corrected},    // 修订
	{"B", Fault},        // 运行不良
	{"BB", LinkLost},    // 连接不良
	{"W", Recovery},     // 等待数据恢复
	{"H", Insufficient}, // 有效数据不足
	{"HSp", AboveRange},
	{"LSp", BelowRange},
	{"PZ", Check}, // zero
	{"PS", Check}, // span
	{"AS", Check}, // precision
	{"CZ", Calibration},
	{"CS", Calibration},

	{"RM", Rejected},
	{"PF", PowerLost},
	{"QC", Check},
	{"C", Corrected},
	{"UPd", Inverted}, // 倒挂
	{"Rep", Repeated},
	{"Neg", Negative},
	{"Out", Outlier},
}}

// SurfaceWaterFlags holds the marks of automatic surface-water stations as public code reads them (P, Z and hd from
// memory), and the states that the national platform publishes in words.
var SurfaceWaterFlags = FlagTable{"surface-water", []flagMark{
	{"N", Valid},
	{"T", AboveRange},
	{"L", BelowDetection},
	{"P", PowerLost},
	{"D", Fault},
	{"F", LinkLost}, // between logger and instrument
	{"B", LinkLost}, // offline
	{"M", Maintenance},
	{"S", Manual},
	{"Z", NoWater},
	{"lr", NoReagent}, // reagent
	{"lp", NoReagent}, // pure water
	{"ls", NoReagent}, // standard solution
	{"lw", NoWater},   // sample
	{"hd", Check},     // test at the start

	{"正常", Valid},
	{"维护", Maintenance},
	{"停站", Stopped},
}}

// FindFlagTable returns the table with the name.
func FindFlagTable(name string) (*FlagTable, error) {
	names := make([]string, len(FlagTables))
	for i, t := range FlagTables {
		if t.Name == name {
			return t, nil
		}
		names[i] = t.Name
	}
	return nil, fmt.Errorf("flag table %q is not known: use one of %s", Shorten(name), strings.Join(names, " "))
}

// Parse reads a flag as Egret's own format has it: a mark of the table, or the name or code of a flag, which every table
// knows. The empty text is valid.
func (t *FlagTable) Parse(text string) (Flag, error) {
	return t.parse(text, true)
}

// ParseMark reads a flag as a station writes it: a mark of the table, or the name of a flag. A number is no code there:
// what a station means by 1 is not what Egret does.
func (t *FlagTable) ParseMark(text string) (Flag, error) {
	return t.parse(text, false)
}

func (t *FlagTable) parse(text string, codes bool) (Flag, error) {
	if text == "" {
		return Valid, nil
	}
	for _, m := range t.marks {
		if m.mark == text {
			return m.flag, nil
		}
	}
	code, err := strconv.ParseUint(text, 10, 8)
	for flag, name := range flagNames {
		if name == text || (codes && err == nil && uint64(flag) == code) {
			return flag, nil
		}
	}
	also := ""
	if codes {
		also = ", or its code"
	}
	return 0, fmt.Errorf("flag %q is not known: use a mark of the table %s (%s), a name such as maintenance%s", strings.Clone(Shorten(text)), t.Name, t.list(), also)
}

func (t *FlagTable) list() string {
	var list strings.Builder
	for i, m := range t.marks {
		if i > 0 {
			list.WriteByte(' ')
		}
		list.WriteString(m.mark)
	}
	return list.String()
}
