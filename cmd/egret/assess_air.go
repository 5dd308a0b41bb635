package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"egret/ingest/reading"
	"egret/rules/air"

	"github.com/spf13/cobra"
)

// levelNames are the levels of HJ 633 as they are written in Chinese.
var levelNames = [...]string{"", "一级", "二级", "三级", "四级", "五级", "六级"}

func assessAirCommand() *cobra.Command {
	command := &cobra.Command{
		Use:   "air [--date DAY] [--period hour|day|year] PARAMETER=VALUE...",
		Short: "Air quality index, primary pollutant and limits",
		Long: `assess air judges concentrations by HJ 633 (index) and GB 3095 (limits), in the edition of the day:
pm25 pm10 so2 no2 o3 o3_8h in ug/m3, co in mg/m3; - is a missing value. Of a day, o3_8h is the largest 8 h
mean; of a year, so2 no2 pm10 pm25 are means, co and o3_8h the 95th and 90th percentile of the days.
With --us it is the index of the US EPA for a day, of values in the same units: 24 h means of pm25 pm10
so2_24h, largest 8 h means of o3_8h co, largest 1 h means of o3 so2 no2.`,
		Example: `  egret assess air --date 2026-11-21 --period day pm25=78 pm10=120 so2=9 no2=41 co=0.8 o3_8h=90
  egret assess air --date 2026-11-21 --period hour pm25=78 pm10=120 so2=9 no2=41 co=0.8 o3=31 --json
  egret assess air --date 2026-12-31 --period year --grade 1 pm25=16.2
  egret assess air --us --date 2026-11-21 pm25=35.4 o3_8h=154.1`,
	}
	flags := command.Flags()
	day := dayFlag(command)
	period := flags.String("period", air.PeriodDay, "what the values are of: hour, day or year")
	grade := flags.Int("grade", air.Grade2, "whose limits: 1 for class-1 areas, 2 for others")
	us := flags.Bool("us", false, "the index of the US EPA")
	asJSON := flags.Bool("json", false, "print JSON")
	command.RunE = func(command *cobra.Command, arguments []string) error {
		values, err := parseGiven(arguments)
		if err != nil {
			return err
		}
		date, err := day()
		if err != nil {
			return err
		}
		measured, err := airMeasured(values)
		if err != nil {
			return err
		}
		var a air.Assessment
		switch {
		case !slices.Contains([]string{air.PeriodHour, air.PeriodDay, air.PeriodYear}, *period):
			return usageError{fmt.Errorf("--period %q is not known: use hour, day or year", reading.Shorten(*period))}
		case *us && *period != air.PeriodDay:
			return usageError{fmt.Errorf("--period %s does not go with --us, whose index here is that of a day", *period)}
		case *us:
			a, err = air.AssessUS(date, measured)
		default:
			a, err = air.Assess(date, *period, *grade, measured, &air.Practice{})
		}
		if err != nil {
			return err
		}
		if *asJSON {
			return printJSON(command.OutOrStdout(), a)
		}
		return printAir(command.OutOrStdout(), &a, values, *us)
	}
	return command
}

// airMeasured reads concentrations. A number that no station could send is a mistake of a digit or a unit.
func airMeasured(values []given) ([]air.Measured, error) {
	parameters := reading.BuiltinParameters()
	measured := make([]air.Measured, len(values))
	for i, v := range values {
		number, valid, err := v.number()
		if err != nil {
			return nil, err
		}
		if p := parameters[v.key]; valid && p != nil && (number.Float() < p.Low || number.Float() > p.High) {
			return nil, fmt.Errorf("%s=%s lies outside the plausible range %g to %g %s", v.key, v.text, p.Low, p.High, p.Unit)
		}
		measured[i] = air.Measured{Parameter: v.key, Value: number, Valid: valid}
	}
	return measured, nil
}

func printAir(to io.Writer, a *air.Assessment, values []given, us bool) error {
	s := newSheet(to)
	if a.Period == air.PeriodYear {
		fmt.Fprintf(s, "%s, year of %s\n", a.Standard, a.Date)
	} else {
		fmt.Fprintf(s, "%s\n%s, %s of %s\n", airHeadline(a, us), a.Standard, a.Period, a.Date)
		if a.Published {
			fmt.Fprintf(s, "primary pollutant: %s\n", orDash(strings.Join(a.Primary, ", ")))
		}
		s.row("\nPOLLUTANT", "VALUE", "UNIT", "INDEX")
		for _, v := range values {
			s.row(v.key, v.text, airUnit(v.key), airIndex(a, v.key))
			delete(a.WithoutIAQI, v.key)
		}
		for _, key := range slices.Sorted(maps.Keys(a.WithoutIAQI)) {
			s.row(key, "-", airUnit(key), a.WithoutIAQI[key])
		}
	}
	if len(a.Limits) > 0 {
		s.row("\nPARAMETER", "OF", "VALUE", "COMPARED", "LIMIT", "VERDICT")
	} else if a.Period == air.PeriodYear {
		fmt.Fprintln(s, "there is no limit for these values")
	}
	for i := range a.Limits {
		l := &a.Limits[i]
		s.row(l.Parameter, l.Statistic, shownNumber(l.Value), shownNumber(l.Compared), l.Limit.String(), verdictWords(l.Meets))
	}
	for _, source := range limitSources(a.Limits) {
		fmt.Fprintln(s, source)
	}
	return s.Flush()
}

func airHeadline(a *air.Assessment, us bool) string {
	switch {
	case a.Published && us:
		return fmt.Sprintf("AQI %d, %s, %s", *a.AQI, *a.Category, *a.Colour)
	case a.Published:
		return fmt.Sprintf("AQI %d, level %d, %s, %s; %s %s", *a.AQI, *a.Level, *a.English, *a.Colour, levelNames[*a.Level], *a.Category)
	case a.PartialAQI != nil:
		return fmt.Sprintf("AQI NA: a pollutant is missing, and the standard does not let the index of the others (%d) be published", *a.PartialAQI)
	default:
		return "AQI NA: there is no valid value"
	}
}

func airIndex(a *air.Assessment, key string) string {
	if index, ok := a.IAQI[key]; ok {
		return strconv.Itoa(index)
	}
	if reason, ok := a.WithoutIAQI[key]; ok {
		return reason
	}
	return "does not enter the index"
}

// airUnit returns the unit of a concentration; running means such as pm25_24h have that of their parameter.
func airUnit(key string) string {
	if p := reading.BuiltinParameters()[strings.TrimSuffix(key, "_24h")]; p != nil {
		return p.Unit
	}
	return ""
}

// limitSources says, each once, where limits come from and how values were rounded.
func limitSources(limits []air.LimitLine) []string {
	var sources []string
	add := func(source string) {
		if !slices.Contains(sources, source) {
			sources = append(sources, source)
		}
	}
	for i := range limits {
		l := &limits[i]
		phase := ""
		if l.Phase != "" {
			phase = ", " + l.Phase
		}
		add(fmt.Sprintf("limits: %s %s%s, grade %d (%s)", l.Standard, l.Clause, phase, l.Grade, l.Certainty))
	}
	for i := range limits {
		add("compared: " + limits[i].Rounding)
	}
	return sources
}
