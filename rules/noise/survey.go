package noise

import (
	"math/bits"

	"egret/ingest/reading"
	"egret/rules/mean"
	"egret/rules/standard"
)

// Survey is one of the four grade tables of a city's yearly survey.
type Survey uint8

// The surveys of HJ 640-2012.
const (
	AreaDay   Survey = iota // 区域 昼间
	AreaNight               // 区域 夜间
	RoadDay                 // 道路交通 昼间
	RoadNight               // 道路交通 夜间
)

// Grade is the grade of a city's noise, 1 to 5; 0 is none.
type Grade uint8

// The grades.
const (
	NoGrade Grade = iota
	Good
	FairlyGood
	Moderate
	FairlyPoor
	Poor
)

var (
	gradeNames = [...]string{Good: "一级", FairlyGood: "二级", Moderate: "三级", FairlyPoor: "四级", Poor: "五级"}
	gradeWords = [...]string{Good: "好", FairlyGood: "较好", Moderate: "一般", FairlyPoor: "较差", Poor: "差"}
)

// Name returns the grade's Chinese number, such as 二级.
func (g Grade) Name() string { return gradeNames[g] }

// Word returns the grade in a Chinese word, such as 较好. Bulletins differ in the words; the number is what counts.
func (g Grade) Word() string { return gradeWords[g] }

// gradeTables holds the highest level of grades 1 to 4 in dB(A).
var gradeTables = [...][4]reading.Fixed{
	AreaDay:   {50 * dB, 55 * dB, 60 * dB, 65 * dB},
	AreaNight: {40 * dB, 45 * dB, 50 * dB, 55 * dB},
	RoadDay:   {68 * dB, 70 * dB, 72 * dB, 74 * dB},
	RoadNight: {58 * dB, 60 * dB, 62 * dB, 64 * dB},
}

// GradeSource is where the grade tables come from.
var GradeSource = standard.Source{Standard: "HJ 640-2012", Clause: "grade tables", Certainty: standard.Reported}

// Grade returns the grade of a city's mean level, which is rounded half-even to 0.1 dB first; NoGrade where there is none.
func (s Survey) Grade(level mean.Ratio) Grade {
	if !level.Known() {
		return NoGrade
	}
	rounded := level.Round(Places, reading.HalfEven)
	for i, most := range gradeTables[s] {
		if rounded <= most {
			return Good + Grade(i)
		}
	}
	return Poor
}

// AreaMean returns the exact arithmetic mean of the grid points' Leq (HJ 640-2012, from memory); points that are not
// valid are left out.
func AreaMean(points []Level) mean.Ratio {
	var total mean.Total
	for _, p := range points {
		if p.Valid {
			total.Add(p.Value)
		}
	}
	return total.Ratio()
}

// Road is a stretch of road and its Leq.
type Road struct {
	Level  Level
	Length reading.Fixed // in km, or any one unit
}

// RoadMean returns the exact mean of the roads' Leq, each weighted with its length: ΣLi·li/Σli of HJ 640-2012. Roads
// that are not valid or have no length are left out.
func RoadMean(roads []Road) mean.Ratio {
	var weighted mean.Ratio
	for _, r := range roads {
		if !r.Level.Valid || r.Length <= 0 {
			continue
		}
		weighted.Sum = weighted.Sum.Add(product(r.Level.Value, r.Length))
		weighted.Count += uint64(r.Length)
	}
	return weighted
}

// product returns level·length; length is not negative.
func product(level, length reading.Fixed) mean.Sum {
	high, low := bits.Mul64(uint64(max(level, -level)), uint64(length))
	sum := mean.Sum{High: int64(high), Low: low}
	if level < 0 {
		return mean.Sum{}.Sub(sum)
	}
	return sum
}
