package reading

import (
	"strconv"
	"strings"
)

var (
	tagEscape    = strings.NewReplacer(`\`, `\\`, ",", `\,`, "=", `\=`, " ", `\ `, "\n", `\ `)
	stringEscape = strings.NewReplacer(`\`, `\\`, `"`, `\"`)
)

// AppendLine appends the station as one line of the `stations` measurement with its \n. It has a point at each change
// of the register, so that dashboards can list stations by city and district.
func (s *Station) AppendLine(to []byte, instant int64) []byte {
	to = append(to, "stations,station="...)
	to = append(to, s.ID...)
	for _, tag := range [...]struct{ key, value string }{{"domain", domainText(s.Domain)}, {"city", s.City}, {"district", s.District}} {
		if tag.value != "" {
			to = append(to, ',')
			to = append(to, tag.key...)
			to = append(to, '=')
			to = append(to, tagEscape.Replace(tag.value)...)
		}
	}
	separator := byte(' ')
	for _, field := range [...]struct{ key, value string }{{"name", s.Name}, {"zone", s.Zone}, {"target", s.Target}} {
		to = append(to, separator)
		separator = ','
		to = append(to, field.key...)
		to = append(to, '=', '"')
		to = append(to, stringEscape.Replace(field.value)...)
		to = append(to, '"')
	}
	if s.Lat != 0 || s.Lon != 0 { // where it was not given, a map must not show it in the Gulf of Guinea
		to = append(to, ",lat="...)
		to = strconv.AppendFloat(to, s.Lat, 'f', -1, 64)
		to = append(to, ",lon="...)
		to = strconv.AppendFloat(to, s.Lon, 'f', -1, 64)
	}
	to = append(to, ' ')
	to = strconv.AppendInt(to, instant, 10)
	return append(to, '\n')
}

func domainText(d Domain) string {
	if d == 0 {
		return ""
	}
	return d.String()
}
