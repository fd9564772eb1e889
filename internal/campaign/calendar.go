package campaign

import (
	"slices"
	"time"
)

// Calendar says when a strategy lets a group call, in one time zone. It is
// immutable and safe for concurrent use.
type Calendar struct {
	s    *Strategy
	zone *time.Location
}

// NewCalendar returns the calendar of a strategy, which must not change later.
func NewCalendar(s *Strategy, zone *time.Location) Calendar { return Calendar{s, zone} }

// Open reports whether calls may be made at t.
func (c Calendar) Open(t time.Time) bool {
	if !c.s.Start.IsZero() && t.Before(c.s.Start) || !c.s.End.IsZero() && !t.Before(c.s.End) {
		return false
	}
	local := t.In(c.zone)
	return c.callsOn(local) && c.inWindow(local)
}

// callsOn reports whether the day of a local time is one of the days.
func (c Calendar) callsOn(local time.Time) bool {
	if len(c.s.RepeatDays) == 0 {
		return true
	}
	switch c.s.Repeat {
	case Week:
		return slices.Contains(c.s.RepeatDays, weekday(local))
	case Month:
		return slices.Contains(c.s.RepeatDays, local.Day())
	}
	return true
}

// weekday counts from 1, Monday, to 7.
func weekday(local time.Time) int { return (int(local.Weekday())+6)%7 + 1 }

func (c Calendar) inWindow(local time.Time) bool {
	if len(c.s.Working) == 0 {
		return true
	}
	second := local.Hour()*3600 + local.Minute()*60 + local.Second()
	return slices.ContainsFunc(c.s.Working, func(w Window) bool { return w.Begin <= second && second < w.End })
}

// horizon is how many days are looked through for the next open time: every day
// of a month comes again within two months, the 31st included, and the 29th of
// February is not asked for by itself.
const horizon = 63

// Next returns the first time at or after t at which calls may be made, and
// false when there is none.
func (c Calendar) Next(t time.Time) (time.Time, bool) {
	if t.Before(c.s.Start) {
		t = c.s.Start
	}
	if c.Open(t) {
		return t, true
	}
	local := t.In(c.zone)
	for day := range horizon {
		for _, w := range c.windows() {
			at := c.clock(local, day, w.Begin)
			if !at.Before(t) && c.Open(at) {
				return at, true
			}
		}
	}
	return time.Time{}, false
}

// windows are the parts of a day that may be open, in order.
func (c Calendar) windows() []Window {
	if len(c.s.Working) == 0 {
		return []Window{{0, secondsOfDay}}
	}
	return c.s.Working
}

// clock is the first time, days after that of local, at which the wall clock
// shows so many seconds from midnight or more: an hour that a change of the
// clocks skips begins when it has skipped.
func (c Calendar) clock(local time.Time, days, seconds int) time.Time {
	at := time.Date(local.Year(), local.Month(), local.Day()+days, 0, 0, seconds, 0, c.zone)
	shown := at.Hour()*3600 + at.Minute()*60 + at.Second()
	if shown == seconds {
		// Where the clock shows it twice, the first time counts.
		if earlier := at.Add(-time.Hour); earlier.Day() == at.Day() && earlier.Hour() == at.Hour() {
			return earlier
		}
		return at
	}
	// In a gap Date answers with one side of it or the other.
	_, end := at.ZoneBounds()
	if shown < seconds && !end.IsZero() {
		return end
	}
	start, _ := at.ZoneBounds()
	return start
}

// CycleEnd returns when the cycle ends that t lies in.
func (c Calendar) CycleEnd(t time.Time) time.Time {
	local := t.In(c.zone)
	y, m, d := local.Date()
	switch {
	case c.s.Repeat == Week:
		return time.Date(y, m, d+8-weekday(local), 0, 0, 0, 0, c.zone)
	case c.s.Repeat == Month:
		return time.Date(y, m+1, 1, 0, 0, 0, 0, c.zone)
	case c.s.Repeat == Once && !c.s.End.IsZero():
		return c.s.End
	}
	return c.Midnight(t)
}

// Midnight returns the first moment of the day after that of t, when the
// attempts of a day are counted anew.
func (c Calendar) Midnight(t time.Time) time.Time {
	y, m, d := t.In(c.zone).Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, c.zone)
}

// Date names the day of t, as in 2026-05-01.
func (c Calendar) Date(t time.Time) string { return t.In(c.zone).Format(time.DateOnly) }
