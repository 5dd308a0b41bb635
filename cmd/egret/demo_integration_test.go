//go:build integration

package main

import "testing"

func TestIntegrationTheDemoResolvesItsAlert(t *testing.T) {
	wantText(t, runDemo(t, "RESOLVED"), "ALERT FIRING    pm25 at wx-air-1", "ALERT RESOLVED  pm25 at wx-air-1", "back below 100")
}
