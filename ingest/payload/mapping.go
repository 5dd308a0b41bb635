package payload

import (
	"errors"
	"fmt"
	"time"

	"egret/ingest/reading"
)

// Mapping says where in JSON of any shape readings are. Paths are those of gjson: a.b, list.0, names with a dot as a\.b;
// [a,b].0 is the first of several that is there, and @this the whole.
//
// Of two names for one parameter, such as those of two thermometers, the first stands for temp and the second becomes
// temp_2, which is reported once a station, for whoever wants to declare it. Paths come first, in the order of the profile;
// then lists and groups, in the order of the message. A name that holds no value keeps its place, so that a failing
// thermometer does not make another one temp; but one that the message leaves out has none.
type Mapping struct {
	// Each is the path of a list whose elements are messages of their own; "": the payload is one message. So is one
	// without such a list. What an element says of station, time, period and flag goes before what stands outside.
	Each    string
	Station string // path of the station's name; "": the transport names it
	Time    string // path of the time; "": the receipt
	Layout  TimeLayout
	Zone    *time.Location // of times that carry none; nil: such times are refused
	Period  reading.Period
	// PeriodPath and FlagPath are paths of a text; "": none. A flag holds for all values of the message.
	PeriodPath, FlagPath string
	// Marks are names of flags, such as maintenance, by the flags as written: texts, numbers, true or false. A flag that
	// is not among them goes by the flag table of the subscription, in which a number is none.
	Marks map[string]string

	Values []MappedValue     // single values by path
	Lists  []MappedList      // lists of objects that hold a name and a value each
	Groups []string          // paths of objects whose members are name and value, in objects below as outer.inner
	Names  map[string]Target // what names in lists and groups mean; a name that is a parameter's key means that parameter
	// Absent are texts and numbers that stand for no value, such as -1; null, "", nan, unavailable and unknown always do.
	Absent []string
	// ExceptPath is the path of a mark by which the payload says that it is no measurement. Where it is true, 1 or "true" there
	// are no readings, but a note of the kind skipped.
	ExceptPath string
}

// MappedValue is a value by its path.
type MappedValue struct {
	Path string
	// UnitPath is the path of the unit; "" or nothing there: that of the Target. It is also that of the parameter's other
	// names that have no Unit: a message says once how it counts temperatures.
	UnitPath string
	Target
}

// MappedList is a list of objects, and the paths in each of them.
type MappedList struct {
	Path, Name, Value string
	Unit, Flag        string // "": none. A Target's unit goes before this one, and this flag before that of the message.
}

// JSONMapping returns the decoder of JSON of any shape. Values that a message does not have are no mistake; one without
// any is an error that names the paths.
func JSONMapping(profiles Profiles[Mapping]) Decoder {
	plans := prepared(profiles, newMappingPlan)
	return func(in *Input, into *Message) error {
		plan := plans.find(nil, in.Station)
		if plan == nil {
			return fmt.Errorf("no profile says where the readings of %q are: name one at the station or at the subscription", reading.Shorten(in.Station))
		}
		r := mappingReaders.Get().(*mappingReader)
		defer r.release()
		r.in, r.into, r.plans, r.first = in, into, &plans, plan
		if err := r.payload(); err != nil {
			into.Sender = r.sender
			return err
		}
		if len(into.Statements) == 0 {
			into.Sender = r.sender
			if len(into.Problems)+len(into.Notes)+into.Empty == 0 && !r.leftOut {
				return errors.New("the payload holds no readings: there is no number at " + plan.where)
			}
		}
		return nil
	}
}
