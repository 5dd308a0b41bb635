package window

// Expected returns how many readings a full window holds: at least one.
func Expected(length, interval int64) int { return max(1, int(length/interval)) }

// Coverage returns the share of expected readings that are there, 1 at most.
func Coverage(count, expected int) float64 { return min(1, float64(count)/float64(expected)) }
