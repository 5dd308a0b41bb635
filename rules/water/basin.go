package water

import (
	"cmp"
	"slices"

	"egret/rules/mean"
	"egret/rules/standard"
)

// Counts holds how many sections have each class; those with an unknown class are at Unknown, those that are dry or
// without flow are not in it at all.
type Counts [Inferior + 1]int

// Evaluated returns how many sections have a class: the denominator of all shares.
func (c *Counts) Evaluated() int {
	total := 0
	for _, n := range c[ClassI:] {
		total += n
	}
	return total
}

// Good returns how many sections are Ⅰ to Ⅲ (优良).
func (c *Counts) Good() int { return c[ClassI] + c[ClassII] + c[ClassIII] }

// GoodRatio returns the percentage of sections Ⅰ to Ⅲ, no number where none is evaluated.
func (c *Counts) GoodRatio() mean.Ratio { return Percent(c.Good(), c.Evaluated()) }

// InferiorRatio returns the percentage of sections inferior to Ⅴ, no number where none is evaluated.
func (c *Counts) InferiorRatio() mean.Ratio { return Percent(c[Inferior], c.Evaluated()) }

// Percent returns part as a percentage of whole, no number where whole is 0. Bulletins print one decimal, half-even,
// and tune lists of shares so that they add up to 100.0: theirs may differ by 0.1.
func Percent(part, whole int) mean.Ratio {
	return mean.Ratio{Sum: nano(100 * int64(part)), Count: uint64(whole)}
}

// share is a row of the table of river statuses: at least so many percent Ⅰ to Ⅲ, less than so many percent inferior.
type share struct {
	good, inferior int
	status         Status
}

// ShareSource is the source of the statuses of rivers by shares. Texts name the good side of heavy pollution as below
// 60 or below 75 percent; below 75 is used.
var ShareSource = standard.Source{Standard: "环办〔2011〕22号", Clause: "river and basin status", Certainty: standard.Reported}

// The first row that holds gives the status; what fits none is heavily polluted.
var shares = []share{
	{good: 90, inferior: 101, status: Excellent},
	{good: 75, inferior: 101, status: Good},
	{good: 0, inferior: 20, status: LightlyPolluted},
	{good: 0, inferior: 40, status: ModeratelyPolluted},
}

// fewSections is below how many sections a river is judged by the means of its indicators.
const fewSections = 5

// Status returns the status of a river by shares, unknown with fewer than five evaluated sections.
func (c *Counts) Status() Status {
	n := c.Evaluated()
	if n < fewSections {
		return StatusUnknown
	}
	for _, row := range shares {
		if 100*c.Good() >= row.good*n && 100*c[Inferior] < row.inferior*n {
			return row.status
		}
	}
	return HeavilyPolluted
}

// Sampled is a section of a river with its values.
type Sampled struct {
	Values []Measured
	Dry    bool // dry or without flow: out of every figure
}

// BasinPollutant is an indicator by which sections of a river are worse than class Ⅲ.
type BasinPollutant struct {
	Parameter string
	Sections  int        // how many
	Rate      mean.Ratio // percentage of the evaluated sections (断面超标率)
}

// Basin is the judgement of a river, a basin or a region.
type Basin struct {
	Counts  Counts
	Dry     int
	Status  Status
	ByMeans bool             // fewer than five sections: by the means of the indicators, without shares
	Means   Section          // the judgement of the means, with ByMeans
	Main    []BasinPollutant // three at most, by rate; with ByMeans those of Means instead
}

// JudgeBasin judges a river or basin: by shares of its sections with five or more of them, else by the means of each
// indicator over all sections (环办〔2011〕22号, reported). Shares are of the sections with a class; with fewer than five
// of these, or with a mean that lacks a section's value, the status is unknown.
func JudgeBasin(settings *Settings, kind Type, sections []Sampled) *Basin {
	basin := &Basin{}
	var section Section
	beyond := map[string]int{}
	for i := range sections {
		if sections[i].Dry {
			basin.Dry++
			continue
		}
		Judge(&section, settings, kind, Unknown, sections[i].Values)
		basin.Counts[section.Class]++
		if section.Class == Unknown {
			continue
		}
		for _, p := range section.ByParameter {
			if p.Class > ClassIII {
				beyond[p.Parameter]++
			}
		}
	}
	if len(sections)-basin.Dry < fewSections {
		basin.ByMeans = true
		Judge(&basin.Means, settings, kind, Unknown, means(settings, sections))
		basin.Status = basin.Means.Status
		return basin
	}
	basin.Status = basin.Counts.Status()
	basin.Main = worstRates(kind, beyond, basin.Counts.Evaluated())
	return basin
}

// worstRates returns the indicators that exceed in most sections; the order of table 1 decides between equals.
func worstRates(kind Type, beyond map[string]int, evaluated int) []BasinPollutant {
	var list []BasinPollutant
	for _, item := range Items(kind) {
		if n := beyond[item.Key]; n > 0 {
			list = append(list, BasinPollutant{item.Key, n, Percent(n, evaluated)})
		}
	}
	slices.SortStableFunc(list, func(a, b BasinPollutant) int { return cmp.Compare(b.Sections, a.Sections) })
	return list[:min(len(list), mainPollutants)]
}

// means returns the mean of each parameter over the sections that are not dry, not valid where one of those that
// measure it has no valid value.
func means(settings *Settings, sections []Sampled) []Measured {
	var averages []Average
	lacking := map[string]bool{}
	for i := range sections {
		if sections[i].Dry {
			continue
		}
		for _, m := range sections[i].Values {
			at := slices.IndexFunc(averages, func(a Average) bool { return a.Parameter == m.Parameter })
			if at < 0 {
				at = len(averages)
				averages = append(averages, settings.NewAverage(m.Parameter))
			}
			averages[at].Add(m)
			lacking[m.Parameter] = lacking[m.Parameter] || !m.Valid
		}
	}
	values := make([]Measured, len(averages))
	for i := range averages {
		values[i] = averages[i].Measured(settings)
		values[i].Valid = values[i].Valid && !lacking[averages[i].Parameter]
	}
	return values
}
