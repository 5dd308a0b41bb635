package main

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"egret/deploy/config"
	"egret/ingest/intake"
	"egret/ingest/reading"
	"egret/ingest/subscription"
)

var (
	codeBlock = regexp.MustCompile("(?s)```(\\w*)\n(.*?)```")
	published = regexp.MustCompile(`mosquitto_pub -q 1 -t (\S+) -m '([^']+)'`)
	piped     = regexp.MustCompile(`(?s)printf '([^']+)' \|\s+egret (decode [^\n]+) -\n`)
)

// What README.md shows of each format is a configuration that loads and a message that becomes readings.
func TestWhatReadmeShowsOfConnectingAStationWorks(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(readme), "\n## Connect a station\n")
	text, _, found := strings.Cut(text, "\n### Stations and rules\n")
	if !found {
		t.Fatal("README.md has no section on connecting a station")
	}
	configurations, messages := 0, 0
	for part := range strings.SplitSeq(text, "\n**") { // each begins with the name of a format
		c := config.Default()
		for _, block := range codeBlock.FindAllStringSubmatch(part, -1) {
			if block[1] == "yaml" {
				configurations++
				if c, err = config.Parse("README.md", []byte(block[2]), anyEnvironment); err != nil {
					t.Errorf("%s\n%s", err, block[2])
					c = config.Default()
				}
				continue
			}
			for _, m := range published.FindAllStringSubmatch(block[2], -1) {
				messages++
				wantPublished(t, c, m[1], m[2])
			}
			for _, m := range piped.FindAllStringSubmatch(block[2], -1) {
				messages++
				output := mustEgret(t, append(strings.Fields(m[2]), write(t, m[1]))...)
				wantText(t, output, "a34004-Rtd", "pm25")
			}
		}
	}
	if configurations < 6 || messages < 4 {
		t.Errorf("README.md shows %d configurations and %d messages", configurations, messages)
	}
}

// anyEnvironment knows every variable: 16 characters, as a key of SM4 has.
func anyEnvironment(string) (string, bool) { return "0123456789abcdef", true }

func wantPublished(t *testing.T, c *config.Config, topic, content string) {
	t.Helper()
	topics, err := templates(c)
	if err != nil {
		t.Fatal(err)
	}
	limits := intakeLimits(c)
	limits.AcceptUnknown = true
	m := intake.Message{Source: topic, Payload: []byte(content), Size: len(content), Received: time.Date(2026, 11, 21, 10, 15, 30, 0, c.Zone).UnixNano()}
	subscription.Route(topics, &m)
	record, _, entry := intake.NewChecker(c.Parameters, register(c), c.Zone, limits).Take(&m, nil)
	if record.Values == 0 || entry != nil {
		t.Errorf("%s on %s becomes %d values, refused: %+v", content, topic, record.Values, entry)
	}
}

func TestReadmeListsTheParameters(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(readme), "\nParameters: ")
	text, _, _ = strings.Cut(text, "\n\n")
	for key, p := range reading.BuiltinParameters() {
		list, unit, found := "", "", false
		for _, part := range regexp.MustCompile("`([^`]*)`[ \n]\\(([^)]*)\\)").FindAllStringSubmatch(strings.ReplaceAll(text, "` `", " "), -1) {
			if list, unit = part[1], part[2]; slices.Contains(strings.Fields(list), key) {
				found = true
				break
			}
		}
		if !found || unit != p.Unit {
			t.Errorf("README.md does not say of %s that it is in %s", key, p.Unit)
		}
	}
}
