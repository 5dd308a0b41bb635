package main

import (
	"fmt"
	"io"
	"strings"

	"egret/ingest/reading"
	"egret/rules/calendar"
	"egret/rules/noise"

	"github.com/spf13/cobra"
)

func assessNoiseCommand() *cobra.Command {
	command := &cobra.Command{
		Use:   "noise --zone ZONE day=LEVEL night=LEVEL | hours=LEVEL,LEVEL,...",
		Short: "Day, night and day-night level of a noise point in its zone",
		Long: `assess noise judges levels in dB(A) by GB 3096-2008 (zones 0 1 2 3 4a 4b) or, for the boundary of a
construction site, GB 12523 (zone construction): day= and night= are Ld and Ln, lmax= the highest level of the
night. hours= takes 24 hourly Leq from 00:00, the missing ones empty or -; the night is then made of the
hours 0 to 5 and 22 to 23 of the date.`,
		Example: `  egret assess noise --zone 2 --date 2026-11-21 day=55.2 night=47
  egret assess noise --zone 4a --date 2026-11-21 day=68 night=56.1 lmax=69 --json
  egret assess noise --zone 1 hours=41,40,39,39,40,43,47,51,53,52,52,51,50,51,52,53,54,55,54,52,50,48,45,43`,
	}
	flags := command.Flags()
	day := dayFlag(command)
	zone := flags.String("zone", "", "the functional zone: "+strings.Join(noise.Zones(), ", "))
	asJSON := flags.Bool("json", false, "print JSON")
	command.RunE = func(command *cobra.Command, arguments []string) error {
		values, err := parseGiven(arguments)
		if err != nil {
			return err
		}
		if err := noise.CheckZone(*zone); err != nil {
			return usageError{fmt.Errorf("--zone: %w", err)}
		}
		date, err := day()
		if err != nil {
			return err
		}
		a, err := assessNoise(*zone, date, values)
		if err != nil {
			return err
		}
		if *asJSON {
			return printJSON(command.OutOrStdout(), a)
		}
		return printNoise(command.OutOrStdout(), &a)
	}
	return command
}

func assessNoise(zone string, date calendar.Day, values []given) (noise.Assessment, error) {
	settings := noise.Settings{Night: noise.SameDate}
	levels := map[string]noise.Level{}
	var hours noise.Hours
	for _, v := range values {
		var err error
		switch _, twice := levels[v.key]; {
		case twice:
			err = fmt.Errorf("%s is given twice", v.key)
		case v.key == "hours":
			hours, err = parseHours(v.text)
			levels[v.key] = noise.Level{}
		case v.key == "day", v.key == "night", v.key == "lmax":
			levels[v.key], err = parseLevel(v)
		default:
			err = fmt.Errorf("%q is not known: use day, night, lmax or hours", reading.Shorten(v.key))
		}
		if err != nil {
			return noise.Assessment{}, err
		}
	}
	_, hourly := levels["hours"]
	_, byDay := levels["day"]
	_, byNight := levels["night"]
	switch {
	case hourly && (byDay || byNight):
		return noise.Assessment{}, fmt.Errorf("hours gives day and night already: give one or the other")
	case hourly:
		return noise.Judge(&settings, zone, date, &hours, levels["lmax"]), nil
	case !byDay && !byNight:
		return noise.Assessment{}, fmt.Errorf("there is no level: give day, night or hours")
	}
	return noise.JudgeLevels(&settings, zone, date, levels["day"], levels["night"], levels["lmax"]), nil
}

// parseLevel reads a level in dB(A) that a sound meter can show.
func parseLevel(v given) (noise.Level, error) {
	number, valid, err := v.number()
	if leq := reading.BuiltinParameters()["leq"]; err == nil && valid && (number.Float() < leq.Low || number.Float() > leq.High) {
		err = fmt.Errorf("%s=%s lies outside the plausible range %g to %g %s", v.key, v.text, leq.Low, leq.High, leq.Unit)
	}
	return noise.Level{Value: number, Valid: valid}, err
}

func parseHours(text string) (hours noise.Hours, err error) {
	cells := strings.Split(text, ",")
	if len(cells) != len(hours) {
		return hours, fmt.Errorf("hours: %d levels: give %d, from 00:00 on, the missing ones empty or -", len(cells), len(hours))
	}
	for i, cell := range cells {
		if hours[i], err = parseLevel(given{fmt.Sprintf("hour %d", i), strings.TrimSpace(cell)}); err != nil {
			return hours, err
		}
	}
	return hours, nil
}

func printNoise(to io.Writer, a *noise.Assessment) error {
	s := newSheet(to)
	if a.Limited {
		source := a.Limits.Source
		fmt.Fprintf(s, "zone %s, %s: %s %s (%s)\n\n", a.Zone, a.Date, source.Standard, source.Clause, source.Certainty)
	} else {
		fmt.Fprintf(s, "zone %s, %s: no limits are known for that day\n\n", a.Zone, a.Date)
	}
	s.row("LEVEL", "DB(A)", "COMPARED", "LIMIT", "VERDICT")
	row := func(name string, level noise.Level, limit reading.Fixed, meets *bool, words string) {
		cells := []string{name, "-", "-", "-", "-"}
		if level.Valid {
			cells[1], cells[2] = level.Value.Round(2, reading.HalfEven).String(), noise.Rounded(level.Value).String()
		}
		if a.Limited {
			cells[3], cells[4] = limit.String(), verdictWords(meets)+words
		}
		s.row(cells...)
	}
	row("Ld", a.Ld, a.Limits.Day, a.Day.Known(), " 昼间")
	row("Ln", a.Ln, a.Limits.Night, a.Night.Known(), " 夜间")
	if a.Lmax.Valid {
		row("Lmax", a.Lmax, a.Limits.NightMax, a.Max.Known(), " 夜间突发")
	}
	if a.Ldn.Valid {
		s.row("Ldn", a.Ldn.Value.Round(2, reading.HalfEven).String(), noise.Rounded(a.Ldn.Value).String(), "-")
	}
	if a.DayHours+a.NightHours > 0 {
		fmt.Fprintf(s, "of %d valid hours of the day and %d of the night\n", a.DayHours, a.NightHours)
	}
	return s.Flush()
}
