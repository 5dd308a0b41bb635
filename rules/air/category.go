package air

// Category is a class of an index with the colour in which it is shown.
type Category struct {
	Level   int
	Least   int // the smallest index of the class
	Name    string
	English string
	Colour  string
	RGB     [3]uint8
}

// categoriesChina are those of HJ 633-2012 and of table 1 of HJ 633-2026: they differ in where the first one starts,
// which is no matter here because an index of 2026 is never below 1. The purple is not that of the US.
var categoriesChina = []Category{
	{1, 0, "优", "excellent", "green", [3]uint8{0, 228, 0}},
	{2, 51, "良", "good", "yellow", [3]uint8{255, 255, 0}},
	{3, 101, "轻度污染", "lightly polluted", "orange", [3]uint8{255, 126, 0}},
	{4, 151, "中度污染", "moderately polluted", "red", [3]uint8{255, 0, 0}},
	{5, 201, "重度污染", "heavily polluted", "purple", [3]uint8{153, 0, 76}},
	{6, 301, "严重污染", "severely polluted", "maroon", [3]uint8{126, 0, 35}},
}

// categoriesEPA are those of the US EPA's Technical Assistance Document of May 2024.
var categoriesEPA = []Category{
	{1, 0, "Good", "Good", "green", [3]uint8{0, 228, 0}},
	{2, 51, "Moderate", "Moderate", "yellow", [3]uint8{255, 255, 0}},
	{3, 101, "Unhealthy for Sensitive Groups", "Unhealthy for Sensitive Groups", "orange", [3]uint8{255, 126, 0}},
	{4, 151, "Unhealthy", "Unhealthy", "red", [3]uint8{255, 0, 0}},
	{5, 201, "Very Unhealthy", "Very Unhealthy", "purple", [3]uint8{143, 63, 151}},
	{6, 301, "Hazardous", "Hazardous", "maroon", [3]uint8{126, 0, 35}},
}

// CategoryOf returns the class of HJ 633 that holds the index.
func CategoryOf(index int) *Category { return categoryOf(categoriesChina, index) }

// NameOf returns the word of the public for a level of HJ 633, 1 to 6.
func NameOf(level int) string { return categoriesChina[level-1].Name }

// categoryOf returns the class that holds the index.
func categoryOf(categories []Category, index int) *Category {
	found := &categories[0]
	for i := range categories {
		if index >= categories[i].Least {
			found = &categories[i]
		}
	}
	return found
}
