package engine

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/cespare/xxhash/v2"

	"egret/ingest/reading"
	"egret/rules/calendar"
	"egret/rules/figure"
	"egret/rules/plan"
)

// plans are the targets of all plans. They are judged by the clock, with [Engine.sweep], when a day is over or figures
// of days have changed, never for a single reading.
type plans struct {
	held     []*held // in the order of the configuration
	imported int64   // receipt of the last history that was brought in
	averages planAverages
}

// held is a target of a plan, and what is known of it.
type held struct {
	plan    *plan.Plan
	target  *plan.Target
	members plan.Members
	sites   []*station // whose days are held against a dust standard, by id

	fingerprint uint64       // of all that a standing depends on beside the figures
	changed     calendar.Day // the first day of which a figure has changed since it was judged; never where none has
	judged      calendar.Day // the last day judged; before the first: never
	spans       map[calendar.Day]*spanStates
	renewed     bool // in this step
	newest      *figure.Plan
}

const never = calendar.Day(math.MaxInt32)

// importRest is how long after the last history that was brought in plans are judged again: half a year of it would be
// told as if it were all.
const importRest = sweepEvery

// holdPlans takes up the plans of the configuration where they were left.
func (e *Engine) holdPlans() error {
	e.plans.averages.engine = e
	for i := range e.config.Plans {
		p := &e.config.Plans[i]
		for j := range p.Targets {
			h := e.hold(p, &p.Targets[j])
			if err := e.restoreHeld(h); err != nil {
				return fmt.Errorf("read where plan %s, target %s stands: %w", p.ID, h.target.ID, err)
			}
			e.plans.held = append(e.plans.held, h)
		}
	}
	return e.restoreImported()
}

// hold returns a target with the stations that it is made of.
func (e *Engine) hold(p *plan.Plan, t *plan.Target) *held {
	h := &held{plan: p, target: t, changed: never, judged: never, spans: map[calendar.Day]*spanStates{}}
	chosen := slices.DeleteFunc(e.chosen(p, t), func(s *station) bool { return !t.Concerns(s.register, e.config.Parameters) })
	if section := e.stations[t.Station]; t.Metric == plan.Section && section != nil { // wherever it lies
		chosen = []*station{section}
	}
	for _, s := range chosen {
		s.held = append(s.held, h)
		h.members.Stations = append(h.members.Stations, s.register)
	}
	if t.OfArea(e.config.Parameters) {
		if c := e.groupOf(e.breathing(chosen)); c != nil && len(c.members) > 0 {
			c.feed.station.held = append(c.feed.station.held, h)
			h.members.Area = c.feed.station.name
		}
	}
	if t.Metric == plan.Sites {
		h.sites = chosen
		e.holdSurroundings(h)
	}
	text := fmt.Sprintf("%v %v %v %v", p.Period, *t, h.members.Area, e.config.Practice)
	for _, s := range h.members.Stations {
		text += fmt.Sprintf(" %v", *s)
	}
	h.fingerprint = xxhash.Sum64String(text)
	return h
}

// holdSurroundings lets a target of sites hear of the stations around them, whose means are taken off theirs.
func (e *Engine) holdSurroundings(h *held) {
	for _, s := range e.inOrder() {
		around := func(site *station) bool {
			return site.register.City == s.register.City || site.register.District == s.register.District
		}
		if ofCityAir(s.register) && slices.ContainsFunc(h.sites, around) && !slices.Contains(s.held, h) {
			s.held = append(s.held, h)
		}
	}
}

// touchPlans notes that figures of a day of the feed have changed.
func (e *Engine) touchPlans(f *feed, day calendar.Day) {
	for _, h := range f.station.held {
		e.touchHeld(h, day)
	}
}

func (e *Engine) touchHeld(h *held, day calendar.Day) {
	if day < h.changed && day <= h.plan.Period.Until {
		h.changed = day
		e.renewHeld(h)
	}
}

// touchSites notes that late readings have come, of which windows of sites may be made that are shorter than an hour:
// figures of the day need not change with them.
func (e *Engine) touchSites(s *station, instant int64) {
	for _, h := range s.held {
		if len(h.sites) == 0 {
			continue
		}
		if day := e.zone.DayOf(instant); day <= h.judged {
			e.touchHeld(h, day)
		}
	}
}

// judgePlans judges what has changed, for all days that are over at an instant.
func (e *Engine) judgePlans(until int64) error {
	if len(e.plans.held) == 0 || e.clock-e.plans.imported < importRest {
		return nil
	}
	through := e.zone.DayOf(until - 1)
	if e.zone.End(through) > until {
		through--
	}
	for _, h := range e.plans.held {
		if err := e.judgeHeld(h, through); err != nil {
			return fmt.Errorf("judge plan %s, target %s: %w", h.plan.ID, h.target.ID, err)
		}
	}
	e.plans.averages.forget()
	return nil
}

