package dust

// Points says how many monitoring points a site needs from an area on.
type Points struct {
	From  int // m²
	Count int
}

// further is the area in m² for each of which, begun or whole, a large site needs one point more. That a part counts
// as a whole is an assumption: the sources say "for every further 100000 m²".
const further = 100_000

// PointsFor returns how many monitoring points a site of the area in m² needs; false where the standard's numbers are not known.
func (s *Standard) PointsFor(area int) (int, bool) {
	if area <= 0 || len(s.Points) == 0 {
		return 0, false
	}
	count := 0
	for _, p := range s.Points {
		if area >= p.From {
			count = p.Count
		}
	}
	if area > further {
		count += (area - 1) / further
	}
	return count, true
}
