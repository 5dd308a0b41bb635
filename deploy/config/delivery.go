package config

// Delivery says where alerts go.
type Delivery struct {
	MQTT     bool // retained on alerts/{station}/{rule} of the broker
	Webhooks []Webhook
}

// Webhook is an address to which alerts are posted.
type Webhook struct {
	Name  string // unique
	URL   Secret // http:// or https://; hidden, because the robots of chat groups have their key in it
	Token Secret // sent as a bearer token, if there is one
}

func readDelivery(s *section, d *Delivery) {
	take(s, "mqtt", &d.MQTT, parseBool)
	lines := map[string]int{}
	for _, entry := range s.sections("webhooks", "name") {
		var w Webhook
		entry.id("name", &w.Name, lines)
		entry.require("url")
		if _, text, ok := entry.scalar("url"); ok {
			if err := checkURL(text, []string{"http://", "https://"}); err != nil {
				entry.problem("url", "%s", err)
			}
			w.URL = Secret(text)
		}
		entry.secret("token", &w.Token)
		entry.close()
		d.Webhooks = append(d.Webhooks, w)
	}
	s.close()
}
