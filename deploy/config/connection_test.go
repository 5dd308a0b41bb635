package config

import (
	"maps"
	"testing"
)

// Networks write one DevEUI in small letters, another in capital ones; other names are taken as they stand.
func TestHexadecimalAliasesHoldInBothSpellings(t *testing.T) {
	f := func(station string, want map[string]string) {
		t.Helper()
		c, err := Parse("egret.yaml", []byte("stations: [{domain: air, "+station+"}]"), environment)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Aliases(); !maps.Equal(got, want) {
			t.Errorf("%s: got %v", station, got)
		}
	}
	f("id: wx-1, aliases: [A8404105018bd1d4]", map[string]string{"A8404105018bd1d4": "wx-1", "a8404105018bd1d4": "wx-1", "A8404105018BD1D4": "wx-1"})
	f(`id: wx-1, aliases: ["0101010101010101"]`, map[string]string{"0101010101010101": "wx-1"})
	f("id: wx-1, aliases: [SYNa00000000000000000001, A8404105018BD1D, ABCDEF]", map[string]string{"SYNa00000000000000000001": "wx-1", "A8404105018BD1D": "wx-1", "ABCDEF": "wx-1"})
	f("id: a8404105018bd1d4, aliases: [A8404105018BD1D4]", map[string]string{"A8404105018BD1D4": "a8404105018bd1d4"})
}
