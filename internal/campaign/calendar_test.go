package campaign

import (
	"slices"
	"testing"
	"time"

	_ "github.com/talkgraph/talkgraph/internal/rapidseed"
	"pgregory.net/rapid"
)

// open is what Calendar.Open says, written down the slow and obvious way.
func open(s *Strategy, zone *time.Location, t time.Time) bool {
	if !s.Start.IsZero() && t.Before(s.Start) {
		return false
	}
	if !s.End.IsZero() && !t.Before(s.End) {
		return false
	}
	local := t.In(zone)
	names := map[string]int{"Mon": 1, "Tue": 2, "Wed": 3, "Thu": 4, "Fri": 5, "Sat": 6, "Sun": 7}
	if s.Repeat == Week && len(s.RepeatDays) > 0 && !slices.Contains(s.RepeatDays, names[local.Format("Mon")]) {
		return false
	}
	if s.Repeat == Month && len(s.RepeatDays) > 0 && !slices.Contains(s.RepeatDays, local.Day()) {
		return false
	}
	if len(s.Working) == 0 {
		return true
	}
	clock := local.Format("15:04:05")
	for _, w := range s.Working {
		text := func(seconds int) string {
			if seconds == secondsOfDay {
				return "24:00:00"
			}
			return time.Date(2000, 1, 1, 0, 0, seconds, 0, time.UTC).Format("15:04:05")
		}
		if text(w.Begin) <= clock && clock < text(w.End) {
			return true
		}
	}
	return false
}

// next is what Calendar.Next says, found by looking at each quarter of an hour.
func next(s *Strategy, zone *time.Location, t time.Time, days int) (time.Time, bool) {
	for at := t; at.Before(t.AddDate(0, 0, days)); at = at.Truncate(quarter).Add(quarter) {
		if open(s, zone, at) {
			return at, true
		}
	}
	return time.Time{}, false
}

const quarter = 15 * time.Minute

func drawStrategy(t *rapid.T, around time.Time) *Strategy {
	s := &Strategy{Repeat: rapid.SampledFrom([]Repeat{Once, Day, Week, Month}).Draw(t, "repeat")}
	most := map[Repeat]int{Once: 1, Day: 1, Week: 7, Month: 31}[s.Repeat]
	if most > 1 {
		s.RepeatDays = rapid.SliceOfNDistinct(rapid.IntRange(1, most), 0, 4, rapid.ID).Draw(t, "days")
	}
	for range rapid.IntRange(0, 3).Draw(t, "windows") {
		begin := rapid.IntRange(0, 95).Draw(t, "begin")
		end := rapid.IntRange(begin+1, 96).Draw(t, "end")
		s.Working = append(s.Working, Window{begin * 900, end * 900})
	}
	slices.SortFunc(s.Working, func(a, b Window) int { return a.Begin - b.Begin })
	if rapid.Bool().Draw(t, "bounded") {
		s.Start = around.Add(time.Duration(rapid.IntRange(-200, 200).Draw(t, "start")) * quarter)
		s.End = s.Start.Add(time.Duration(rapid.IntRange(1, 2000).Draw(t, "length")) * quarter)
	}
	return s
}

func TestCalendar(t *testing.T) {
	zones := []*time.Location{time.UTC}
	for _, name := range []string{"Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		zones = append(zones, zone)
	}
	rapid.Check(t, func(t *rapid.T) {
		zone := rapid.SampledFrom(zones).Draw(t, "zone")
		at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(0, 96*365).Draw(t, "at")) * quarter)
		s := drawStrategy(t, at)
		c := NewCalendar(s, zone)
		if got, want := c.Open(at), open(s, zone, at); got != want {
			t.Fatalf("Open(%v) = %v, want %v", at.In(zone), got, want)
		}
		from := at
		if from.Before(s.Start) {
			from = s.Start
		}
		got, ok := c.Next(at)
		want, wantOK := next(s, zone, from, horizon)
		if ok != wantOK || !got.Equal(want) {
			t.Fatalf("Next(%v) = %v %v, want %v %v", at.In(zone), got.In(zone), ok, want.In(zone), wantOK)
		}
	})
}

func TestCycleEnd(t *testing.T) {
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 5, 6, 23, 30, 0, 0, zone) // A Wednesday.
	end := time.Date(2026, 5, 9, 0, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		strategy Strategy
		want     string
	}{
		{Strategy{Repeat: Once, End: end}, "2026-05-09 08:00"},
		{Strategy{Repeat: Once}, "2026-05-07 00:00"},
		{Strategy{Repeat: Day, End: end}, "2026-05-07 00:00"},
		{Strategy{Repeat: Week}, "2026-05-11 00:00"},
		{Strategy{Repeat: Month}, "2026-06-01 00:00"},
	} {
		c := NewCalendar(&test.strategy, zone)
		if got := c.CycleEnd(at).In(zone).Format("2006-01-02 15:04"); got != test.want {
			t.Errorf("%s: %v, want %v", test.strategy.Repeat, got, test.want)
		}
		if got := c.Midnight(at); !got.Equal(time.Date(2026, 5, 7, 0, 0, 0, 0, zone)) || c.Date(at) != "2026-05-06" {
			t.Errorf("midnight %v, date %s", got, c.Date(at))
		}
	}
}