// judgeHeld judges a target for each day from the first of which a figure has changed.
func (e *Engine) judgeHeld(h *held, through calendar.Day) error {
	from := h.plan.Period.From
	if h.judged != never {
		from = max(from, min(h.changed, h.judged+1))
	}
	last := min(through, h.plan.Period.Until)
	if h.judged != never && h.judged > last { // the clock was ahead
		h.judged, h.newest = last, nil
		e.renewHeld(h)
	}
	if from > last {
		return nil
	}
	newest, _ := h.plan.SpanAt(last)
	for day := from; day <= last; {
		span, ok := h.plan.SpanAt(day)
		if !ok || day > span.Last { // between two seasons
			day++
			continue
		}
		days := calendar.Span{First: day, Last: min(span.Last, last)}
		if err := e.judgeSpan(h, span, days, span == newest); err != nil {
			return err
		}
		day = days.Last + 1
	}
	h.judged, h.changed = last, never
	e.renewHeld(h)
	return nil
}

// judgeSpan judges days of one span. current says that no later one has begun.
func (e *Engine) judgeSpan(h *held, span, days calendar.Span, current bool) error {
	states, err := e.statesOf(h, span)
	if err != nil {
		return err
	}
	states.cut(h.judged)
	if h.target.Metric == plan.Sites {
		if err := e.makeSiteDays(h.sites, h.target.Standard, days); err != nil {
			return err
		}
	}
	e.plans.averages.ahead = days.Days()
	standings := h.plan.Judge(h.target, &h.members, &e.plans.averages, days)
	if err := e.plans.averages.err; err != nil {
		return err
	}
	before, ended := states.last(), states.ended()
	for i := range standings {
		s := &standings[i]
		again := int(s.Day-span.First) < len(states.states)
		states.put(s.Day, s.State)
		f := &figure.Plan{Plan: h.plan, Start: e.zone.Start(s.Day), At: e.zone.End(s.Day), Since: states.since(s.Day), Standing: s}
		// Of many new days for which there is nothing the last will do; what was said of a day before is said anew.
		if s.Value.Known() || s.State != plan.NotEnough || again || i == len(standings)-1 {
			e.planned(f)
		}
		if i == len(standings)-1 {
			if current {
				h.newest = f
			}
			if err := e.tellPlan(h, f, told{before: before, ended: ended, current: current}); err != nil {
				return err
			}
		}
	}
	return e.keepStates(h, states)
}

// planned hands a standing on.
func (e *Engine) planned(f *figure.Plan) {
	if e.config.DatabaseChannel != "" {
		e.step.lines = f.AppendLine(e.step.lines)
	}
	if e.config.Sink != nil {
		e.config.Sink.Plan(f)
	}
}

// Standings are where the targets of a plan stand.
type Standings struct {
	Plan    *plan.Plan
	Day     calendar.Day  // the last day that is over by the journal's clock
	Targets []figure.Plan // in the order of the plan; those that were never judged are left out
}

// Plans returns where all plans stand, in the order of the configuration.
func (e *Engine) Plans() ([]Standings, error) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	defer e.plans.averages.forget()
	all := make([]Standings, len(e.config.Plans))
	for i := range e.config.Plans {
		all[i] = Standings{Plan: &e.config.Plans[i], Targets: []figure.Plan{}}
		if e.position.Sequence > 0 {
			all[i].Day = e.zone.DayOf(e.clock) - 1
		}
	}
	for _, h := range e.plans.held {
		if err := e.lookAgain(h); err != nil {
			return nil, err
		}
		for i := range all {
			if all[i].Plan == h.plan && h.newest != nil {
				all[i].Targets = append(all[i].Targets, *h.newest)
			}
		}
	}
	return all, nil
}

// lookAgain makes the newest standing after a restart, which is not stored.
func (e *Engine) lookAgain(h *held) error {
	if h.newest != nil || h.judged == never {
		return nil
	}
	span, ok := h.plan.SpanAt(h.judged)
	if !ok {
		return nil
	}
	states, err := e.statesOf(h, span)
	if err != nil {
		return err
	}
	day := min(span.Last, h.judged)
	first := max(span.First, min(h.changed, day)) // what has changed since is not in the states that are stored
	states = &spanStates{span: span, states: slices.Clone(states.states)}
	e.plans.averages.ahead = int(day-first) + 1
	standings := h.plan.Judge(h.target, &h.members, &e.plans.averages, calendar.Span{First: first, Last: day})
	if err := e.plans.averages.err; err != nil {
		e.plans.averages.err = nil
		return err
	}
	for i := range standings {
		s := &standings[i]
		states.put(s.Day, s.State)
		h.newest = &figure.Plan{Plan: h.plan, Start: e.zone.Start(s.Day), At: e.zone.End(s.Day), Since: states.since(s.Day), Standing: s}
	}
	return nil
}

// noteImport notes that history is being brought in.
func (e *Engine) noteImport() error {
	e.plans.imported = e.clock
	return e.keepImported()
}

// endImport judges plans as soon as nothing more is being brought in.
func (e *Engine) endImport() error {
	e.plans.imported = min(e.plans.imported, e.clock-importRest)
	if err := e.keepImported(); err != nil {
		return err
	}
	return e.judgePlans(e.swept * sweepEvery)
}

// tellDays is how long after a day it is still news where a plan stood then.
const tellDays = 32 * 24 * time.Hour

// holds says whether an open alert is one of a target that is still held.
func (e *Engine) holds(station, rule string) bool {
	for i := range e.config.Plans {
		p := &e.config.Plans[i]
		if station != reading.PlanPrefix+p.ID {
			continue
		}
		for j := range p.Targets {
			for _, state := range toldStates {
				if rule == planRule(&p.Targets[j], state) {
					return true
				}
			}
		}
	}
	return false
}
