// Package engine is the rules as a pure function of the journal and the configuration: it has no clock and no
// network. Instants come from the records, and what must leave goes into the outbox in the same atomic step.
package engine

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/cockroachdb/pebble/v2"

	"egret/ingest/reading"
	"egret/rules/alert"
	"egret/rules/calendar"
	"egret/rules/figure"
	"egret/rules/hours"
	"egret/rules/plan"
	"egret/rules/rule"
)

// DefaultHorizon is how far back late readings and corrections are taken: two days bridge a weekend's outage of a
// station's link that somebody mends on Monday morning, and keep the hour store small.
const DefaultHorizon = 48 * time.Hour

// Config is what the engine goes by. It must not be changed after Open.
type Config struct {
	Stations        []reading.Station // the register; may be empty
	Parameters      reading.Parameters
	Rules           []rule.Rule
	Plans           []plan.Plan
	Channels        []string       // outbox channels that alerts go to
	DatabaseChannel string         // outbox channel for lines of line protocol; empty: none are made
	Horizon         time.Duration  // 0: DefaultHorizon
	Zone            *time.Location // of the stations' days; nil: UTC
	Practice        figure.Practice
	Sink            Sink // nil: what is derived goes to the database only
	SinkWindows     bool // also the sliding means of rules
}

// Outbox keeps what must leave. Add makes the payload part of the batch and must not keep it; Committed is called
// after the batch was committed.
type Outbox interface {
	Add(batch *pebble.Batch, channel string, payload []byte) error
	Committed()
}

// Engine holds the rules against the readings. Step has a single caller; the other methods are safe at any time.
type Engine struct {
	db     *pebble.DB
	outbox Outbox
	config Config

	registered map[string]*reading.Station
	limits     map[string][]*rule.Rule // rules with a limit, by parameter
	silences   []*rule.Rule            // rules for missing readings
	figures    []*rule.Rule            // rules on figures of calendar periods

	mutex    sync.Mutex // held for a step as a whole, never for a value
	position reading.Position
	clock    int64 // the latest receipt so far
	heard    int64 // since when Egret has listened on all ways and the clock has run on evenly: before, it could not hear everybody
	counts   Counts
	stations map[string]*station
	alerts   ledger
	watches  watches
	begun    bool // the first step since Open has set up what needs the clock
	broken   error

	// oldest is the first hour of which readings are taken, kept the first hour that is not trimmed.
	oldest, kept int64

	step step

	zone    *calendar.Zone
	shift   int64 // by which the clock's hours in the zone lie beside those of UTC
	swept   int64 // the tenth minute, counted from 1970, at which silent stations were last looked at
	cities  []*city
	ordered []*station // by id, where the clock goes through all of them
	derived derived
	plans   plans
	history history
	muted   bool // the entry that is being taken is history that was brought in
}

// Counts are the totals since the store was made.
type Counts struct {
	Entries       uint64 // journal entries of any kind
	Messages      uint64
	Values        uint64
	Duplicates    uint64 // values that were there already, the same
	Corrected     uint64 // values that replaced another
	Late          uint64 // values older than the newest of their series
	BeyondHorizon uint64 // values too old to be taken
	Unusable      uint64 // values kept whose flag keeps them out of averages
	Unreadable    uint64 // lines of the journal that could not be read
}

// Open restores the state from the store. It writes nothing. Errors are mistakes in the configuration's rules, or a
// store that cannot be read.
func Open(db *pebble.DB, box Outbox, config Config) (*Engine, error) {
	if config.Horizon <= 0 {
		config.Horizon = DefaultHorizon
	}
	if config.Zone == nil {
		config.Zone = time.UTC
	}
	e := &Engine{
		db: db, outbox: box, config: config,
		registered: map[string]*reading.Station{}, limits: map[string][]*rule.Rule{}, stations: map[string]*station{},
		clock: math.MinInt64, swept: math.MinInt64, zone: calendar.NewZone(config.Zone), shift: shiftOf(config.Zone),
	}
	for i := range config.Stations {
		e.registered[config.Stations[i].ID] = &config.Stations[i]
	}
	rules := map[string]*rule.Rule{}
	for i := range config.Rules {
		r := &config.Rules[i]
		if err := r.Check(config.Parameters); err != nil {
			return nil, fmt.Errorf("rule %s: %w", r.ID, err)
		}
		if rules[r.ID] != nil {
			return nil, fmt.Errorf("rule %s: its id is given twice", r.ID)
		}
		rules[r.ID] = r
		switch {
		case r.Missing != 0:
			e.silences = append(e.silences, r)
		case r.Average != "":
			e.figures = append(e.figures, r)
		default:
			e.limits[r.Parameter] = append(e.limits[r.Parameter], r)
		}
	}
	// Before the stations, whose rules on figures go on from the alerts that are open.
	if err := e.alerts.restore(db, func(a *alert.Alert) bool { return e.watched(rules[a.Rule], a) }); err != nil {
		return nil, err
	}
	if err := e.restore(); err != nil {
		return nil, err
	}
	if err := e.foundCities(); err != nil {
		return nil, err
	}
	if err := e.holdPlans(); err != nil {
		return nil, err
	}
	if err := e.restoreHistory(); err != nil {
		return nil, err
	}
	for _, s := range e.stations {
		e.watch(s)
	}
	return e, nil
}

