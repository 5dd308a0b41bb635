package subscription

import (
	"testing"

	"egret/ingest/intake"
)

func TestTopicsThatATemplateTakes(t *testing.T) {
	f := func(topic, published, station string, fits bool) {
		t.Helper()
		template, err := NewTemplate(topic, "json", 1)
		if err != nil {
			t.Error(err)
			return
		}
		if got, ok := template.match(published); got != station && ok || ok != fits {
			t.Errorf("%s on %s: station %q, %t, want %q, %t", published, topic, got, ok, station, fits)
		}
	}
	f("stations/{station}/readings", "stations/wx-1/readings", "wx-1", true)
	f("stations/{station}/readings", "stations/wx-1/senml", "", false)
	f("stations/{station}/readings", "stations/wx-1", "", false)
	f("stations/{station}/readings", "stations/wx-1/readings/x", "", false)
	f("stations/{station}/readings", "stations/wx-1/readings/", "", false)
	f("stations/{station}/readings", "/stations/wx-1/readings", "", false)
	f("stations/{station}/readings", "stations//readings", "", true) // the intake refuses the empty id
	f("stations/{station}/readings", "stations/{station}/readings", "{station}", true)
	f("stations/{station}/readings", "Stations/wx-1/readings", "", false)
	f("{station}", "wx-1", "wx-1", true)
	f("{station}", "wx-1/x", "", false)
	f("/{station}", "/wx-1", "wx-1", true)
	f("+/{station}/+", "jiangsu/wx-1/air", "wx-1", true)
	f("+/{station}/+", "jiangsu/wx-1", "", false)
	f("+/{station}", "/wx-1", "wx-1", true)
	f("city/{station}/#", "city/wx-1/air/hour", "wx-1", true)
	f("city/{station}/#", "city/wx-1", "wx-1", true) // # stands for its parent too
	f("city/{station}/#", "city", "", false)
	f("city/{station}/#", "town/wx-1/x", "", false)
}

func TestFilterSubscribesToAllStations(t *testing.T) {
	for topic, want := range map[string]string{"stations/{station}/readings": "stations/+/readings", "+/{station}/#": "+/+/#"} {
		template, err := NewTemplate(topic, "json", 1)
		if got := template.Filter(); got != want || err != nil {
			t.Errorf("filter of %s is %s, %v", topic, got, err)
		}
	}
}

func TestTemplatesThatCannotBeMeant(t *testing.T) {
	f := func(topic, format, want string) {
		t.Helper()
		if _, err := NewTemplate(topic, format, 1); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", topic, err, want)
		}
	}
	f("stations/readings", "json", "topic stations/readings must hold {station} exactly once, as a whole level")
	f("", "json", "topic  must hold {station} exactly once, as a whole level")
	f("{station}/{station}", "json", "topic {station}/{station} must hold {station} exactly once, as a whole level")
	f("a/x{station}", "json", "topic a/x{station} must hold {station} exactly once, as a whole level")
	f("a/{station}", "xml", `format "xml" of topic a/{station} is not known`)
	f("#/{station}", "json", "topic #/{station}: + stands for a whole level and # for all levels at the end, nothing else")
	f("a+/{station}", "json", "topic a+/{station}: + stands for a whole level and # for all levels at the end, nothing else")
	f("{station}/a#", "json", "topic {station}/a#: + stands for a whole level and # for all levels at the end, nothing else")
}

func TestTheFirstTemplateThatFitsRoutes(t *testing.T) {
	var templates []Template
	for _, topic := range []string{"stations/{station}/readings", "{station}/+/readings", "city/{station}/#"} {
		template, err := NewTemplate(topic, "json", 1)
		if err != nil {
			t.Fatal(err)
		}
		template.Format = topic // so that it can be told which one it was
		templates = append(templates, template)
	}
	f := func(source, station, format string) {
		t.Helper()
		m := intake.Message{Source: source}
		Route(templates, &m)
		if m.Station != station || m.Format != format || (m.Decode != nil) != (format != "") {
			t.Errorf("%s is of %q by %q", source, m.Station, m.Format)
		}
	}
	f("stations/wx-1/readings", "wx-1", "stations/{station}/readings")
	f("wx-2/air/readings", "wx-2", "{station}/+/readings")
	f("city/wx-3/air", "wx-3", "city/{station}/#")
	f("elsewhere", "", "")
}
