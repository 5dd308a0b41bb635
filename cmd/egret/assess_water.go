package main

import (
	"fmt"
	"io"
	"strings"

	"egret/ingest/reading"
	"egret/rules/water"

	"github.com/spf13/cobra"
)

func assessWaterCommand() *cobra.Command {
	command := &cobra.Command{
		Use:   "water --type river|lake [--target CLASS] PARAMETER=VALUE...",
		Short: "Class, status and main pollutants of a water section",
		Long: `assess water judges values by GB 3838-2002: ph, and do codmn cod bod5 nh3n tp tn … in mg/L, fcoli per L,
chla in ug/L, transparency in m. 0.0003L is a value below its detection limit, -- a missing one. A lake or
reservoir has its own limits of tp and its trophic index (chla tp tn transparency codmn); tn and fcoli are
judged apart. With --target it says whether the class that is asked for is met.`,
		Example: `  egret assess water --type river --target III ph=7.4 do=5.2 codmn=7.5 nh3n=1.32 tp=0.28
  egret assess water --type lake do=6.5 codmn=4 tp=0.05 tn=1 chla=10 transparency=1 --json`,
	}
	flags := command.Flags()
	kindName := flags.String("type", water.River.String(), "river or lake (lakes and reservoirs)")
	targetName := flags.String("target", "", "the class to be reached: I to V")
	asJSON := flags.Bool("json", false, "print JSON")
	command.RunE = func(command *cobra.Command, arguments []string) error {
		values, err := parseGiven(arguments)
		if err != nil {
			return err
		}
		kind, err := water.ParseType(*kindName)
		if err != nil {
			return usageError{fmt.Errorf("--type: %w", err)}
		}
		target := water.Unknown
		if *targetName != "" {
			if target, err = water.ParseTarget(*targetName); err != nil {
				return usageError{fmt.Errorf("--target: %w", err)}
			}
		}
		measured := make([]water.Measured, len(values))
		for i, v := range values {
			if measured[i], err = water.ParseMeasured(v.key, v.text); err != nil {
				return err
			}
		}
		a, err := water.Assess(&water.Settings{}, kind, target, measured)
		if err != nil {
			return err
		}
		if *asJSON {
			return printJSON(command.OutOrStdout(), a)
		}
		return printWater(command.OutOrStdout(), &a, values)
	}
	return command
}

func printWater(to io.Writer, a *water.Assessment, values []given) error {
	s := newSheet(to)
	fmt.Fprintln(s, waterHeadline(a))
	fmt.Fprintf(s, "%s, %s; determined by %s\n", a.Standard, a.Type, orDash(strings.Join(a.Determining, ", ")))
	if a.Target != nil {
		fmt.Fprintf(s, "target %s: %s\n", a.Target, verdictWords(a.Meets))
	}
	if len(a.MainPollutants) > 0 {
		fmt.Fprintf(s, "main pollutants: %s\n", pollutants(a.MainPollutants))
	}
	if beyond := pollutants(a.Exceeding); a.Target != nil && beyond != pollutants(a.MainPollutants) {
		fmt.Fprintf(s, "beyond the target: %s\n", beyond)
	}
	if a.TLI != nil {
		fmt.Fprintf(s, "trophic index TLI(Σ): %s, %s\n", a.TLI, *a.Trophic)
	}
	if a.BlackOdorous != nil {
		fmt.Fprintf(s, "black and odorous 黑臭: %s\n", *a.BlackOdorous)
	}
	if len(a.Missing) > 0 {
		fmt.Fprintf(s, "missing: %s\n", orDash(strings.Join(a.Missing, ", ")))
	}
	s.row("\nPARAMETER", "VALUE", "UNIT", "CLASS")
	parameters := reading.BuiltinParameters()
	for _, v := range values {
		unit := ""
		if p := parameters[v.key]; p != nil && p.Unit != "pH" {
			unit = p.Unit
		}
		s.row(v.key, v.text, unit, waterClass(a, v.key))
	}
	for _, item := range a.SourceItems {
		fmt.Fprintf(s, "source of drinking water, %s: %s %s, limit %s: %s\n", item.Clause, item.Parameter, item.Value, item.Limit, verdictWords(item.Meets))
	}
	fmt.Fprintln(s)
	for _, setting := range a.Settings {
		fmt.Fprintf(s, "%s: %s (%s)\n", setting.Name, setting.Value, setting.Certainty)
	}
	return s.Flush()
}

func waterHeadline(a *water.Assessment) string {
	switch {
	case a.Class != nil:
		return fmt.Sprintf("class %s, %s %s", a.ClassName, a.StatusEnglish, a.Status)
	case a.AtLeast != nil:
		return fmt.Sprintf("no class: not enough valid data 数据不足; the values prove that it is not better than %s", a.AtLeast)
	default:
		return "no class: not enough valid data 数据不足"
	}
}

func pollutants(list []water.AssessedPollutant) string {
	var texts []string
	for _, p := range list {
		text := fmt.Sprintf("%s (%s)", p.Parameter, p.Class)
		if p.Exceeds != nil {
			text = fmt.Sprintf("%s (%s, %s times over)", p.Parameter, p.Class, p.Exceeds)
		}
		texts = append(texts, text)
	}
	return orDash(strings.Join(texts, ", "))
}

func waterClass(a *water.Assessment, key string) string {
	class, judged := a.ByParameter[key]
	apart := ""
	if !judged {
		class, judged = a.Apart[key]
		apart = ", judged apart"
	}
	switch {
	case !judged && a.TrophicLevels[key] != "":
		return "TLI " + a.TrophicLevels[key].String()
	case !judged:
		return "has no class"
	case class == nil:
		return "undecided" + apart
	default:
		return class.String() + apart
	}
}
