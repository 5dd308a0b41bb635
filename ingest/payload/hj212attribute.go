package payload

import "egret/ingest/reading"

// attribute is what follows the code in a name such as a34004-Avg (HJ 212-2017 table 4).
type attribute uint8

// The attributes. Those before flagAttribute are figures of the factor, each with a key of its own.
const (
	valueAttribute attribute = iota // Rtd, Avg, Data: the factor itself
	minAttribute
	maxAttribute
	totalAttribute
	convertedAttribute
	convertedMinAttribute
	convertedMaxAttribute
	unadjustedAttribute
	dayAttribute
	nightAttribute

	flagAttribute
	sampleTimeAttribute
	passedAttribute  // nothing that Egret keeps: the maker's own flag, counts of values
	stateAttribute   // of a plant: 0 off, 1 running, 2 calibration, 3 maintenance, 4 alarm, 5 purge
	runningAttribute // hours that a plant ran
	serialAttribute
	informationAttribute
	otherAttribute
)

// attributes holds them by their names in lower case.
var attributes = map[string]attribute{
	"rtd": valueAttribute, "avg": valueAttribute, "data": valueAttribute,
	"min": minAttribute, "max": maxAttribute, "cou": totalAttribute,
	"zsrtd": convertedAttribute, "zsavg": convertedAttribute, "zsmin": convertedMinAttribute, "zsmax": convertedMaxAttribute,
	"rawavg": unadjustedAttribute, "daydata": dayAttribute, "nightdata": nightAttribute,
	"flag": flagAttribute, "sampletime": sampleTimeAttribute,
	"eflag": passedAttribute, "validnum": passedAttribute, "totalnum": passedAttribute,
	"rs": stateAttribute, "rt": runningAttribute, "sn": serialAttribute, "info": informationAttribute,
}

func attributeOf(name []byte) attribute {
	switch string(name) { // what most frames are made of
	case "Rtd", "Avg":
		return valueAttribute
	case "Flag":
		return flagAttribute
	}
	var buffer [mostCode]byte
	if a, ok := attributes[string(lower(&buffer, name))]; ok {
		return a
	}
	return otherAttribute
}

// statisticKeys holds the keys of a parameter's figures, made once so that reading a frame takes no memory.
type statisticKeys [flagAttribute][]byte

func keysOf(parameter string) *statisticKeys {
	keys := &statisticKeys{
		valueAttribute:        []byte(parameter),
		minAttribute:          []byte(parameter + reading.MinStatistic),
		maxAttribute:          []byte(parameter + reading.MaxStatistic),
		totalAttribute:        []byte(parameter + reading.TotalStatistic),
		convertedAttribute:    []byte(parameter + reading.ConvertedStatistic),
		convertedMinAttribute: []byte(parameter + reading.ConvertedStatistic + reading.MinStatistic),
		convertedMaxAttribute: []byte(parameter + reading.ConvertedStatistic + reading.MaxStatistic),
		unadjustedAttribute:   []byte(parameter + reading.UnadjustedStatistic),
		dayAttribute:          []byte(parameter + reading.DayStatistic),
		nightAttribute:        []byte(parameter + reading.NightStatistic),
	}
	switch parameter { // Ld-DayData is the level of the day itself, and so is Ln-NightData
	case "ld":
		keys[dayAttribute] = keys[valueAttribute]
	case "ln":
		keys[nightAttribute] = keys[valueAttribute]
	}
	return keys
}
