//go:build integration

package official

import (
	"math/big"
	"time"
)

// What plans are held against is made here a second time, from the published hours and in a way of its own: rationals, a
// station's day at a time, nothing of Egret's packages.

// ownStation holds a station's hours as they were written, empty where there is none, by parameter and date.
type ownStation struct {
	id   string
	days map[string]map[string]*[24]string
}

func newOwnStation(id string) *ownStation {
	return &ownStation{id, map[string]map[string]*[24]string{}}
}

func (s *ownStation) put(parameter string, start time.Time, value string) {
	days := s.days[parameter]
	if days == nil {
		days = map[string]*[24]string{}
		s.days[parameter] = days
	}
	date := start.Format(time.DateOnly)
	if days[date] == nil {
		days[date] = new([24]string)
	}
	days[date][start.Hour()] = value
}

// hours returns the values of the day's hours, nil where there is none.
func (s *ownStation) hours(parameter, date string) (values [24]*big.Rat) {
	if hours := s.days[parameter][date]; hours != nil {
		for i, text := range hours {
			if value, ok := new(big.Rat).SetString(text); ok {
				values[i] = value
			}
		}
	}
	return values
}

// ownMean is the mean of the values that are there, nil where they are fewer than wanted.
func ownMean(values []*big.Rat, wanted int) *big.Rat {
	sum, count := new(big.Rat), int64(0)
	for _, value := range values {
		if value != nil {
			sum.Add(sum, value)
			count++
		}
	}
	if count == 0 || count < int64(wanted) {
		return nil
	}
	return sum.Quo(sum, big.NewRat(count, 1))
}

// day is the mean of at least 20 hours: GB 3095-2012 table 4.
func (s *ownStation) day(parameter, date string) *big.Rat {
	hours := s.hours(parameter, date)
	return ownMean(hours[:], 20)
}

// ozone is the day's largest mean of 8 hours: of the 17 that lie in the day 14 are needed, each of 6 hours, unless the
// largest is above 160 anyway.
func (s *ownStation) ozone(date string) (largest *big.Rat) {
	hours, windows := s.hours("o3", date), 0
	for until := 8; until <= 24; until++ {
		if mean := ownMean(hours[until-8:until], 6); mean != nil {
			if windows++; largest == nil || mean.Cmp(largest) > 0 {
				largest = mean
			}
		}
	}
	if windows < 14 && largest != nil && largest.Cmp(big.NewRat(160, 1)) <= 0 {
		return nil
	}
	return largest
}

// ownDay is a day of a city: its mean of PM2.5, nil where it is not valid, and its index, -1 where there is none.
type ownDay struct {
	pm25  *big.Rat
	index int
}

// ownCity makes days of a city: the means of its stations, of which three quarters must have a valid day; of fewer than
// four half.
type ownCity struct {
	stations []*ownStation
	made     map[string]*ownDay
}

func (c *ownCity) enough() int {
	if n := len(c.stations); n < 4 {
		return (n + 1) / 2
	}
	return (3*len(c.stations) + 3) / 4
}

func (c *ownCity) over(each func(*ownStation) *big.Rat) *big.Rat {
	var values []*big.Rat
	for _, s := range c.stations {
		values = append(values, each(s))
	}
	return ownMean(values, c.enough())
}

// ozoneHour is the largest of at least 20 hours of the city.
func (c *ownCity) ozoneHour(date string) (largest *big.Rat) {
	var stations [][24]*big.Rat
	for _, s := range c.stations {
		stations = append(stations, s.hours("o3", date))
	}
	count := 0
	for hour := range 24 {
		var values []*big.Rat
		for _, hours := range stations {
			values = append(values, hours[hour])
		}
		mean := ownMean(values, c.enough())
		if mean == nil {
			continue
		}
		if count++; largest == nil || mean.Cmp(largest) > 0 {
			largest = mean
		}
	}
	if count < 20 {
		return nil
	}
	return largest
}

// ownNodes are the concentrations at which the index of a day is 0, 50, 100, 150 and so on: HJ 633-2012 table 1. Ozone
// of 8 h above 800 has none.
var ownNodes = map[string][]int64{
	"so2": {0, 50, 150, 475, 800, 1600, 2100, 2620}, "no2": {0, 40, 80, 180, 280, 565, 750, 940},
	"pm10": {0, 50, 150, 250, 350, 420, 500, 600}, "pm25": {0, 35, 75, 115, 150, 250, 350, 500},
	"co": {0, 2, 4, 14, 24, 36, 48, 60}, "o3_8h": {0, 100, 160, 215, 265, 800}, "o3_1h": {0, 160, 200, 300, 400, 800, 1000, 1200},
}

var ownIndices = []int64{0, 50, 100, 150, 200, 300, 400, 500}

// ownIndex is the index of a concentration, rounded up, -1 where there is none.
func ownIndex(parameter string, value *big.Rat) int {
	if value == nil {
		return -1
	}
	nodes := ownNodes[parameter]
	for i := 1; i < len(nodes); i++ {
		if value.Cmp(big.NewRat(nodes[i], 1)) > 0 {
			continue
		}
		index := new(big.Rat).Sub(value, big.NewRat(nodes[i-1], 1))
		index.Mul(index, big.NewRat(ownIndices[i]-ownIndices[i-1], nodes[i]-nodes[i-1]))
		index.Add(index, big.NewRat(ownIndices[i-1], 1))
		whole, rest := new(big.Int).QuoRem(index.Num(), index.Denom(), new(big.Int))
		return int(whole.Int64()) + rest.Sign()
	}
	if parameter == "o3_8h" {
		return -1
	}
	return 500
}

func (c *ownCity) day(start time.Time) *ownDay {
	date := start.Format(time.DateOnly)
	if d := c.made[date]; d != nil {
		return d
	}
	d := &ownDay{index: -1}
	for parameter := range ownNodes {
		var value *big.Rat
		switch parameter {
		case "o3_8h":
			value = c.over(func(s *ownStation) *big.Rat { return s.ozone(date) })
		case "o3_1h":
			value = c.ozoneHour(date)
		default:
			value = c.over(func(s *ownStation) *big.Rat { return s.day(parameter, date) })
		}
		if d.index = max(d.index, ownIndex(parameter, value)); parameter == "pm25" {
			d.pm25 = value
		}
	}
	c.made[date] = d
	return d
}