// restore reads the cursor and the stations.
func (e *Engine) restore() error {
	value, closer, err := e.db.Get([]byte{cursorKey})
	switch {
	case errors.Is(err, pebble.ErrNotFound):
	case err != nil:
		return fmt.Errorf("read the rules' cursor: %w", err)
	default:
		err := e.parseCursor(value)
		if err = errors.Join(err, closer.Close()); err != nil {
			return fmt.Errorf("read the rules' cursor: %w", err)
		}
		e.setHorizon()
	}
	iterator, err := e.db.NewIter(&pebble.IterOptions{LowerBound: []byte{stationPrefix}, UpperBound: []byte{stationPrefix + 1}})
	if err != nil {
		return fmt.Errorf("read the stations: %w", err)
	}
	for valid := iterator.First(); valid; valid = iterator.Next() {
		id := string(iterator.Key()[1:])
		s := e.newStation(id)
		if err := e.restoreStation(s, iterator.Value()); err != nil {
			return errors.Join(fmt.Errorf("read the state of station %s: %w", id, err), iterator.Close())
		}
		e.stations[id] = s
	}
	if err := iterator.Close(); err != nil {
		return fmt.Errorf("read the stations: %w", err)
	}
	for id := range e.registered {
		if e.stations[id] == nil {
			e.stations[id] = e.newStation(id)
		}
	}
	return nil
}

// restoreStation reads what is stored of a station.
func (e *Engine) restoreStation(s *station, value []byte) error {
	rows, err := s.parse(value)
	if err != nil {
		return err
	}
	moving, closer, err := e.db.Get(append([]byte{movingPrefix}, s.id...))
	if errors.Is(err, pebble.ErrNotFound) {
		return fmt.Errorf("half of it is missing: %w", errCut)
	}
	if err != nil {
		return err
	}
	hours, err := s.parseMoving(moving, rows.stored)
	if err = errors.Join(err, closer.Close()); err != nil {
		return err
	}
	e.adopt(s, rows, hours)
	return nil
}

// watched says whether an open alert is still the business of its rule, which is nil when it is gone.
func (e *Engine) watched(r *rule.Rule, a *alert.Alert) bool {
	if strings.HasPrefix(a.Station, reading.PlanPrefix) {
		return e.holds(a.Station, a.Rule)
	}
	if r == nil || r.Parameter != a.Parameter || (r.Missing != 0) != (a.Statistic == alert.Missing) {
		return false
	}
	if r.Missing != 0 {
		return e.expects(r, e.entry(a.Station))
	}
	if name, ok := strings.CutPrefix(a.Station, reading.CityPrefix); ok && !slices.ContainsFunc(e.config.Stations, func(s reading.Station) bool { return cityOf(&s) == name }) {
		return false
	}
	return r.Stations.Chooses(e.entry(a.Station))
}

// entry returns the station as the register has it, or as one that stands in no register.
func (e *Engine) entry(id string) *reading.Station {
	if s := e.registered[id]; s != nil {
		return s
	}
	if name, ok := strings.CutPrefix(id, reading.AreaPrefix); ok {
		return &reading.Station{ID: id, Name: name, Domain: reading.Air, Period: reading.Hour, PeriodDeclared: true, Unregistered: true}
	}
	if name, ok := strings.CutPrefix(id, reading.CityPrefix); ok {
		return &reading.Station{ID: id, Name: name, City: name, Domain: reading.Air, Period: reading.Hour, PeriodDeclared: true, Unregistered: true}
	}
	return &reading.Station{ID: id, Unregistered: true}
}

// setHorizon derives from the clock which hours are taken and which are kept: those that windows of late readings
// look back to are kept longer. What was trimmed under a shorter horizon does not come back with a longer one.
func (e *Engine) setHorizon() {
	const back = int64(rule.LongestWindow / time.Hour)
	e.oldest = max(0, hours.Of(e.clock-int64(e.config.Horizon)))
	if e.kept > 0 {
		e.oldest = max(e.oldest, e.kept+back)
	}
	if e.clock-e.heard >= steadyBeforeTrim {
		e.kept = max(e.kept, e.oldest-back)
	}
}

// steadyBeforeTrim is how long the clock must have run evenly before hours are trimmed by it: a clock that jumps ahead
// and is set right again must not cost the readings of two days.
const steadyBeforeTrim = int64(time.Hour)

// Position returns how far the journal has been worked off.
func (e *Engine) Position() reading.Position {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	return e.position
}
