package table

// scanner walks over the text of a time.
type scanner struct{ rest string }

func (s *scanner) onlyDigits() bool {
	for _, c := range []byte(s.rest) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return s.rest != ""
}

// take moves past one of the characters and returns it, 0 if none is there.
func (s *scanner) take(characters string) byte {
	for _, c := range []byte(characters) {
		if s.rest != "" && s.rest[0] == c {
			s.rest = s.rest[1:]
			return c
		}
	}
	return 0
}

// number reads least to most digits.
func (s *scanner) number(least, most int) (number int, ok bool) {
	count := 0
	for count < most && count < len(s.rest) && s.rest[count] >= '0' && s.rest[count] <= '9' {
		number = number*10 + int(s.rest[count]-'0')
		count++
	}
	s.rest = s.rest[count:]
	return number, count >= least
}

// date reads 2026-03-01, and 2026/3/1 as spreadsheets write it.
func (s *scanner) date() (year, month, day int, ok bool) {
	year, yearly := s.number(4, 4)
	separator := s.take("-/")
	month, monthly := s.number(1, 2)
	same := separator != 0 && s.take(string(separator)) != 0
	day, daily := s.number(1, 2)
	return year, month, day, yearly && monthly && same && daily
}

// timeOfDay reads T10:00 or a blank and 10:00, then seconds and their fraction if they are there. 24:00 is the latest.
func (s *scanner) timeOfDay() (seconds, nanoseconds int64, ok bool) {
	if s.take("Tt ") == 0 {
		return 0, 0, false
	}
	hour, ok := s.number(1, 2)
	if !ok || s.take(":") == 0 {
		return 0, 0, false
	}
	minute, ok := s.number(2, 2)
	second := 0
	if ok && s.take(":") != 0 {
		if second, ok = s.number(2, 2); ok && s.take(".") != 0 {
			nanoseconds, ok = s.fraction()
		}
	}
	seconds = int64(hour*3600 + minute*60 + second)
	whole := seconds*1e9 + nanoseconds
	return seconds, nanoseconds, ok && minute < 60 && second < 60 && whole <= secondsOfDay*1e9
}

// fraction reads the digits behind the point, to the nanosecond.
func (s *scanner) fraction() (nanoseconds int64, ok bool) {
	unit := int64(1e8)
	for s.rest != "" && s.rest[0] >= '0' && s.rest[0] <= '9' {
		nanoseconds += int64(s.rest[0]-'0') * unit
		unit /= 10
		s.rest, ok = s.rest[1:], true
	}
	return nanoseconds, ok
}

// offset reads Z, +08:00 or +0800, in seconds east of Greenwich.
func (s *scanner) offset() (seconds int64, ok bool) {
	sign := s.take("Zz+-")
	if sign == 'Z' || sign == 'z' {
		return 0, true
	}
	hour, ok := s.number(2, 2)
	s.take(":")
	minute, ok2 := s.number(2, 2)
	seconds = int64(hour*3600 + minute*60)
	if sign == '-' {
		seconds = -seconds
	}
	return seconds, sign != 0 && ok && ok2 && hour < 24 && minute < 60
}
