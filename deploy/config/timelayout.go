package config

import (
	"errors"
	"strings"
	"time"

	"egret/ingest/payload"
)

var unixLayouts = []named[payload.TimeLayout]{
	{"rfc3339", payload.TimeLayout{}},
	{"unix", payload.TimeLayout{Unix: time.Second}},
	{"unix-ms", payload.TimeLayout{Unix: time.Millisecond}},
	{"unix-us", payload.TimeLayout{Unix: time.Microsecond}},
	{"unix-ns", payload.TimeLayout{Unix: time.Nanosecond}},
}

// parseTimeLayout reads the name of a layout, or a layout of package time.
func parseTimeLayout(text string) (payload.TimeLayout, error) {
	if !strings.Contains(text, "06") { // the year of the layout
		layout, err := oneNamed(unixLayouts)(text)
		if err != nil {
			return layout, errors.New("is not known; use rfc3339, unix, unix-ms, unix-us or unix-ns, or write how 15:04:05 on 2 January 2006 would stand there, such as 2006-01-02 15:04:05")
		}
		return layout, nil
	}
	if err := payload.CheckTimeFormat(text); err != nil {
		return payload.TimeLayout{}, err
	}
	return payload.TimeLayout{Format: text}, nil
}
