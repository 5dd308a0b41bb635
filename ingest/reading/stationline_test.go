package reading

import "testing"

func TestStationLine(t *testing.T) {
	f := func(s Station, want string) {
		t.Helper()
		if got := string(s.AppendLine(nil, 7)); got != want+"\n" {
			t.Errorf("line is %q, want %q", got, want)
		}
	}
	f(Station{ID: "wx-1"}, `stations,station=wx-1 name="",zone="",target="" 7`)
	f(Station{ID: "wx-1", Name: `蠡湖 "东"`, Domain: Air, City: "无锡", District: "滨湖, 东 区", Zone: "2", Target: "III", Lat: 31.5, Lon: -120.25},
		`stations,station=wx-1,domain=air,city=无锡,district=滨湖\,\ 东\ 区 name="蠡湖 \"东\"",zone="2",target="III",lat=31.5,lon=-120.25 7`)
}
