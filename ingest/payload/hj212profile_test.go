package payload

import (
	"fmt"
	"strings"
	"testing"
)

// Whoever prints a profile, in a log or in a test, does not print a station's password and key.
func TestPrintedProfilesConcealTheirSecrets(t *testing.T) {
	p := HJ212Profile{Units: map[string]string{"tsp": "mg/m3"}, Password: "hunter2", Key: []byte("0123456789ABCDEF")}
	all := Profiles[HJ212Profile]{Default: &p, Of: map[string]*HJ212Profile{"wx-1": &p}}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		text := fmt.Sprintf(verb, p) + fmt.Sprintf(verb, &p) + fmt.Sprintf(verb, []HJ212Profile{p}) + fmt.Sprintf(verb, all)
		for _, secret := range []string{"hunter2", fmt.Sprintf("%x", "hunter2"), "0123456789ABCDEF", fmt.Sprintf("%x", p.Key), "48 49 50", "0x30, 0x31"} {
			if strings.Contains(text, secret) {
				t.Errorf("%s shows %s in %s", verb, secret, text)
			}
		}
	}
	for _, text := range []string{p.String(), p.GoString(), fmt.Sprint(&p)} {
		if !strings.Contains(text, "tsp:mg/m3") || !strings.HasSuffix(text, "with a password: true, with a key: true") {
			t.Errorf("got %s", text)
		}
	}
	if text := (HJ212Profile{}).String(); !strings.HasSuffix(text, "with a password: false, with a key: false") {
		t.Errorf("got %s", text)
	}
	if p.Password != "hunter2" || len(p.Key) != 16 {
		t.Error("printing took the secrets away")
	}
}
