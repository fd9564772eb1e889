package campaign

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Strategy says when a job group may call and how often it tries. The zero
// value may call at any time and tries as [DefaultAttemptsPerDay] and
// [DefaultInterval] say.
type Strategy struct {
	Name        string
	Description string
	Type        string // Kept as given; nothing depends on it.
	Customized  string // Kept as given: a JSON object as text.
	IsTemplate  bool   // Kept as given.

	Start, End time.Time // Nothing is dialled outside of [Start, End); zero: no bound.
	Working    []Window  // The hours of a day, in the instance's time zone; none: all day.
	Repeat     Repeat    // On which days.
	RepeatDays []int     // With Week 1 (Monday) to 7, with Month 1 to 31; none: all of them.
	FollowUp   FollowUp  // What becomes of a job that a cycle leaves unfinished.
	Routing    string    // LocalFirst: a calling number with the prefix of the called one first.

	MaxAttemptsPerDay  int           // Calls of one called number a day; at least 1.
	MinAttemptInterval time.Duration // From the end of a failed attempt to the next one.
}

// What stands where a strategy says nothing.
const (
	// DefaultAttemptsPerDay is few enough not to be a nuisance.
	DefaultAttemptsPerDay = 3
	// DefaultInterval gives somebody who is busy time to finish.
	DefaultInterval = 10 * time.Minute
)

// Repeat says on which days a group calls, and how long a cycle is.
type Repeat string

// The ways to repeat. A cycle is a day, a week from Monday, or a month; with
// Once it is all the time from Start to End, and where there is no End, a day.
const (
	Once  Repeat = "Once"
	Day   Repeat = "Day"
	Week  Repeat = "Week"
	Month Repeat = "Month"
)

// FollowUp says what becomes of a job that is unfinished when a cycle ends.
type FollowUp string

// Continue tries again in the next cycle; None, which stands where nothing is
// said, lets the job fail.
const (
	Continue FollowUp = "CONTINUE"
	None     FollowUp = "NONE"
)

// Window is a part of a day, in seconds from midnight on the wall clock: from
// Begin to before End.
type Window struct{ Begin, End int }

const secondsOfDay = 24 * 60 * 60

// StrategyError says what is wrong with a strategy, and what is allowed.
type StrategyError struct{ Key, Allowed string }

func (e *StrategyError) Error() string { return "strategy: " + e.Key + ": " + e.Allowed }

// strategyJSON is a strategy on the wire, as clients send it.
type strategyJSON struct {
	Name         string      `json:"name"`
	StrategyName string      `json:"strategyName"`
	Description  string      `json:"strategyDescription"`
	Type         string      `json:"type"`
	Customized   string      `json:"customized"`
	IsTemplate   bool        `json:"isTemplate"`
	StartTime    json.Number `json:"startTime"`
	EndTime      json.Number `json:"endTime"`
	WorkingTime  []struct {
		BeginTime string `json:"beginTime"`
		EndTime   string `json:"endTime"`
	} `json:"workingTime"`
	RepeatBy           string        `json:"repeatBy"`
	RepeatDays         []json.Number `json:"repeatDays"`
	FollowUpStrategy   string        `json:"followUpStrategy"`
	RoutingStrategy    string        `json:"routingStrategy"`
	MaxAttemptsPerDay  json.Number   `json:"maxAttemptsPerDay"`
	MinAttemptInterval json.Number   `json:"minAttemptInterval"`
}

// ParseStrategy reads a strategy as StrategyJson carries it; empty text is the
// default strategy. Keys it does not know are ignored. The error is a
// *[StrategyError].
func ParseStrategy(text string) (Strategy, error) {
	var in strategyJSON
	if text != "" {
		if err := json.Unmarshal([]byte(text), &in); err != nil {
			return Strategy{}, &StrategyError{"StrategyJson", "It must be a JSON object with keys such as maxAttemptsPerDay, startTime and workingTime."}
		}
	}
	s := Strategy{
		Name: in.Name, Description: in.Description, Type: in.Type, Customized: in.Customized,
		IsTemplate: in.IsTemplate, Routing: in.RoutingStrategy,
	}
	if s.Name == "" {
		s.Name = in.StrategyName
	}
	for _, read := range []func(*strategyJSON) error{s.readTimes, s.readWindows, s.readDays, s.readAttempts} {
		if err := read(&in); err != nil {
			return Strategy{}, err
		}
	}
	return s, nil
}

