package engine

import (
	"math"
	"slices"
	"time"

	"egret/ingest/reading"
	"egret/rules/average"
	"egret/rules/calendar"
	"egret/rules/dust"
	"egret/rules/hours"
	"egret/rules/mean"
	"egret/rules/window"
)

// vicinities are what lies around construction sites on a day: the means of the ordinary air stations, and the index of
// the city. What several sites share is made once.
type vicinities struct {
	engine    *Engine
	day       calendar.Day
	surrounds map[vicinity][]mean.Ratio
	cities    map[string][]cityIndex
}

// vicinity names the surroundings of sites, for one kind of window.
type vicinity struct {
	city, district, parameter string
	window                    time.Duration
}

// cityIndex is a city's index in an hour.
type cityIndex struct {
	aqi                 int
	known, particulates bool
}

// at returns the state of a site's surroundings in a window of the day, as far as the limit asks for it, and whether
// the city has an index in that hour.
func (v *vicinities) at(s *station, l *dust.Limit, number int) (city dust.City, indexed bool, err error) {
	if l.Less != nil {
		means, err := v.means(s, l.Parameter, l.Window)
		if err != nil {
			return city, false, err
		}
		if number < len(means) && means[number].Known() {
			city.Mean, city.MeanKnown = means[number].Fixed(), true
		}
	}
	if l.Relief != nil {
		hourly, err := v.indices(s.register.City)
		if err != nil {
			return city, false, err
		}
		if at := int(int64(number) * int64(l.Window) / hour); at < len(hourly) {
			city.AQI, city.ParticulatesPrimary, indexed = hourly[at].aqi, hourly[at].particulates, hourly[at].known
		}
	}
	return city, indexed, nil
}

// means returns the mean of the stations around a site in each window: those of its district where any measures the
// parameter, else those of its city.
func (v *vicinities) means(s *station, parameter string, length time.Duration) ([]mean.Ratio, error) {
	key := vicinity{s.register.City, s.register.District, parameter, length}
	if found, ok := v.surrounds[key]; ok {
		return found, nil
	}
	var all []mean.Means
	for _, m := range v.engine.neighbours(s, parameter) {
		means, err := v.engine.windowMeans(m, parameter, length, v.day)
		if err != nil {
			return nil, err
		}
		if len(all) == 0 {
			all = make([]mean.Means, len(means))
		}
		for i := range means {
			if means[i].Known() {
				all[i].Add(means[i])
			}
		}
	}
	made := make([]mean.Ratio, len(all))
	for i := range all {
		made[i] = all[i].Mean()
	}
	if v.surrounds == nil {
		v.surrounds = map[vicinity][]mean.Ratio{}
	}
	v.surrounds[key] = made
	return made, nil
}

// neighbours returns the stations that stand for the air around a site and measure the parameter.
func (e *Engine) neighbours(site *station, parameter string) []*station {
	var city, district []*station
	for _, s := range e.inOrder() {
		if !ofCityAir(s.register) || s.find(parameter) == nil || s.register.City != site.register.City {
			continue
		}
		if s.register.City != "" {
			city = append(city, s)
		}
		if s.register.District != "" && s.register.District == site.register.District {
			district = append(district, s)
		}
	}
	if len(district) > 0 {
		return district
	}
	return city
}

// indices returns the index of a city in each hour of the day, none where it has no stations.
func (v *vicinities) indices(name string) ([]cityIndex, error) {
	if found, ok := v.cities[name]; ok {
		return found, nil
	}
	e := v.engine
	var hourly []cityIndex
	at := slices.IndexFunc(e.cities, func(c *city) bool { return c.feed.station.name == reading.CityPrefix+name })
	if at >= 0 && e.cities[at].feed.closed != math.MinInt64 {
		f := e.cities[at].feed
		if err := e.restoreFeed(f); err != nil {
			return nil, err
		}
		first := e.hourOf(e.zone.Start(v.day))
		for number := first; number < first+int64(e.zone.Hours(v.day)); number++ {
			if err := e.fillHourIndex(f, number); err != nil {
				return nil, err
			}
			i := &e.derived.air
			particulates := slices.ContainsFunc(i.Primary, func(key string) bool { return key == "pm25" || key == "pm10" })
			hourly = append(hourly, cityIndex{aqi: i.AQI, known: i.Published, particulates: particulates})
		}
		f.pages = f.pages[:0]
	}
	if v.cities == nil {
		v.cities = map[string][]cityIndex{}
	}
	v.cities[name] = hourly
	return hourly, nil
}

// windowMeans returns the mean of a parameter at a station in each window of the day, an hour or shorter, no number
// where too few of its values are there.
func (e *Engine) windowMeans(s *station, parameter string, length time.Duration, day calendar.Day) ([]mean.Ratio, error) {
	if s.feed == nil || s.feed.closed == math.MinInt64 {
		return nil, nil
	}
	if err := e.restoreFeed(s.feed); err != nil {
		return nil, err
	}
	if length < time.Hour {
		return e.meansOfReadings(s, parameter, int64(length), day)
	}
	r := s.find(parameter)
	if length > time.Hour || r == nil || s.feed.step > 1 {
		return nil, nil
	}
	first := e.hourOf(e.zone.Start(day))
	hourly, err := e.hours(s.feed, r, first, first+int64(e.zone.Hours(day)))
	if err != nil {
		return nil, err
	}
	means := make([]mean.Ratio, len(hourly))
	for i := range hourly {
		if hourly[i].Valid {
			means[i] = mean.Whole(hourly[i].Mean)
		}
	}
	s.feed.pages = s.feed.pages[:0]
	return means, nil
}

// meansOfReadings returns the means of windows shorter than an hour, each with the share of its readings that an hour
// needs of its own.
func (e *Engine) meansOfReadings(s *station, parameter string, length int64, day calendar.Day) ([]mean.Ratio, error) {
	p := e.config.Parameters[parameter]
	st := s.sampling(parameter, length)
	if p == nil || st == nil {
		return nil, nil
	}
	course := average.CourseOf(p)
	if course == nil {
		return nil, nil
	}
	start, end := e.zone.Start(day), e.zone.End(day)
	totals := make([]mean.Total, (end-start+length-1)/length)
	err := e.eachUsable(st, parameter, start, end, func(row *hours.Row) {
		t := &totals[(row.Time-start)/length]
		t.Law = p.Law
		t.Add(row.Number)
	})
	if err != nil {
		return nil, err
	}
	sender := *s.register
	sender.Period = st.period
	expected := window.Expected(length, int64(sender.SendInterval()))
	means := make([]mean.Ratio, len(totals))
	for i := range totals {
		if course.HourShare.Of(totals[i].Count, expected) {
			means[i] = totals[i].Ratio()
		}
	}
	return means, nil
}

// sampling returns the stream whose readings fill windows of a length: the one that feeds the averages, where its
// readings are short enough, else the one with the longest. It is nil where there is none.
func (s *station) sampling(parameter string, length int64) *stream {
	var chosen *stream
	for _, st := range s.streams {
		stands := int64(st.period.Length())
		if st.find([]byte(parameter), 0) < 0 || (stands > 0 && length%stands != 0) {
			continue
		}
		if st.period == s.period() {
			return st
		}
		if chosen == nil || st.period > chosen.period {
			chosen = st
		}
	}
	return chosen
}
