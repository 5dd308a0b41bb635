package config

import (
	"errors"
	"slices"
	"strings"
	"time"

	"egret/ingest/reading"
	"egret/rules/noise"
)

// The bounds of a declared interval: a logger that sends every second, a section that is sampled once a month.
const (
	shortestInterval = time.Second
	longestInterval  = 31 * 24 * time.Hour
)

// The bounds of a station's tags, which are words by which people group stations.
const (
	mostTags   = 20
	longestTag = 64 // bytes
)

// readStations reads the register. How its stations send is read from the sections that it returns by
// [Config.readConnections].
func (c *Config) readStations(root *section) []*section {
	lines := map[string]int{}
	sections := root.sections("stations", "id")
	for _, s := range sections {
		var station reading.Station
		s.id("id", &station.ID, lines)
		take(s, "name", &station.Name, parseName)
		take(s, "domain", &station.Domain, parseDomain)
		take(s, "city", &station.City, parseName)
		take(s, "district", &station.District, parseName)
		take(s, "zone", &station.Zone, parseName)
		take(s, "target", &station.Target, oneOf("I", "II", "III", "IV", "V"))
		take(s, "lat", &station.Lat, numberWithin(-90, 90))
		take(s, "lon", &station.Lon, numberWithin(-180, 180))
		take(s, "interval", &station.Interval, durationWithin(shortestInterval, longestInterval))
		station.PeriodDeclared = take(s, "period", &station.Period, parsePeriod)
		take(s, "type", &station.Lake, oneNamed([]named[bool]{{"river", false}, {"lake", true}}))
		c.readUnmonitored(s, &station)
		readTags(s, &station)
		readWaterOf(s, &station)
		s.require("domain")
		checkPlace(s)
		checkZone(s, &station)
		c.Stations = append(c.Stations, station)
	}
	c.readAliases(sections, lines)
	return sections
}

// checkZone reports a zone for which no standard has limits: the station would be judged by none.
func checkZone(s *section, station *reading.Station) {
	if _, given := s.field("zone"); !given || s.faulty["zone"] {
		return
	}
	switch station.Domain {
	case reading.Noise:
		if !slices.Contains(noise.Zones(), station.Zone) {
			s.problem("zone", "%s: is no functional zone; write one of %s", shown(station.Zone), strings.Join(noise.Zones(), " "))
		}
	case reading.Air:
		if !slices.Contains([]string{"1", "2", noise.ConstructionZone}, station.Zone) {
			s.problem("zone", "%s: is no area of GB 3095; write 1 (nature reserves and the like), 2 or %s", shown(station.Zone), noise.ConstructionZone)
		}
	}
}

// readUnmonitored reads the parameters that a station is not meant to measure.
func (c *Config) readUnmonitored(s *section, station *reading.Station) {
	for _, item := range s.texts("unmonitored") {
		if _, known := c.Parameters[item.text]; !known {
			s.problemAt(item.line, "unmonitored", "%s: is not a parameter; write keys such as so2", shown(item.written))
		}
		station.Unmonitored = append(station.Unmonitored, item.text)
	}
}

// readTags reads the names by which plans and rules choose the station.
func readTags(s *section, station *reading.Station) {
	for _, item := range s.texts("tags") {
		switch {
		case strings.TrimSpace(item.text) == "" || len(item.text) > longestTag:
			s.problemAt(item.line, "tags", "%s: is no tag; write 1 to %d bytes", shown(item.written), longestTag)
		case slices.Contains(station.Tags, item.text):
			s.problemAt(item.line, "tags", "%s: stands there twice; remove one of them", shown(item.written))
		default:
			station.Tags = append(station.Tags, item.text)
		}
	}
	if len(station.Tags) > mostTags {
		s.problem("tags", "are more than %d; remove some", mostTags)
	}
}

// readWaterOf reads which water a point belongs to, so that the points of one river are judged together.
func readWaterOf(s *section, station *reading.Station) {
	if take(s, "water", &station.Water, parseWater) && station.Domain != reading.Water && !s.faulty["domain"] {
		s.problem("water", "says which river or lake a point of the domain water belongs to; remove it")
	}
}

func parseWater(text string) (string, error) {
	if _, err := notEmpty(text); err != nil {
		return "", err
	}
	return parseName(text)
}

// checkPlace reports a latitude without a longitude, which would put the station on the equator or off Africa.
func checkPlace(s *section) {
	_, lat := s.field("lat")
	_, lon := s.field("lon")
	switch {
	case lat && !lon:
		s.problem("lat", "stands without lon; give both or neither")
	case lon && !lat:
		s.problem("lon", "stands without lat; give both or neither")
	}
}

// id reads an id that is needed and may not stand in lines yet.
func (s *section) id(key string, to *string, lines map[string]int) {
	written, text, ok := s.scalar(key)
	if !ok {
		s.require(key)
		return
	}
	if reading.CheckID(text) != nil {
		s.problem(key, "%s: is not an id; write 1 to %d letters, digits, - _ and .", shown(written), reading.MaxStationID)
		return
	}
	if line, twice := lines[text]; twice {
		s.problem(key, "%s: line %d has the same id; give each its own", shown(written), line)
	} else {
		lines[text] = s.fields[key].line
	}
	*to = text
}

// parsePeriod reads a period's tag value.
func parsePeriod(text string) (reading.Period, error) {
	var choices []named[reading.Period]
	for p := reading.Momentary; p <= reading.Day; p++ {
		choices = append(choices, named[reading.Period]{p.String(), p})
	}
	return oneNamed(choices)(text)
}

func parseName(text string) (string, error) {
	if len(text) > 200 {
		return "", errors.New("is longer than 200 bytes; shorten it")
	}
	return text, nil
}
