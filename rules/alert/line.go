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
	to = reading.AppendText(to, a.Message)
	to = append(to, `",id="`...)
	to = reading.AppendText(to, a.ID)
	to = append(to, `" `...)
	to = strconv.AppendInt(to, a.At.UnixNano(), 10)
	return append(to, '\n')
}
