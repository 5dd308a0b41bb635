package noise

import (
	"encoding/json"
	"testing"
)

func TestAssessmentsAsJSON(t *testing.T) {
	const rounding = `,"rounding":"half-even to 0.1 dB before comparing (HJ 640-2012 grade tables)"}`
	f := func(a Assessment, want string) {
		t.Helper()
		got, err := json.Marshal(&a)
		if err != nil || string(got) != want+rounding {
			t.Errorf("%v\n got %s\nwant %s", err, got, want+rounding)
		}
	}
	const zone2 = `{"standard":"GB 3096-2008","clause":"table 1","certainty":"seen in a secondary source","zone":"2","date":"2026-11-21",`
	f(JudgeLevels(&Settings{}, "2", autumn, Known(fixed(t, "55.2")), Known(47*dB), Level{}),
		zone2+`"ld":55.2,"ln":47,"ldn":55.886262738,"day":{"level":55.2,"limit":60,"meets":true},"night":{"level":47,"limit":50,"meets":true}`)
	f(JudgeLevels(&Settings{}, "2", autumn, Known(fixed(t, "60.06")), Level{}, Known(65*dB)),
		zone2+`"ld":60.06,"ln":null,"ldn":null,"day":{"level":60.1,"limit":60,"meets":false},"night":{"level":null,"limit":50,"meets":null},`+
			`"lmax":{"level":65,"limit":65,"meets":true,"standard":"GB 3096-2008","clause":"5.4","certainty":"from memory: verify before relying on it"}`)
	f(Judge(&Settings{}, "2", autumn, constant(t, "50", "50", "50"), Level{}),
		zone2+`"ld":50,"ln":50,"ldn":56.020599913,"day":{"level":50,"limit":60,"meets":true,"hours":16},"night":{"level":50,"limit":50,"meets":true,"hours":8}`)
	f(JudgeLevels(&Settings{}, "9", autumn, Known(50*dB), Known(40*dB), Level{}),
		`{"standard":"","clause":"","certainty":"","zone":"9","date":"2026-11-21","ld":50,"ln":40,"ldn":50,"day":{"level":50,"limit":null,"meets":null},"night":{"level":40,"limit":null,"meets":null}`)
}
