package reading

// LowValue is what becomes of numbers around zero, where an instrument's noise is larger than what there is to measure:
// a usable number above Above and not above zero is replaced by By, about half the detection limit, and the number as it
// was sent is kept beside it. A number at or below Above is no noise and is refused. Both in the parameter's unit.
type LowValue struct {
	Above float64
	By    float64
}

// lowValues is the practice of the national air network: comments in public code that agree with what is remembered of
// HJ 817-2018, HJ 818-2018 and the audit rules of 2014; neither text was seen.
var lowValues = map[string]LowValue{
	"so2":  {Above: -14, By: 3},
	"no2":  {Above: -10, By: 2},
	"o3":   {Above: -10, By: 2},
	"co":   {Above: -1, By: 0.3},
	"pm10": {Above: -5, By: 2},
	"pm25": {Above: -5, By: 2},
}

// LowValue returns the parameter's rule; ok is false where a number around zero is as good as any other.
func (p *Parameter) LowValue() (low LowValue, ok bool) {
	low, ok = lowValues[p.Key]
	return low, ok
}
