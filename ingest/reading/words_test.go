package reading

import (
	"math"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestSlotHoldsTheInstantOfReceipt(t *testing.T) {
	shanghai := time.FixedZone("Asia/Shanghai", 8*60*60)
	received := time.Date(2026, 11, 21, 17, 17, 42, 5, shanghai)
	f := func(s Station, period Period, want string) {
		t.Helper()
		got := time.Unix(0, s.Slot(received.UnixNano(), period, shanghai)).In(shanghai).Format("02 15:04:05.999999999")
		if got != want {
			t.Errorf("%+v %s: slot is %s, want %s", s, period, got, want)
		}
	}
	f(Station{}, Momentary, "21 17:17:00")
	f(Station{Interval: time.Second}, Momentary, "21 17:17:42")
	f(Station{Interval: 5 * time.Minute}, Momentary, "21 17:15:00")
	f(Station{Interval: 4 * time.Hour}, Momentary, "21 16:00:00")
	f(Station{Period: Hour, Interval: time.Second}, Momentary, "21 17:00:00")
	f(Station{Interval: time.Second}, Hour, "21 17:00:00")
	f(Station{}, Day, "21 00:00:00")
	s := Station{}
	if got := s.Slot(-1, Momentary, time.UTC); got != -int64(time.Minute) {
		t.Errorf("the slot before 1970 begins at %d", got)
	}
	slot := s.Slot(received.UnixNano(), Momentary, shanghai)
	for _, again := range []int64{slot, slot + int64(time.Minute) - 1} {
		if s.Slot(again, Momentary, shanghai) != slot {
			t.Error("a message that comes again within the slot gets another")
		}
	}
}

func TestIDsAndKeys(t *testing.T) {
	for _, id := range []string{"a", "wx-1", "N.2_a", "...", strings.Repeat("x", MaxStationID)} {
		if err := CheckID(id); err != nil {
			t.Error(err)
		}
	}
	for _, id := range []string{"", ".", "..", "a b", "a,b", "a=b", "a/b", "a\n", "站1", "a\\", strings.Repeat("x", MaxStationID+1)} {
		if CheckID(id) == nil {
			t.Errorf("id %q may name a station", id)
		}
	}
	for _, key := range []string{"f", "pm25", "o3_8h", "l5", strings.Repeat("x", 40)} {
		if err := CheckKey(key); err != nil {
			t.Error(err)
		}
	}
	for _, key := range []string{"", "5l", "_a", "PM25", "pm2.5", "o3-8h", "a b", "so2_flag", "so2_raw", "_flag", strings.Repeat("x", 41)} {
		if CheckKey(key) == nil {
			t.Errorf("key %q may name a parameter", key)
		}
	}
	for key, p := range BuiltinParameters() {
		if err := CheckKey(key); err != nil || p.Key != key || p.Low >= p.High || p.Domain.String() == "" {
			t.Errorf("%+v: %v", p, err)
		}
	}
}

func TestPeriodsAndDomainsByName(t *testing.T) {
	for p := Momentary; p <= Day; p++ {
		if got, err := ParsePeriod(p.String()); err != nil || got != p {
			t.Errorf("%s is read as %s, %v", p, got, err)
		}
	}
	if Hour.Length() != time.Hour || Minutes15.Length() != 15*time.Minute || Momentary.Length() != 0 {
		t.Error("a period has a wrong length")
	}
	if _, err := ParsePeriod("2h"); err == nil {
		t.Error("2h is a period")
	}
	for _, d := range Domains {
		if got, err := ParseDomain(d.String()); err != nil || got != d {
			t.Errorf("%s is read as %s, %v", d, got, err)
		}
	}
	for _, name := range []string{"", "soil"} {
		if _, err := ParseDomain(name); err == nil {
			t.Errorf("%q is a domain", name)
		}
	}
}

func TestAPositionIsReadBack(t *testing.T) {
	want := Position{Sequence: 1, Chain: math.MaxUint64, Messages: 3, Values: 4, Received: -5}
	got, rest, err := ParsePosition(append(want.Append(nil), 7))
	if err != nil || got != want || len(rest) != 1 {
		t.Errorf("position is %+v, %v, %v", got, rest, err)
	}
	if _, _, err := ParsePosition(want.Append(nil)[:positionSize-1]); err == nil {
		t.Error("a position that is cut short is read")
	}
}

func TestShortenNeverCutsACharacter(t *testing.T) {
	for _, text := range []string{"短", strings.Repeat("长", 27), strings.Repeat("a", 79) + "长长", strings.Repeat("a", 500)} {
		got := Shorten(text)
		if !utf8.ValidString(got) || len(got) > 83 || !strings.HasPrefix(text, strings.TrimSuffix(got, "…")) {
			t.Errorf("%q is shortened to %q", text, got)
		}
	}
}
