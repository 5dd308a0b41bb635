//go:build integration

package faults

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"

	"egret/deploy/simulate"
)

type series struct {
	Name    string
	Tags    map[string]string
	Columns []string
	Values  [][]json.RawMessage
}

// query asks the database and returns the series of its one statement.
func (b *bench) query(statement string) []series {
	b.t.Helper()
	response, err := http.PostForm(b.influxURL+"/query?epoch=ns&db=egret", url.Values{"q": {statement}})
	if err != nil {
		b.t.Fatal(err)
	}
	defer response.Body.Close()
	var answer struct {
		Results []struct {
			Series []series
			Error  string
		}
		Error string
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		b.t.Fatalf("%s: %v", statement, err)
	}
	if len(answer.Results) != 1 || answer.Error+answer.Results[0].Error != "" {
		b.t.Fatalf("%s: %+v", statement, answer)
	}
	return answer.Results[0].Series
}

// checkLoad compares what the database holds of a load, value by value, and returns how many values were right.
func (b *bench) checkLoad(load *simulate.Load) int {
	b.t.Helper()
	right, wrong := 0, 0
	complain := func(format string, arguments ...any) {
		if wrong++; wrong <= 10 {
			b.t.Errorf(format, arguments...)
		}
	}
	for number := range min(load.Stations, load.Messages) {
		station := simulate.LoadStation(number)
		found := make(map[string][]json.RawMessage)
		columns := map[string]int{}
		for _, s := range b.query("SELECT * FROM air WHERE station = '" + station + "' AND period = 'rt'") {
			for i, column := range s.Columns {
				columns[column] = i
			}
			for _, row := range s.Values {
				found[string(row[0])] = row
			}
		}
		for message := number; message < load.Messages; message += load.Stations {
			instant := fmt.Sprint(load.Time(message).UnixNano())
			row, ok := found[instant]
			delete(found, instant)
			if !ok {
				complain("message %d of %s is not there", message, station)
				continue
			}
			for parameter, key := range simulate.LoadParameters[:load.Values] {
				var value float64
				if err := json.Unmarshal(row[columns[key]], &value); err != nil || value != simulate.LoadValue(message, parameter) || string(row[columns[key+"_flag"]]) != "0" {
					complain("message %d: %s is %s with flag %s, want %v", message, key, row[columns[key]], row[columns[key+"_flag"]], simulate.LoadValue(message, parameter))
					continue
				}
				right++
			}
		}
		for instant := range found {
			complain("%s has a point at %s that nobody sent", station, instant)
		}
	}
	if wrong > 0 {
		b.t.Errorf("%d mistakes in all", wrong)
	}
	return right
}

// dump returns all points of a measurement as sorted text, to be compared with another run's.
func (b *bench) dump(measurement string) map[string]string {
	b.t.Helper()
	points := make(map[string]string)
	for _, s := range b.query("SELECT * FROM " + measurement + " GROUP BY *") {
		for _, row := range s.Values {
			fields := make([]string, len(row))
			for i := range row {
				fields[i] = s.Columns[i] + "=" + string(row[i])
			}
			points[fmt.Sprint(s.Tags, " ", string(row[0]))] = strings.Join(fields[1:], " ")
		}
	}
	return points
}

// ofWindows leaves out the hours: the clock of this machine closes them, every ten minutes, in one run and not in the
// other.
func ofWindows(points map[string]string) map[string]string {
	maps.DeleteFunc(points, func(key, _ string) bool {
		return strings.Contains(key, "period:1h") || strings.Contains(key, "period:24h") || strings.Contains(key, "period:8h")
	})
	return points
}

// compare reports the points in which two runs differ.
func (b *bench) compare(what string, got, want map[string]string) {
	b.t.Helper()
	differ := 0
	for key, value := range want {
		if got[key] != value {
			if differ++; differ <= 10 {
				b.t.Errorf("%s %s: %q, undisturbed %q", what, key, got[key], value)
			}
		}
	}
	for key := range got {
		if _, ok := want[key]; !ok {
			if differ++; differ <= 10 {
				b.t.Errorf("%s %s is not in the undisturbed run", what, key)
			}
		}
	}
	if differ > 0 {
		b.t.Errorf("%s: %d of %d points differ", what, differ, len(want))
	}
}