func (s *Strategy) readTimes(in *strategyJSON) error {
	for _, bound := range []struct {
		key  string
		text json.Number
		at   *time.Time
	}{{"startTime", in.StartTime, &s.Start}, {"endTime", in.EndTime, &s.End}} {
		ms, err := number(bound.key, bound.text, 0, 0, 253402300799999) // To the end of the year 9999.
		if err != nil {
			return err
		}
		if ms > 0 {
			*bound.at = time.UnixMilli(int64(ms)).UTC()
		}
	}
	if !s.End.IsZero() && !s.Start.Before(s.End) {
		return &StrategyError{"endTime", "It must be later than startTime."}
	}
	return nil
}

// maxWindows is more hours than anybody has needed.
const maxWindows = 24

func (s *Strategy) readWindows(in *strategyJSON) error {
	if len(in.WorkingTime) > maxWindows {
		return &StrategyError{"workingTime", fmt.Sprintf("It may have at most %d windows.", maxWindows)}
	}
	for _, w := range in.WorkingTime {
		begin, okBegin := clockTime(w.BeginTime)
		end, okEnd := clockTime(w.EndTime)
		if !okBegin || !okEnd || begin >= end {
			return &StrategyError{"workingTime", "A window goes from beginTime to a later endTime of the same day, both written HH:mm:ss."}
		}
		s.Working = append(s.Working, Window{begin, end})
	}
	slices.SortFunc(s.Working, func(a, b Window) int { return a.Begin - b.Begin })
	return nil
}

// clockTime reads HH:mm:ss or HH:mm as seconds from midnight, up to 24:00:00.
func clockTime(text string) (int, bool) {
	parts := strings.Split(text, ":")
	if len(parts) == 2 {
		parts = append(parts, "00")
	}
	if len(parts) != 3 {
		return 0, false
	}
	seconds := 0
	for i, most := range []int{24, 59, 59} {
		n, err := strconv.Atoi(parts[i])
		if err != nil || len(parts[i]) != 2 || n < 0 || n > most {
			return 0, false
		}
		seconds = seconds*60 + n
	}
	return seconds, seconds <= secondsOfDay
}

func (s *Strategy) readDays(in *strategyJSON) error {
	s.Repeat = Once
	for _, known := range []Repeat{Once, Day, Week, Month} {
		if strings.EqualFold(in.RepeatBy, string(known)) {
			s.Repeat = known
		}
	}
	if in.RepeatBy != "" && !strings.EqualFold(in.RepeatBy, string(s.Repeat)) {
		return &StrategyError{"repeatBy", "It must be Once, Day, Week or Month."}
	}
	most := map[Repeat]int{Week: 7, Month: 31}[s.Repeat]
	for _, text := range in.RepeatDays {
		day, err := number("repeatDays", text, 1, 1, max(31, most))
		if err != nil || most > 0 && day > most {
			return &StrategyError{"repeatDays", "With Week they are 1, Monday, to 7; with Month 1 to 31."}
		}
		if most > 0 {
			s.RepeatDays = append(s.RepeatDays, day)
		}
	}
	switch {
	case strings.EqualFold(in.FollowUpStrategy, string(Continue)):
		s.FollowUp = Continue
	case in.FollowUpStrategy == "", strings.EqualFold(in.FollowUpStrategy, string(None)):
		s.FollowUp = None
	default:
		return &StrategyError{"followUpStrategy", "It must be CONTINUE or NONE."}
	}
	return nil
}

func (s *Strategy) readAttempts(in *strategyJSON) error {
	var err error
	if s.MaxAttemptsPerDay, err = number("maxAttemptsPerDay", in.MaxAttemptsPerDay, DefaultAttemptsPerDay, 1, 100); err != nil {
		return err
	}
	minutes, err := number("minAttemptInterval", in.MinAttemptInterval, int(DefaultInterval/time.Minute), 0, 7*24*60)
	s.MinAttemptInterval = time.Duration(minutes) * time.Minute
	return err
}

// number reads a whole number; absent is the fallback.
func number(key string, text json.Number, fallback, low, high int) (int, error) {
	if text == "" {
		return fallback, nil
	}
	n, err := strconv.Atoi(text.String())
	if err != nil || n < low || n > high {
		return 0, &StrategyError{key, fmt.Sprintf("It must be a whole number from %d to %d.", low, high)}
	}
	return n, nil
}
