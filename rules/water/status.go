package water

import "egret/rules/standard"

// Status is the water quality of a section or of a whole river (水质状况), the better the less.
type Status uint8

// The statuses of 环办〔2011〕22号.
const (
	StatusUnknown Status = iota
	Excellent
	Good
	LightlyPolluted
	ModeratelyPolluted
	HeavilyPolluted
)

// StatusSource is where the statuses of classes come from. Their colours are from memory.
var StatusSource = standard.Source{Standard: "环办〔2011〕22号", Clause: "section status", Certainty: standard.Seen}

type statusWords struct{ chinese, english, colour string }

var statuses = [...]statusWords{
	StatusUnknown:      {"", "", ""},
	Excellent:          {"优", "excellent", "blue"},
	Good:               {"良好", "good", "green"},
	LightlyPolluted:    {"轻度污染", "lightly polluted", "yellow"},
	ModeratelyPolluted: {"中度污染", "moderately polluted", "orange"},
	HeavilyPolluted:    {"重度污染", "heavily polluted", "red"},
}

var statusOfClass = [...]Status{
	Unknown: StatusUnknown, ClassI: Excellent, ClassII: Excellent, ClassIII: Good,
	ClassIV: LightlyPolluted, ClassV: ModeratelyPolluted, Inferior: HeavilyPolluted,
}

// String returns the status as bulletins print it, "" where it is unknown.
func (s Status) String() string { return statuses[s].chinese }

// English returns the status in English, "" where it is unknown.
func (s Status) English() string { return statuses[s].english }

// Colour returns the colour of the status on maps, "" where it is unknown.
func (s Status) Colour() string { return statuses[s].colour }
