package water

import (
	"testing"

	"egret/rules/standard"
)

func TestDrinkingSources(t *testing.T) {
	f := func(kind Type, target Class, values string, want standard.Verdict) *DrinkingSource {
		t.Helper()
		var source DrinkingSource
		JudgeSource(&source, &Settings{}, kind, target, sample(t, values))
		if source.Verdict != want {
			t.Errorf("%s: %v, want %v", values, source.Verdict, want)
		}
		return &source
	}
	f(River, SourceTarget, "do=6.5 codmn=5.5 tp=0.2 sulfate=250 chloride=40 nitrate=10 fe=0.3 mn=0.1 benzene=0.01", standard.Meets)
	f(River, SourceTarget, "do=6.5 codmn=6.1 tp=0.2 sulfate=250", standard.Exceeds)
	f(River, SourceTarget, "do=6.5 codmn=5.5 mn=0.11", standard.Exceeds)
	f(River, SourceTarget, "do=6.5 codmn=5.5 mn=0.11 fe=--", standard.Exceeds)
	f(River, SourceTarget, "do=6.5 codmn=5.5 mn=0.1 fe=--", standard.NotEnough)
	f(River, SourceTarget, "do=6.5 codmn=-- mn=0.1", standard.NotEnough)
	f(River, SourceTarget, "mn=0.1", standard.NotEnough) // nothing of table 1
	f(Lake, SourceTarget, "do=6.5 tp=0.2", standard.Exceeds)
	f(River, ClassII, "do=6.5 codmn=5.5", standard.Exceeds) // first-level protection zone
	f(Lake, SourceTarget, "do=6.5 tp=0.05 tn=3 fcoli=90000", standard.Meets)

	// A non-detect meets a limit that is not below its detection limit.
	f(River, SourceTarget, "do=6.5 benzo_a_pyrene=0.0000028L", standard.Meets)
	source := f(River, SourceTarget, "do=6.5 benzo_a_pyrene=0.000004L", standard.NotEnough)
	if source.Items[0].Source.Clause != "table 3" || source.Items[0].Limit != fixed(t, "2.8e-6") {
		t.Errorf("%+v", source.Items[0])
	}
}
