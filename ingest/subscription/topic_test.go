package subscription

import (
	"testing"

	"egret/ingest/intake"
	"egret/ingest/payload"
)

func TestTopicsThatATemplateTakes(t *testing.T) {
	f := func(topic, published, station string, fits bool) {
		t.Helper()
		template, err := NewTemplate(topic, "json", payload.JSON, 1)
		if err != nil {
			t.Error(err)
			return
		}
		if got, _, ok := template.match(published); got != station && ok || ok != fits {
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
	f("sensors/{city}/{station}", "sensors/wuxi/wx-1", "wx-1", true)
	f("hj212/up", "hj212/up", "", true)
	f("hj212/{net}", "hj212/up/x", "", false)
}

func TestFilterSubscribesToAllStations(t *testing.T) {
	for topic, want := range map[string]string{"stations/{station}/readings": "stations/+/readings", "+/{station}/#": "+/+/#"} {
		template, err := NewTemplate(topic, "json", payload.JSON, 1)
		if got := template.filter(); got != want || err != nil {
			t.Errorf("filter of %s is %s, %v", topic, got, err)
		}
	}
}

func TestTemplatesThatCannotBeMeant(t *testing.T) {
	f := func(topic, want string) {
		t.Helper()
		if _, err := NewTemplate(topic, "json", payload.JSON, 1); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", topic, err, want)
		}
	}
	f("{station}/{station}", "topic {station}/{station} may hold {station} and {parameter} once each, as whole levels")
	f("{parameter}/{station}/{parameter}", "topic {parameter}/{station}/{parameter} may hold {station} and {parameter} once each, as whole levels")
	f("a/x{station}", "topic a/x{station}: a name in braces stands for a whole level")
	f("a/{}", "topic a/{}: a name in braces stands for a whole level")
	f("#/{station}", "topic #/{station}: + stands for a whole level and # for all levels at the end, nothing else")
	f("a+/{station}", "topic a+/{station}: + stands for a whole level and # for all levels at the end, nothing else")
	f("{station}/a#", "topic {station}/a#: + stands for a whole level and # for all levels at the end, nothing else")
}

func TestTheFirstTemplateThatFitsRoutes(t *testing.T) {
	var templates []Template
	for _, topic := range []string{"stations/{station}/readings", "{station}/+/readings", "city/{station}/#"} {
		template, err := NewTemplate(topic, "json", payload.JSON, 1)
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

func TestATopicSaysWhatABareNumberIs(t *testing.T) {
	template, err := NewTemplate("sensors/{city}/{station}/{parameter}/state", "number", payload.JSON, 1)
	if err != nil {
		t.Fatal(err)
	}
	m := intake.Message{Source: "sensors/wuxi/wx-1/pm25/state"}
	if Route([]Template{template}, &m); m.Station != "wx-1" || m.Parameter != "pm25" || m.Unnamed {
		t.Errorf("it is %q of %q, unnamed %t", m.Parameter, m.Station, m.Unnamed)
	}
	if template, err = NewTemplate("gateways/+/lines", "influx", payload.JSON, 1); err != nil {
		t.Fatal(err)
	}
	m = intake.Message{Source: "gateways/7/lines"}
	if Route([]Template{template}, &m); m.Station != "" || !m.Unnamed {
		t.Errorf("a topic without a station names %q, unnamed %t", m.Station, m.Unnamed)
	}
}
