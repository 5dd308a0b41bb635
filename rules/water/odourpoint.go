package water

// LeastPoints is how many points, one every 200 to 600 m, a water needs to be graded as a whole (guide for urban water, 2015).
const LeastPoints = 3

// The rules of the guide for urban water (2015) by which samples make points and points make reaches.
const (
	leastSamples    = 3  // of a point, one every 1 to 7 days
	heavyByOne      = 60 // percent of the values of one item that make a point heavy
	heavyByTwo      = 30 // percent, of each of two or more items
	heavyReach      = 3  // points in a row that make a reach heavy
	heavyWaterShare = 60 // percent of the points that make the whole water heavy
)

// OdourPoint gathers the samples of one point of a water.
type OdourPoint struct {
	guide   *OdourGuide
	samples int
	items   []odourCount // as the guide's
}

type odourCount struct{ values, bad, heavy int }

// NewOdourPoint returns a point without samples.
func NewOdourPoint(guide *OdourGuide) *OdourPoint {
	return &OdourPoint{guide: guide, items: make([]odourCount, len(guide.items))}
}

// Add adds a sample.
func (p *OdourPoint) Add(values []Measured) {
	p.samples++
	for i := range p.guide.items {
		degree := p.guide.itemDegree(&p.guide.items[i], values)
		if degree == DegreeUnknown {
			continue
		}
		p.items[i].values++
		if degree > NoOdour {
			p.items[i].bad++
		}
		if degree == p.guide.worst {
			p.items[i].heavy++
		}
	}
}

// Degree returns the degree of the point: heavy if 60 % of the values of one item are, or 30 % of the values of each of
// two or more; otherwise light, if any value is bad. It takes three samples, and all items to tell that a point is not
// black-odorous (both this project's reading: the guide grades water that was found to be).
func (p *OdourPoint) Degree() Degree {
	if p.samples < leastSamples {
		return DegreeUnknown
	}
	bad, all, byOne, byTwo := false, true, false, 0
	for _, item := range p.items {
		bad, all = bad || item.bad > 0, all && item.values > 0
		if item.values == 0 {
			continue
		}
		byOne = byOne || 100*item.heavy >= heavyByOne*item.values
		if 100*item.heavy >= heavyByTwo*item.values {
			byTwo++
		}
	}
	switch {
	case bad && p.guide.worst == RurallyOdorous:
		return RurallyOdorous
	case byOne, byTwo >= 2:
		return HeavilyOdorous
	case bad:
		return LightlyOdorous
	case all:
		return NoOdour
	default:
		return DegreeUnknown
	}
}

// Run is a run of points along a water, by their index.
type Run struct{ First, Last int }

// HeavyReaches returns the reaches of three or more points in a row that are heavy.
func HeavyReaches(points []Degree) []Run {
	var reaches []Run
	for first := 0; first < len(points); first++ {
		last := first
		for last < len(points) && points[last] == HeavilyOdorous {
			last++
		}
		if last-first >= heavyReach {
			reaches = append(reaches, Run{first, last - 1})
		}
		first = max(first, last-1)
	}
	return reaches
}

// WaterDegree returns the degree of a whole urban water: heavy if 60 % of its points are, otherwise that of its worst point
// but light at most. With points unknown it is unknown unless they could not change it, and so it is with fewer than
// three points.
func WaterDegree(points []Degree) Degree {
	if len(points) < LeastPoints {
		return DegreeUnknown
	}
	heavy, unknown, bad := 0, 0, 0
	for _, degree := range points {
		switch degree {
		case DegreeUnknown:
			unknown++
		case HeavilyOdorous:
			heavy++
			bad++
		case LightlyOdorous:
			bad++
		}
	}
	switch {
	case 100*heavy >= heavyWaterShare*len(points):
		return HeavilyOdorous
	case 100*(heavy+unknown) >= heavyWaterShare*len(points):
		return DegreeUnknown
	case bad > 0:
		return LightlyOdorous
	case unknown > 0:
		return DegreeUnknown
	default:
		return NoOdour
	}
}
