package config

import (
	"encoding/hex"
	"errors"
	"strings"
)

// Connection is what is known of how a station of the register sends.
type Connection struct {
	Aliases  []string // under which payloads speak of it
	Profile  string   // how it writes; "": as its group or the subscription has it
	Password Secret   // that its HJ 212 frames must carry; "" takes any
	Key      Secret   // 16 bytes, by which its HJ 212 data are encrypted; "": they are plain
}

// Aliases returns the ids of stations by the other names that payloads give them, in every spelling.
func (c *Config) Aliases() map[string]string {
	ids := map[string]string{}
	for id, connection := range c.Connections {
		for _, name := range connection.names() {
			if name != id {
				ids[name] = id
			}
		}
	}
	return ids
}

// names returns the aliases. A DevEUI or an MN of hexadecimal digits is a number, which networks write in small or in
// capital letters, so it is there in both.
func (c *Connection) names() []string {
	var names []string
	for _, alias := range c.Aliases {
		names = append(names, alias)
		if isHexadecimal(alias) {
			names = append(names, strings.ToLower(alias), strings.ToUpper(alias))
		}
	}
	return names
}

// isHexadecimal says whether a name has the form of a DevEUI (8 bytes) or of an MN that is a number (12 bytes).
func isHexadecimal(name string) bool {
	return (len(name) == 16 || len(name) == 24) && strings.Trim(name, "0123456789abcdefABCDEF") == ""
}

// folded returns the name in small letters where capital ones mean the same.
func folded(name string) string {
	if isHexadecimal(name) {
		return strings.ToLower(name)
	}
	return name
}

// mostAlias holds any MN, DevEUI and base name.
const mostAlias = 128

// readAliases reads the other names of the stations, each of which may mean one station only. ids holds the lines of
// the stations.
func (c *Config) readAliases(stations []*section, ids map[string]int) {
	lines, owners := map[string]int{}, map[string]int{}
	for i := range c.Stations {
		id := c.Stations[i].ID
		owners[folded(id)] = ids[id]
	}
	for i, s := range stations {
		station := &c.Stations[i]
		var aliases []string
		for _, item := range s.texts("aliases") {
			name := folded(item.text)
			problem := func(format string, arguments ...any) {
				s.problemAt(item.line, "aliases", "%s: "+format, append([]any{shown(item.written)}, arguments...)...)
			}
			switch {
			case item.text == "" || len(item.text) > mostAlias:
				problem("is not a name; write 1 to %d bytes", mostAlias)
			case item.text == station.ID:
				problem("is the station's id, by which it is known anyway; remove it")
			case ids[item.text] > 0:
				problem("line %d has a station with this id; a name may mean one station only", ids[item.text])
			case owners[name] > 0 && name != folded(station.ID):
				problem("line %d has a station with this id in other letters; a name may mean one station only", owners[name])
			case lines[name] > 0:
				problem("stands in line %d already; a name may mean one station only", lines[name])
			default:
				lines[name] = item.line
			}
			aliases = append(aliases, item.text)
		}
		if connection := (Connection{Aliases: aliases}); aliases != nil {
			c.connect(station.ID, connection)
		}
	}
}

// readConnections reads how the stations send, when the profiles are known.
func (c *Config) readConnections(stations []*section) {
	for i, s := range stations {
		id := c.Stations[i].ID
		connection := c.Connections[id]
		var profile *Profile
		if take(s, "profile", &profile, c.parseProfile) {
			connection.Profile = profile.ID
		}
		hj212 := s.section("hj212")
		readPassword(hj212, &connection.Password)
		readKey(hj212, &connection.Key)
		hj212.close()
		s.close()
		if connection.Profile != "" || connection.Password != "" || connection.Key != "" {
			c.connect(id, connection)
		}
	}
}

func (c *Config) connect(id string, connection Connection) {
	if c.Connections == nil {
		c.Connections = map[string]Connection{}
	}
	c.Connections[id] = connection
}

// mostPassword is above the 6 characters of HJ 212-2017 and the 24 that some loggers send.
const mostPassword = 64

func readPassword(s *section, to *Secret) {
	key := s.whichSecret("password", to)
	if key == "" {
		return
	}
	for _, c := range []byte(*to) {
		if c <= ' ' || c > '~' || strings.IndexByte(";,=&#", c) >= 0 {
			s.problem(key, "holds a character that no PW of HJ 212 can have; write letters and digits")
			return
		}
	}
	if len(*to) > mostPassword {
		s.problem(key, "is longer than %d characters; shorten it", mostPassword)
	}
}

func readKey(s *section, to *Secret) {
	key := s.whichSecret("key", to)
	if key == "" {
		return
	}
	bytes, err := parseKeyBytes(string(*to))
	if err != nil {
		s.problem(key, "%s", err)
		return
	}
	*to = bytes
}

// parseKeyBytes reads a key of SM4, which has 128 bits (GB/T 32907-2016).
func parseKeyBytes(text string) (Secret, error) {
	if len(text) == 16 {
		return Secret(text), nil
	}
	if bytes, err := hex.DecodeString(text); err == nil && len(bytes) == 16 {
		return Secret(bytes), nil
	}
	return "", errors.New("is not a key of SM4; write its 16 bytes as 32 hexadecimal digits, or as 16 characters")
}

// whichSecret reads a secret and returns the field that gave it, "" where none did or it was reported.
func (s *section) whichSecret(key string, to *Secret) string {
	s.secret(key, to)
	for _, given := range []string{key, key + "_file"} {
		if _, ok := s.field(given); !ok {
			continue
		}
		if s.faulty[key] || s.faulty[key+"_file"] {
			*to = "faulty" // it is not missing: whoever asks for it would report it a second time
			return ""
		}
		if *to == "" {
			s.problem(given, "is empty; write the secret or remove the field")
			*to = "faulty"
			return ""
		}
		return given
	}
	return ""
}
