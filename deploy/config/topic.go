package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// The levels of a topic that name what its messages speak of. Any other name in braces stands for one level.
const (
	stationLevel   = "{station}"
	parameterLevel = "{parameter}" // only of bare numbers
)

// filterOf returns the MQTT filter of a topic: each name in braces is any one level.
func filterOf(topic string) string {
	levels := strings.Split(topic, "/")
	for i, level := range levels {
		if strings.HasPrefix(level, "{") {
			levels[i] = "+"
		}
	}
	return strings.Join(levels, "/")
}

func parseTopic(topic string) (string, error) {
	if len(topic) > 1024 {
		return "", errors.New("is longer than 1024 bytes; shorten it")
	}
	levels := strings.Split(topic, "/")
	for i, level := range levels {
		switch {
		case level == "+" || isName(level):
		case level == "#" && i == len(levels)-1:
		case strings.Contains(level, "#"):
			return "", errors.New("holds # before its end; # may only be the last level")
		case strings.Contains(level, "+"):
			return "", errors.New("holds + beside other characters; + stands for a whole level")
		case strings.ContainsAny(level, "{}"):
			return "", fmt.Errorf("holds { or } that is no name of a whole level; write levels such as %s or {city}", stationLevel)
		}
		for _, own := range []string{stationLevel, parameterLevel} {
			if level != own && isName(level) && distance(level, own) < 2 {
				return "", fmt.Errorf("holds a name that is nearly %s; write that, or a name that is less like it", own)
			}
		}
	}
	for _, own := range []string{stationLevel, parameterLevel} {
		if strings.Count(topic, own) > 1 {
			return "", fmt.Errorf("holds %s twice; keep one and write + for the other", own)
		}
	}
	return topic, nil
}

// isName says whether a level is a name in braces.
func isName(level string) bool {
	name, opened := strings.CutPrefix(level, "{")
	name, closed := strings.CutSuffix(name, "}")
	return opened && closed && name != "" && !strings.ContainsFunc(name, func(r rune) bool {
		return r != '_' && r != '-' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	})
}

// checkLevels reports a topic that does not say what its format leaves to it.
func checkLevels(s *section, subscription *Subscription, profile *Profile) {
	if s.faulty["format"] || s.faulty["profile"] { // then it is not known what is left to the topic
		return
	}
	levels := strings.Split(subscription.Topic, "/")
	written, _, _ := s.scalar("topic")
	if !slices.Contains(levels, stationLevel) {
		switch subscription.Format {
		case JSON, Number:
			s.problem("topic", "%s: does not say which level is the station's id; write %s in its place, such as %s", shown(written), stationLevel, DefaultTopic)
		case Mapping:
			if profile != nil && profile.Mapping != nil && profile.Mapping.Station == "" {
				s.problem("topic", "%s: names no station, and neither does the profile %s; write %s for the level that is its id, or station in the profile", shown(written), profile.ID, stationLevel)
			}
		}
	}
	switch named := slices.Contains(levels, parameterLevel); {
	case named && subscription.Format != Number:
		s.problem("topic", "%s: holds %s, which only messages of the format %s need; write + for it", shown(written), parameterLevel, Number)
	case !named && subscription.Format == Number:
		s.problem("topic", "%s: does not say which level is the parameter; write %s in its place", shown(written), parameterLevel)
	}
}
