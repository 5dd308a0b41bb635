package air

// nowCastPlaces holds the parameters that have a NowCast by [NowCast], and the decimals at which it is truncated.
var nowCastPlaces = map[string]int{"pm25": 1, "pm10": 0}

// NowCastPlaces returns at how many decimals a parameter's NowCast is truncated, and whether it has one.
func NowCastPlaces(parameter string) (int, bool) {
	places, ok := nowCastPlaces[parameter]
	return places, ok
}
