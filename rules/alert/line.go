package alert

import (
	"strconv"

	"egret/ingest/reading"
)

// AppendLine appends the alert as a line of the `alerts` measurement with its \n. Rule and parameter are checked
// ids and need no escaping; an empty tag would be refused by the database and is left out.
func (a *Alert) AppendLine(to []byte) []byte {
	to = append(to, "alerts,rule="...)
	to = append(to, a.Rule...)
	to = append(to, ",station="...)
	to = reading.AppendTag(to, a.Station)
	if a.Parameter != "" {
		to = append(to, ",parameter="...)
		to = append(to, a.Parameter...)
	}
	to = append(to, ",severity="...)
	to = append(to, a.Severity...)
	to = append(to, ` state="`...)
	to = append(to, a.State...)
	to = append(to, `",value=`...)
	to = reading.Fixed(a.Value).Append(to)
	to = append(to, ",limit="...)
	to = reading.Fixed(a.Limit).Append(to)
	to = append(to, `,message="`...)
	to = appendEscaped(to, a.Message)
	to = append(to, `",id="`...)
	to = appendEscaped(to, a.ID)
	to = append(to, `" `...)
	to = strconv.AppendInt(to, a.At.UnixNano(), 10)
	return append(to, '\n')
}

// appendEscaped escapes what ends a string field; a line break would end the line for some readers.
func appendEscaped(to []byte, text string) []byte {
	for _, c := range []byte(text) {
		switch c {
		case '"', '\\':
			to = append(to, '\\', c)
		case '\n', '\r':
			to = append(to, ' ')
		default:
			to = append(to, c)
		}
	}
	return to
}
