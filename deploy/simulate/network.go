// Package simulate is a network of stations that do not exist: a model of what they would measure, and a publisher
// that sends it over MQTT as real stations do. It also makes load of which every value can be checked afterwards.
package simulate

import (
	"time"

	"egret/ingest/reading"
)

// Network returns the twelve simulated stations: in each of four cities one for air, one water section and one noise
// point. All names are invented and end in (模拟), so that nobody takes their figures for a city's.
func Network() []reading.Station {
	stations := []reading.Station{
		{ID: "wx-air-1", Name: "蠡溪公园", City: "无锡", District: "滨湖区", Domain: reading.Air, Lat: 31.5312, Lon: 120.2781},
		{ID: "wx-water-1", Name: "鹭塘桥断面", City: "无锡", District: "梁溪区", Domain: reading.Water, Target: "III", Lat: 31.5604, Lon: 120.3127},
		{ID: "wx-noise-1", Name: "荷香里小区", City: "无锡", District: "新吴区", Domain: reading.Noise, Zone: "2", Lat: 31.5448, Lon: 120.3706},
		{ID: "nt-air-1", Name: "芦港新城", City: "南通", District: "崇川区", Domain: reading.Air, Lat: 31.9869, Lon: 120.8913},
		{ID: "nt-water-1", Name: "通兴闸断面", City: "南通", District: "通州区", Domain: reading.Water, Target: "III", Lat: 32.0634, Lon: 121.0732},
		{ID: "nt-noise-1", Name: "江海大道路口", City: "南通", District: "崇川区", Domain: reading.Noise, Zone: "4a", Lat: 32.0121, Lon: 120.8645},
		{ID: "ay-air-1", Name: "柏庄广场", City: "安阳", District: "文峰区", Domain: reading.Air, Lat: 36.0902, Lon: 114.3568},
		{ID: "ay-water-1", Name: "柳湾桥断面", City: "安阳", District: "北关区", Domain: reading.Water, Target: "IV", Lat: 36.1185, Lon: 114.3719},
		{ID: "ay-noise-1", Name: "东风小学", City: "安阳", District: "殷都区", Domain: reading.Noise, Zone: "1", Lat: 36.1079, Lon: 114.3216},
		{ID: "szs-air-1", Name: "沙湖路", City: "石嘴山", District: "大武口区", Domain: reading.Air, Lat: 39.0187, Lon: 106.3764},
		{ID: "szs-water-1", Name: "雁鸣湖口断面", City: "石嘴山", District: "惠农区", Domain: reading.Water, Target: "IV", Lat: 39.2193, Lon: 106.7718},
		{ID: "szs-noise-1", Name: "朝阳工业园", City: "石嘴山", District: "大武口区", Domain: reading.Noise, Zone: "3", Lat: 39.0412, Lon: 106.3951},
	}
	for i := range stations {
		stations[i].Name += "(模拟)"
		stations[i].Interval = time.Minute
	}
	return stations
}

// climate is what distinguishes the cities in the model. The figures are plausible, not measured.
type climate struct {
	dust     float64 // level of particulates, 1: a clean coastal city
	coarse   float64 // coarse particles in ug/m3
	pressure float64 // hPa at the city's height
	warmth   float64 // mean temperature of the year, Cel
	swing    float64 // summer above that mean, Cel
	damp     float64 // mean relative humidity, %
	nutrient float64 // level of nutrients in its waters
}

var climates = map[string]climate{
	"无锡":  {dust: 1.1, coarse: 16, pressure: 1016, warmth: 17, swing: 12, damp: 74, nutrient: 1.1},
	"南通":  {dust: 1.0, coarse: 15, pressure: 1016, warmth: 16, swing: 12, damp: 77, nutrient: 1.0},
	"安阳":  {dust: 1.7, coarse: 32, pressure: 1008, warmth: 15, swing: 13, damp: 62, nutrient: 1.3},
	"石嘴山": {dust: 1.2, coarse: 48, pressure: 891, warmth: 10, swing: 15, damp: 45, nutrient: 1.2},
}

// elsewhere is the climate of stations in other cities.
var elsewhere = climate{dust: 1.2, coarse: 25, pressure: 1013, warmth: 15, swing: 12, damp: 65, nutrient: 1.1}
