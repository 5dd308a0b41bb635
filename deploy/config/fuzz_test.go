package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Whatever the file holds, Parse returns a configuration or mistakes with a place, each on one line.
func FuzzParse(f *testing.F) {
	f.Add([]byte(Example))
	for _, pattern := range []string{"testdata/bad/*.yaml", "testdata/good/*.yaml"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := Parse("egret.yaml", data, environment)
		if (c == nil) == (err == nil) {
			t.Fatalf("got %v and %v", c, err)
		}
		if err == nil {
			if len(c.Subscriptions) == 0 || c.Zone == nil {
				t.Fatalf("an accepted configuration is incomplete: %+v", c)
			}
			for i := range c.Subscriptions {
				if s := &c.Subscriptions[i]; c.Decoder(s) == nil || filterOf(s.Filter()) != s.Filter() {
					t.Fatalf("an accepted subscription cannot be read: %+v", s)
				}
			}
			if h := c.HJ212; h.Listen != "" && !isLoopback(h.Listen) && (c.Admission()("nobody") || c.UnknownStations == Accept) {
				t.Fatalf("the accepted listener takes anyone: %+v", h)
			}
			for i := range c.Rules {
				if err := c.Rules[i].Check(c.Parameters); err != nil {
					t.Fatalf("an accepted rule is wrong: %v", err)
				}
			}
			for i := range c.Plans {
				p := &c.Plans[i]
				if p.ID == "" || p.Title == "" || p.Period.Until < p.Period.From || len(p.Targets)+len(p.Duties) == 0 {
					t.Fatalf("an accepted plan is incomplete: %+v", p)
				}
			}
			return
		}
		var mistakes *Error
		if !errors.As(err, &mistakes) || len(mistakes.Problems) == 0 {
			t.Fatalf("not a list of mistakes: %v", err)
		}
		for _, p := range mistakes.Problems {
			if p.Line < 1 || p.Message == "" || strings.Contains(p.String(), "\n") {
				t.Fatalf("a mistake without a place or of several lines: %q", p)
			}
		}
	})
}

// The parser calls itself for each level, so a text of many levels must not reach it: a full stack ends the process.
func TestDeepTextIsRefusedBeforeItIsParsed(t *testing.T) {
	for _, level := range []string{"[", "{a: ", "- ", "? ", "!\n", "&a\n", "- !\n"} {
		_, err := Parse("egret.yaml", []byte(strings.Repeat(level, 200_000)), environment)
		var mistakes *Error
		if !errors.As(err, &mistakes) || len(mistakes.Problems) != 1 {
			t.Errorf("%q: got %v", level, err)
		}
	}
}
